"""Open what every command and flow works with: the settings, the plans and the database."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from plans.errors import ChitieuError, PlanFaultError, SettingsError
from plans.model import Plan
from plans.reading import DEFAULT_PLAN, fault_in_file, read_plan
from schemas.form_catalog import FormCatalog, make_catalog
from schemas.form_set import FormSet, read_form_set, shipped_codes, shipped_form_set
from schemas.target_checks import check_plan
from services.plan_choice import Wanted, choose_plan
from services.settings import Settings, present, read_settings
from warehouse.database import connect
from warehouse.dimensions.plan_documents import PlanState, definition_digest, plan_state
from warehouse.embedded.idle import watch_idle
from warehouse.embedded.server import embedded_url
from warehouse.form_catalog import catalog_of, recorded_form_sets, with_catalog
from warehouse.load.submissions import plan_of_submission
from warehouse.migrations.release import reject_newer
from warehouse.migrations.upgrade import has_warehouse, migrate, schema_is_current
from warehouse.privacy.access import Access, AccessError, access_of, loaded_plans
from warehouse.privacy.roles import create_roles

NO_SETS: Mapping[str, FormSet] = MappingProxyType({})
_LOGGER = logging.getLogger("chitieu")

# write: loads reports or computes figures; read: everything else.
Purpose = Literal["read", "write"]
_APPLY_HINT = "Run chitieu plan diff, then chitieu plan apply."
_FORMS_HINT = "Run chitieu init to apply it with the present forms."
_INIT_HINT = "Run chitieu init."


class PlanDriftError(ChitieuError):
    """The plan file, or the forms, differ from what was applied, or the plan was never applied."""


class NotPreparedError(ChitieuError):
    """The database has no warehouse, or one of another release that the command may not migrate."""


@dataclass(frozen=True)
class AppContext:
    """Settings, plan with its file, present moment and database of one command or flow run."""

    settings: Settings
    plan: Plan
    now: datetime
    engine: Engine
    plan_file: Path = DEFAULT_PLAN
    access: Access = Access.FULL

    @property
    def zone(self) -> ZoneInfo:
        """The timezone of the plan's province."""
        return ZoneInfo(self.plan.calendar.timezone)

    @property
    def forms(self) -> FormSet:
        """The form set of the plan."""
        return catalog_of(self.engine).of(self.plan)


def read_plans(settings: Settings) -> dict[Path, Plan]:
    """Read the plans of the settings and check their targets against their forms.

    Raises PlanError, FormSetError, and SettingsError where two files have the same plan code.
    """
    plans: dict[Path, Plan] = {}
    files: dict[str, Path] = {}
    for file in dict.fromkeys(settings.plans):
        plan = read_plan(file)
        try:
            check_plan(plan, _form_set(file, plan).by_key)
        except ValueError as error:
            raise fault_in_file(file, error) from error
        if plan.code in files:
            raise SettingsError(
                f"CHITIEU_PLAN names two files of the plan {plan.code}: {files[plan.code]} and {file}."
            )
        plans[file], files[plan.code] = plan, file
    return plans


def read_forms(plans: Mapping[Path, Plan], recorded: Mapping[str, FormSet] = NO_SETS) -> FormCatalog:
    """Return the form sets of plans that were read, with those that a warehouse has recorded of others.

    Raises FormSetError where two sets cannot be kept apart.
    """
    return make_catalog({plan.code: _form_set(file, plan) for file, plan in plans.items()}, recorded)


def _form_set(file: Path, plan: Plan) -> FormSet:
    """Return the form set that a plan file names: a shipped one, or a folder relative to the file."""
    name, version = plan.form_set, plan.form_set_version
    folder = file.parent / name
    if name in shipped_codes():
        form_set = shipped_form_set(name)
    elif folder.is_dir():
        form_set = read_form_set(folder)
    else:
        shipped = ", ".join(shipped_codes())
        fault = f"there is neither a shipped form set {name} ({shipped}) nor a folder {folder}"
        raise fault_in_file(file, PlanFaultError(fault, "form_set"))
    if version is not None and version != form_set.version:
        fault = f"the form set {name} has the version {form_set.version}, not {version}"
        raise fault_in_file(file, PlanFaultError(fault, "form_set_version"))
    return form_set


def with_forms_of(engine: Engine, plans: Mapping[Path, Plan]) -> Engine:
    """Return an engine that works with the form sets of plans, and with those recorded of other plans.

    Raises FormSetError, DatabaseError.
    """
    catalog = read_forms(plans)
    known = frozenset(form_set.code for form_set in catalog.sets)
    recorded = recorded_form_sets(engine, known)
    return with_catalog(engine, read_forms(plans, recorded) if recorded else catalog)


def read_wanted_plan(settings: Settings, wanted: Wanted) -> Plan:
    """Return the plan of the settings that is wanted. Raises UsageError, and what `read_plans` raises."""
    return choose_plan(list(read_plans(settings).values()), wanted)


def database_url(settings: Settings) -> str:
    """Return the URL of the database in use; starts the embedded server if necessary."""
    if settings.database_url:
        return settings.database_url
    url = embedded_url(settings.home)
    watch_idle(settings.home, settings.embedded_idle)
    return url


@lru_cache(maxsize=1)
def _engine(url: str, now: datetime | None) -> Engine:
    # Cached: a process may run several flows in a row, such as a publication after an ingest.
    return connect(url, now)


def open_declared(settings: Settings | None = None) -> list[AppContext]:
    """Read settings and plan files and connect to the database, without looking into it.

    Returns a context for each plan. Raises SettingsError, PlanError, DatabaseError, EmbeddedServerError.
    """
    settings = settings or read_settings()
    plans = read_plans(settings)
    moments = {file: present(settings, plan.calendar.timezone) for file, plan in plans.items()}
    fixed = next(iter(moments.values())) if settings.now else None
    engine = with_forms_of(_engine(database_url(settings), fixed), plans)
    return [AppContext(settings, plan, moments[file], engine, file) for file, plan in plans.items()]


def open_context(
    settings: Settings | None = None, purpose: Purpose = "write", wanted: Wanted | None = None
) -> AppContext:
    """Open the database and return the context of one plan; no plan is applied, and reading writes nothing.

    Writing upgrades the schema of an older release. Where the plan file differs from the applied plan,
    reading works with the applied one and logs a warning. Raises PlanDriftError and AccessError for writing
    then, PlanDriftError for a plan that was never applied, NotPreparedError without a warehouse of this
    release, UsageError where several plans fit, and SettingsError, PlanError, DatabaseError,
    EmbeddedServerError.
    """
    contexts = _prepared(open_declared(settings), purpose)
    plan = choose_plan([context.plan for context in contexts], wanted or Wanted())
    context = next(context for context in contexts if context.plan is plan)
    return _opened(context, purpose)


def open_contexts(settings: Settings | None = None, purpose: Purpose = "write") -> list[AppContext]:
    """Open the database as `open_context` does, and return the context of each active plan.

    Plans that were never applied are left out with a warning, and for writing also those whose files differ
    from the applied ones. Raises PlanDriftError where none is left.
    """
    contexts = _prepared(open_declared(settings), purpose)
    opened: list[AppContext] = []
    left_out: list[PlanDriftError] = []
    for context in contexts:
        try:
            opened.append(_opened(context, purpose))
        except PlanDriftError as error:
            left_out.append(error)
    if not opened:
        raise left_out[0]
    for problem in left_out:
        _LOGGER.warning("%s The plan is left out. %s", problem, problem.hint)
    return opened


def open_selected(plan_code: str | None, purpose: Purpose) -> list[AppContext]:
    """Return the context of the plan with a code, or without one of each active plan; as `open_contexts`."""
    if plan_code is not None:
        return [open_context(purpose=purpose, wanted=Wanted(plan_code))]
    return open_contexts(purpose=purpose)


def open_any(
    settings: Settings | None = None, purpose: Purpose = "read", area: str | None = None
) -> AppContext:
    """Return the context of the first active plan, or of the first that has an area; as `open_contexts`.

    For what is not about a plan.
    """
    contexts = open_contexts(settings, purpose)
    return next((context for context in contexts if area in context.plan.areas_by_code), contexts[0])


def open_context_of(submission_id: int, purpose: Purpose = "write") -> AppContext:
    """Return the context of the plan that a submission belongs to.

    Of the first active plan where it belongs to none of them. Raises as `open_context` does.
    """
    contexts = _prepared(open_declared(), purpose)
    code = None
    if len(contexts) > 1:
        with contexts[0].engine.connect() as connection:
            code = plan_of_submission(connection, submission_id)
    chosen = next((context for context in contexts if context.plan.code == code), contexts[0])
    return _opened(chosen, purpose)


def _prepared(contexts: list[AppContext], purpose: Purpose) -> list[AppContext]:
    """Return the contexts with the account's rights; writing upgrades the schema of an older release.

    Changed forms of a plan are not applied by the way: reading works with the applied ones. Raises
    NotPreparedError, NewerDatabaseError.
    """
    engine = contexts[0].engine
    with engine.connect() as connection:
        access = access_of(connection)
    if access is Access.FULL and not schema_is_current(engine):
        if not has_warehouse(engine):
            raise NotPreparedError("The database has no warehouse.", _INIT_HINT)
        reject_newer(engine)
        applied = _with_applied_forms(engine)
        if applied is None and purpose == "read":
            raise NotPreparedError("The database is of another release.", _INIT_HINT)
        if applied is None:
            upgrade_schema(engine)
        elif purpose == "read":
            _LOGGER.warning(
                "The forms changed since they were applied. The applied ones are used. %s",
                _INIT_HINT,
            )
            engine = applied
    return [replace(context, access=access, engine=engine) for context in contexts]


def _with_applied_forms(engine: Engine) -> Engine | None:
    """Return an engine with the form sets as they were applied, where the schema differs by these alone."""
    declared = catalog_of(engine)
    recorded = recorded_form_sets(engine, frozenset())
    if not {form_set.code for form_set in declared.sets} <= {one.code for one in recorded.values()}:
        return None
    applied = with_catalog(engine, make_catalog({}, recorded))
    return applied if schema_is_current(applied) else None


def _opened(context: AppContext, purpose: Purpose) -> AppContext:
    """Return the context with the applied plan. Raises PlanDriftError, AccessError."""
    if context.access is not Access.FULL:
        return _open_to_read(context, purpose)
    with context.engine.connect() as connection:
        state = plan_state(connection, context.plan)
    if state.drift == "none":
        return context
    sentence, hint = explain_drift(context, state)
    if purpose == "write" or state.applied is None:
        raise PlanDriftError(sentence, hint)
    _LOGGER.warning("%s The applied plan is used. %s", sentence, hint)
    return replace(context, plan=state.applied)


def _open_to_read(context: AppContext, purpose: Purpose) -> AppContext:
    """Open the database for an account that may read only: nothing is migrated or applied."""
    account = context.engine.url.username
    if purpose == "write":
        raise AccessError(
            f"The account {account} may read only, and this command writes.",
            "Use an account with the role chitieu_writer.",
        )
    code = context.plan.code
    with context.engine.connect() as connection:
        loaded = loaded_plans(connection)
        if code not in loaded:
            raise AccessError(
                f"The warehouse has no plan {code}; it has {', '.join(loaded) or 'none'}.",
                "CHITIEU_PLAN names the plan file.",
            )
        if context.access is Access.AUDITOR:
            context = replace(context, plan=plan_state(connection, context.plan).applied or context.plan)
    if loaded[code] != definition_digest(context.plan, context.forms):
        _LOGGER.warning("The plan file differs from the applied plan %s.", code)
    return context


def explain_drift(context: AppContext, state: PlanState) -> tuple[str, str]:
    """Return a sentence about a plan that differs from the applied one, and what to do about it."""
    code = context.plan.code
    if state.drift == "never_applied":
        return f"The plan {code} was never applied.", _INIT_HINT
    if state.drift == "forms":
        return f"The forms changed since the plan {code} was applied.", _FORMS_HINT
    return f"The plan file {context.plan_file} differs from the applied plan {code}.", _APPLY_HINT


def upgrade_schema(engine: Engine) -> None:
    """Migrate the schema and create the roles where the schema is not of this release."""
    if not schema_is_current(engine):
        migrate(engine)
        create_roles(engine)
