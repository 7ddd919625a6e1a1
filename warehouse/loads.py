"""Loads: a row of audit.load for each batch; submissions, facts and revision causes refer to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from sqlalchemy import Connection, select, text

from plans.model import Plan
from warehouse.form_catalog import form_set_of
from warehouse.integrity.events import append_event
from warehouse.integrity.load_records import load_record
from warehouse.models.tables import LOAD
from warehouse.sql_templates import read_sql

LoadKind = Literal["ingest", "backfill", "materialize", "plan", "withdraw"]


@dataclass(frozen=True, slots=True)
class Load:
    """A batch that is being loaded: its id, its kind, and the moment that its rows carry."""

    load_id: int
    kind: LoadKind
    started_at: datetime


@contextmanager
def recorded_load(connection: Connection, plan: Plan, kind: LoadKind, now: datetime) -> Iterator[Load]:
    """Give a batch its load id, and record the load when the batch is done.

    The row is written last, so that audit.load is append-only; references to it are checked at the commit. An
    event of the audit chain records it. A batch that fails leaves nothing but a gap in the numbers.
    """
    load_id = connection.scalar(text("SELECT nextval('audit.load_load_id_seq')"))
    load = Load(int(load_id or 0), kind, now)
    yield load
    connection.execute(
        text(read_sql("load/record_load")),
        {
            "load_id": load.load_id,
            "kind": kind,
            "now": now,
            "plan": plan.code,
            "software": software_version(),
            "plan_sha256": plan_digest(plan),
            "forms_sha256": form_set_of(connection, plan).digest,
        },
    )
    append_event(connection, "load", str(load.load_id), load_record(connection, load.load_id), now)


def last_load(connection: Connection, plan: Plan, kind: LoadKind) -> datetime | None:
    """When the last load of a kind was started under the plan; None where there is none."""
    columns = LOAD.columns
    query = select(columns.started_at).where(columns.plan_code == plan.code, columns.kind == kind)
    query = query.order_by(columns.load_id.desc()).limit(1)  # not the latest moment: clocks may be set back
    moment: datetime | None = connection.scalar(query)
    return moment


def plan_digest(plan: Plan) -> str:
    """The SHA-256 of a plan as it was read; the same as in audit.plan_document."""
    return sha256(plan.model_dump_json().encode()).hexdigest()


@cache
def software_version() -> str:
    """The version of this software; "unknown" where it runs from a folder that is not installed."""
    try:
        return version("chitieu")
    except PackageNotFoundError:
        return "unknown"
