"""Check the audit chain, the warehouse and the archive; compute a period again from the archive."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.engine import make_url

from drives import archive
from plans.errors import ChitieuError, UsageError
from plans.model import Plan
from plans.plan_years import all_periods
from plans.reporting_calendar import period_from_code
from plans.target_expressions import all_terms
from services import backfill
from services.archive_checks import verify_archive
from services.context import AppContext, explain_drift, open_declared
from services.published_heads import verify_heads
from services.settings import Settings, read_settings
from warehouse.database import connect
from warehouse.dimensions.plan_documents import plan_state, plan_when_closed
from warehouse.dimensions.seeds import load_reference
from warehouse.embedded.server import has_cluster
from warehouse.form_catalog import catalog_of, with_catalog
from warehouse.history.snapshots import Closing, closings
from warehouse.indicators.computed_figures import figures_by_key
from warehouse.indicators.evaluation import RefreshScope
from warehouse.indicators.materialize import materialize
from warehouse.integrity.verification import chain_head
from warehouse.load.submissions import files_of_periods
from warehouse.load.withdrawals import withdrawn_sheets
from warehouse.migrations.release import reject_newer
from warehouse.migrations.upgrade import migrate, schema_is_current
from warehouse.models.audit_tables import EVENT
from warehouse.queries import set_waiver
from warehouse.sql_templates import read_sql
from warehouse.verification.database import verify_database

__all__ = ["AuditError", "chain_head", "open_unchanged", "replay", "verify"]

_LOGGER = logging.getLogger("chitieu")


class AuditError(ChitieuError):
    """Something differs from its record; the message names the first difference."""


def open_unchanged(settings: Settings | None = None) -> AppContext:
    """Open the database as it is, with the applied plan: nothing is created, migrated or applied.

    Raises AuditError where there is no audit chain, or one of another release.
    """
    settings = settings or read_settings()
    if settings.database_url is None and not has_cluster(settings.home):
        raise _without_chain(settings, f"There is no database in {settings.home}")
    context = open_declared(settings)[0]
    with context.engine.connect() as connection:
        if connection.scalar(select(func.to_regclass(EVENT.fullname))) is None:
            raise _without_chain(settings, "The database has no audit chain")
        if not schema_is_current(context.engine):
            reject_newer(context.engine)
            raise AuditError("The database is of another release.", "Run chitieu init, which migrates it.")
        state = plan_state(connection, context.plan)
    if state.drift == "plan":
        _LOGGER.warning("%s The applied plan is used. %s", *explain_drift(context, state))
    return replace(context, plan=state.applied or context.plan)


def _without_chain(settings: Settings, problem: str) -> AuditError:
    """Return the alarm for a database without a chain, with what shows that there was one."""
    kept, hash_only = archive.stored_hashes(settings.archive)
    if kept or hash_only:
        problem += f", but the archive has {len(kept | hash_only)} contents: it is not the archive's database"
    heads = list(verify_heads(None, settings))
    return AuditError(" ".join([f"{problem}.", *heads[:1]]), "chitieu init creates a database.")


def verify(context: AppContext, head: str | None = None) -> list[str]:
    """Return what is wrong with the chain, what it recorded, the figures and the archive, the chain first.

    `head` is one that was published; those noted outside the database are compared as well.
    """
    # One state of the database, whatever is loaded meanwhile; then what is outside, as it is by then.
    one_state = context.engine.execution_options(isolation_level="REPEATABLE READ")
    with one_state.connect() as connection:
        wrong = [*verify_database(connection, head)]
    with context.engine.connect() as connection:
        wrong += verify_heads(connection, context.settings)
        wrong += verify_archive(connection, context.settings.archive)
    return wrong


def clean_archive(context: AppContext) -> int:
    """Remove the unfinished files that killed runs left in the archive; returns how many."""
    return archive.clean(context.settings.archive)


def replay(context: AppContext, period_code: str, edition: int | None = None) -> list[str]:
    """Compute a period from the archive alone, in a temporary database; returns each figure that differs.

    Compares with the snapshot of an edition, without one with the latest, or with the current figures where
    the period is open. Uses the plan as it was at that closing. Raises UsageError without such an edition.
    """
    period = period_from_code(period_code, context.plan.calendar)
    closing = _closing(context, period_code, edition)
    recorded = _recorded_figures(context, period_code, closing)
    codes = [p.code for p in all_periods(context.plan) if p.window_end <= period.window_end]
    with context.engine.connect() as connection:
        last, event = (closing.last_submission, closing.event_id) if closing else (None, None)
        plan = plan_when_closed(connection, context.plan, event) if event else context.plan
        earlier = _plans_of_year_before(connection, plan, event)
        purged = connection.execute(
            text(read_sql("verification/purged_since_closing")),
            {"plan": context.plan.code, "periods": codes, "event": event, "last": last},
        ).scalars()
        if numbers := ", ".join(map(str, purged)):
            return [f"{period_code} cannot be derived again: the content of submission {numbers} was purged."]
    with _temporary_database(context.engine) as engine:
        migrate(engine)
        scratch = replace(context, engine=engine, now=closing.closed_at if closing else context.now)
        for other in earlier:
            every = [p.code for p in all_periods(other)]
            _load_again(context.engine, replace(scratch, plan=other), closing, every)
        _load_again(context.engine, replace(scratch, plan=plan), closing, codes)
        with engine.begin() as connection:
            materialize(connection, plan, scratch.now, RefreshScope(periods=(period_code,)))
            derived = figures_by_key(connection, plan)
    return [
        f"{key[0]} {key[1]} {key[2]}: {_difference(derived.get(key, {}), figures)}"
        for key, figures in sorted(recorded.items())
        if derived.get(key) != figures
    ]


def _plans_of_year_before(connection: Connection, plan: Plan, event: int | None) -> list[Plan]:
    """Return the plans whose reports the targets compare with, as they were at an event."""
    terms = (term for target in plan.targets for term in all_terms(target, plan.targets_by_code))
    if all(term.year == "current" for term in terms):
        return []
    query = text(read_sql("verification/plans_of_year_before"))
    documents = connection.execute(query, {"plan": plan.code}).scalars()
    plans = [Plan.model_validate(document) for document in documents]
    return [plan_when_closed(connection, other, event) for other in plans] if event else plans


def _load_again(source: Engine, scratch: AppContext, closing: Closing | None, codes: list[str]) -> None:
    """Load the reports of some periods of the context's plan, as the source had them at a closing."""
    plan = scratch.plan
    last, event = (closing.last_submission, closing.event_id) if closing else (None, None)
    with source.connect() as connection, scratch.engine.begin() as temporary:
        files = files_of_periods(connection, plan.code, codes, last)
        withdrawn = withdrawn_sheets(connection, plan.code, event)
        load_reference(temporary, plan)
        _copy_waivers(connection, temporary, plan, event)
    backfill.load_files(scratch, files, codes, withdrawn)


def _difference(derived: dict[str, Any], recorded: dict[str, Any]) -> str:
    names = [name for name, value in recorded.items() if derived.get(name) != value]
    return ", ".join(
        f"{name} is {recorded[name]} but the archive gives {derived.get(name)}" for name in names
    )


def _closing(context: AppContext, period_code: str, edition: int | None) -> Closing | None:
    """Return the closing of an edition; without one the latest, None where the period is open."""
    with context.engine.connect() as connection:
        known = closings(connection, context.plan, period_code)
    if edition is None:
        return known[-1] if known and not known[-1].is_reopened else None
    for closing in known:
        if closing.edition == edition:
            return closing
    raise UsageError(f"{period_code} has no edition {edition}: it was closed {len(known)} times.")


def _recorded_figures(
    context: AppContext, period_code: str, closing: Closing | None
) -> dict[tuple[str, str, str], dict[str, Any]]:
    with context.engine.connect() as connection:
        figures = figures_by_key(connection, context.plan, closing.edition if closing else None)
    return {key: value for key, value in figures.items() if key[2] == period_code}


@contextmanager
def _temporary_database(engine: Engine) -> Iterator[Engine]:
    """Yield an engine on an empty database of the same server, which is dropped afterwards."""
    name = f"chitieu_replay_{token_hex(6)}"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
        url = make_url(engine.url).set(database=name).render_as_string(hide_password=False)
        temporary = with_catalog(connect(url), catalog_of(engine))
        try:
            yield temporary
        finally:
            temporary.dispose()
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def _copy_waivers(source: Connection, connection: Connection, plan: Plan, event: int | None) -> None:
    """Copy the waivers before an event, or those of now: they are decisions, in no archived file."""
    waivers = source.execute(text(read_sql("history/waivers")), {"plan": plan.code, "event": event}).all()
    for subject, waived_at, reason in waivers:
        body, form, period = subject.split()
        set_waiver(connection, plan, (body, form, period), waived_at, reason)
