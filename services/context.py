"""Open what every command and flow works with: the settings, the plan and the database."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from plans.errors import ChitieuError
from plans.model import Plan
from plans.reading import fault_in_file, read_plan
from schemas.forms import BY_KEY
from schemas.target_checks import check_plan
from services.settings import Settings, present, read_settings
from warehouse.database import connect
from warehouse.dimensions.plan_documents import PlanState, plan_state
from warehouse.dimensions.plan_sync import apply_plan
from warehouse.embedded.server import embedded_url
from warehouse.migrations.upgrade import migrate, schema_is_current
from warehouse.privacy.roles import create_roles

_LOGGER = logging.getLogger("chitieu")

# write: loads reports or computes figures; read: everything else.
Purpose = Literal["read", "write"]
_APPLY_HINT = "Run chitieu plan diff, then chitieu plan apply."
_FORMS_HINT = "Run chitieu init to apply it with the present forms."


class PlanDriftError(ChitieuError):
    """The plan file, or the forms of the software, differ from what was applied."""


@dataclass(frozen=True)
class AppContext:
    """Settings, plan, present moment and database of one command or flow run."""

    settings: Settings
    plan: Plan
    now: datetime
    engine: Engine

    @property
    def zone(self) -> ZoneInfo:
        """The timezone of the plan's province."""
        return ZoneInfo(self.plan.calendar.timezone)


def read_checked_plan(settings: Settings) -> Plan:
    """Read the plan of the settings and check its targets against the forms. Raises PlanError."""
    plan = read_plan(settings.plan_file)
    try:
        check_plan(plan, BY_KEY)
    except ValueError as error:
        raise fault_in_file(settings.plan_file, error) from error
    return plan


def database_url(settings: Settings) -> str:
    """Return the URL of the database in use; starts the embedded server if necessary."""
    return settings.database_url or embedded_url(settings.home)


@lru_cache(maxsize=1)
def _engine(url: str, now: datetime | None) -> Engine:
    # Cached: a process may run several flows in a row, such as a publication after an ingest.
    return connect(url, now)


def open_declared(settings: Settings | None = None) -> AppContext:
    """Read settings and plan file and connect to the database, without looking into it.

    Raises SettingsError, PlanError, DatabaseError, EmbeddedServerError.
    """
    settings = settings or read_settings()
    plan = read_checked_plan(settings)
    now = present(settings, plan.calendar.timezone)
    engine = _engine(database_url(settings), now if settings.now else None)
    return AppContext(settings, plan, now, engine)


def open_context(settings: Settings | None = None, purpose: Purpose = "write") -> AppContext:
    """Read settings and plan, open the database, and upgrade its schema if it is out of date.

    A plan that was never applied is applied. Where the plan file differs from the applied plan, reading
    works with the applied one and logs a warning. Raises PlanDriftError for writing then, and SettingsError,
    PlanError, DatabaseError, EmbeddedServerError.
    """
    context = open_declared(settings)
    upgrade_schema(context.engine)
    with context.engine.begin() as connection:
        state = plan_state(connection, context.plan)
        if state.applied is None:
            apply_plan(connection, context.plan, context.now)
    if state.drift in ("none", "never_applied"):
        return context
    sentence, hint = explain_drift(context, state)
    if purpose == "write":
        raise PlanDriftError(sentence, hint)
    _LOGGER.warning("%s The applied plan is used. %s", sentence, hint)
    return replace(context, plan=state.applied or context.plan)


def explain_drift(context: AppContext, state: PlanState) -> tuple[str, str]:
    """Return a sentence about a plan that differs from the applied one, and what to do about it."""
    code = context.plan.code
    if state.drift == "forms":
        return f"The forms of the software changed since the plan {code} was applied.", _FORMS_HINT
    return f"The plan file {context.settings.plan_file} differs from the applied plan {code}.", _APPLY_HINT


def prepare_database(context: AppContext) -> tuple[Plan, list[str]]:
    """Migrate the schema, apply the plan unless its file changed, and create the roles; safe to repeat.

    Returns the plan in force, and a warning for a changed plan file and for each role not created.
    """
    warnings: list[str] = []
    plan = context.plan
    migrate(context.engine)
    with context.engine.begin() as connection:
        state = plan_state(connection, plan)
        if state.drift == "plan":
            plan = state.applied or plan
            warnings.append(" ".join(explain_drift(context, state)))
        else:
            apply_plan(connection, plan, context.now)
    return plan, warnings + create_roles(context.engine)


def upgrade_schema(engine: Engine) -> None:
    """Migrate the schema and create the roles where the schema is not of this release."""
    if not schema_is_current(engine):
        migrate(engine)
        create_roles(engine)
