"""Examine the database: server, schema, roles, plan, clocks. Nothing is started, created or migrated."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from plans.model import Plan
from schemas.form_set import FormSetError
from services.context import with_forms_of
from services.doctor.report import Line
from services.settings import Settings
from warehouse.database import DatabaseError, connect
from warehouse.dimensions.plan_documents import plan_state
from warehouse.embedded.server import running_url
from warehouse.migrations.release import NewerDatabaseError, reject_newer
from warehouse.migrations.upgrade import schema_is_current
from warehouse.server_state import CLOCKS_WRONG, ServerState, read_server_state

_CLOCKS_DIFFER = timedelta(seconds=10)


def database_lines(settings: Settings, plans: Mapping[Path, Plan]) -> list[Line]:
    """Return the lines about the database in use; one line if it cannot be reached or was not started."""
    url = settings.database_url or running_url(settings.home)
    if url is None:
        message = f"The embedded PostgreSQL of {settings.home} does not run"
        return [Line("database", "ok", message + "; the next command starts it")]
    try:
        engine = with_forms_of(connect(url), plans)
    except (DatabaseError, FormSetError) as error:
        remedy = "Check that the server runs, CHITIEU_DATABASE_URL, and pg_hba.conf."
        return [Line("database", "fault", str(error), remedy)]
    try:
        return _lines(engine, settings, list(plans.values()))
    except (DatabaseError, SQLAlchemyError) as error:
        reason = str(error).strip().splitlines()[0].rstrip(".")
        remedy = "Connect with the account that owns the warehouse."
        return [Line("database", "fault", f"The database cannot be examined: {reason}", remedy)]
    finally:
        engine.dispose()


def _lines(engine: Engine, settings: Settings, plans: Sequence[Plan]) -> list[Line]:
    state = read_server_state(engine)
    address = engine.url.render_as_string(hide_password=True)
    lines = [
        Line("database", "ok", f"{address} is PostgreSQL {state.version}"),
        _roles(state),
        *_protection(state),
        *clock_lines(state, datetime.now(UTC), settings.now is not None),
    ]
    try:
        reject_newer(engine)
    except NewerDatabaseError as error:
        return [*lines, Line("database", "fault", str(error), error.hint)]
    if not schema_is_current(engine):
        message = "The schema is missing or older than this release"
        return [*lines, Line("database", "warning", message, "Run chitieu init.")]
    lines.append(Line("database", "ok", "The schema is that of this release"))
    return lines + [_plan(engine, plan) for plan in plans]


def _roles(state: ServerState) -> Line:
    if not state.missing_roles:
        return Line("database", "ok", "The roles are there")
    statements = " ".join(f"CREATE ROLE {role} NOLOGIN;" for role in state.missing_roles)
    return Line(
        "database",
        "warning",
        f"Roles are missing: {', '.join(state.missing_roles)}",
        f"As an administrator of the server run: {statements} Then run chitieu init.",
    )


def _protection(state: ServerState) -> list[Line]:
    """What a reader could do to the server."""
    return [
        Line("database", "warning", what, f"As an administrator of the server run: {statement}")
        for what, statement in state.missing_protection.items()
    ]


def _plan(engine: Engine, plan: Plan) -> Line:
    with engine.connect() as connection:
        drift = plan_state(connection, plan).drift
    if drift == "none":
        return Line("plan", "ok", f"The plan {plan.code} is applied as the plan file has it")
    if drift == "never_applied":
        return Line("plan", "warning", f"The plan {plan.code} was never applied", "Run chitieu init.")
    message = f"The plan file of {plan.code} or its forms differ from what is applied"
    remedy = "Run chitieu init." if drift == "forms" else "Run chitieu plan diff, then chitieu plan apply."
    return Line("plan", "warning", message, remedy)


def clock_lines(state: ServerState, now: datetime, is_replaced: bool) -> list[Line]:
    """Return how this machine's clock compares with the server's and with the last load.

    Where CHITIEU_NOW replaced the clock the last load is not compared: its moment is not the clock's.
    """
    lines = [_clocks(abs(now - state.clock), now)]
    if state.last_load is None:
        return [*lines, Line("clock", "ok", "Nothing was loaded yet")]
    message = f"The last load was at {state.last_load.astimezone(UTC).isoformat(timespec='seconds')}"
    if not is_replaced and state.last_load > now + CLOCKS_WRONG:
        remedy = "Set the clock, then run chitieu doctor again; do not ingest before."
        return [*lines, Line("clock", "fault", f"{message}, later than this machine's clock", remedy)]
    return [*lines, Line("clock", "ok", message)]


def _clocks(difference: timedelta, now: datetime) -> Line:
    seconds = round(difference.total_seconds())
    if difference < _CLOCKS_DIFFER:
        return Line("clock", "ok", f"This machine's clock agrees with the server's: {now:%Y-%m-%dT%H:%M:%SZ}")
    return Line(
        "clock",
        "fault" if difference > CLOCKS_WRONG else "warning",
        f"This machine's clock and that of the database server differ by {seconds} s",
        "Synchronise both with a time server (systemctl status systemd-timesyncd).",
    )
