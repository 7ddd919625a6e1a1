"""Check everything that an auditor relies on: chain, warehouse and archive; and derive a period again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url

from drives import archive
from plans.reporting_calendar import ad_hoc_periods, period_from_code, scheduled_periods, year_window
from services import backfill
from services.context import AppContext
from warehouse.database import connect
from warehouse.dimensions.plan_documents import plan_when_closed
from warehouse.dimensions.seeds import load_reference
from warehouse.history.snapshots import closed, last_submission_before_close
from warehouse.indicators.materialize import RefreshScope, figures_by_key, materialize
from warehouse.integrity.verification import (
    chain_head,
    verify_chain,
    verify_facts,
    verify_plans,
    verify_snapshots,
)
from warehouse.load.submissions import files_of_periods
from warehouse.migrations.upgrade import migrate

__all__ = ["AuditError", "chain_head", "replay", "verify"]


class AuditError(RuntimeError):
    """Something is not as it was recorded; the message is the first thing that is wrong."""


def verify(work: AppContext, head: str | None = None) -> list[str]:
    """What is wrong with the chain, the facts, the snapshots and the archive, the chain first."""
    with work.engine.connect() as connection:
        wrong = [
            *(*verify_chain(connection, head), *verify_facts(connection)),
            *(*verify_snapshots(connection), *verify_plans(connection)),
        ]
    return wrong + _verify_archive(work)


def _verify_archive(work: AppContext) -> list[str]:
    """Every accepted submission's content is there and has its hash."""
    with work.engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT sha256, min(submission_id) FROM audit.submission"
                " WHERE revision IS NOT NULL AND sha256 IS NOT NULL GROUP BY 1 ORDER BY 2"
            )
        ).all()
    wrong: list[str] = []
    for sha256, number in rows:
        try:
            archive.load(work.settings.archive, sha256)
        except archive.ArchiveError as error:
            wrong.append(f"Submission {number}: {error}")
    return wrong


def replay(work: AppContext, period_code: str) -> list[str]:
    """Derive a period from the archive alone, in a database of its own, and name each figure that differs.

    Compared with what was frozen, and with what is known now where the period is still open. By the plan as
    it was when the period was closed.
    """
    period = period_from_code(period_code, work.plan.calendar)
    kept, closed_at = _kept_figures(work, period_code)
    start, _ = year_window(work.plan.year, work.plan.calendar)
    year = work.plan.year
    known = (*scheduled_periods(year, work.plan.calendar), *ad_hoc_periods(year, work.plan.calendar))
    codes = [p.code for p in known if p.window_start >= start and p.window_end <= period.window_end]
    with work.engine.connect() as connection:
        last = last_submission_before_close(connection, work.plan, period_code)
        files = files_of_periods(connection, work.plan.code, codes, last)
        plan = plan_when_closed(connection, work.plan, period_code)
    with _scratch(work.engine) as engine:
        migrate(engine)
        elsewhere = replace(work, plan=plan, engine=engine, now=closed_at or work.now)
        with engine.begin() as connection:
            load_reference(connection, plan)
            _copy_waivers(work.engine, connection)
        backfill.load_files(elsewhere, files, codes)
        with engine.begin() as connection:
            materialize(connection, plan, elsewhere.now, RefreshScope(periods=(period_code,)))
            derived = figures_by_key(connection, plan)
    return [
        f"{key[0]} {key[1]} {key[2]}: {_difference(derived.get(key, {}), figures)}"
        for key, figures in sorted(kept.items())
        if derived.get(key) != figures
    ]


def _difference(derived: dict[str, Any], kept: dict[str, Any]) -> str:
    names = [name for name, value in kept.items() if derived.get(name) != value]
    return ", ".join(f"{name} is {kept[name]} but the archive gives {derived.get(name)}" for name in names)


def _kept_figures(
    work: AppContext, period_code: str
) -> tuple[dict[tuple[str, str, str], dict[str, Any]], datetime | None]:
    with work.engine.connect() as connection:
        closed_at = closed(connection, work.plan, period_code)
        table = "target_snapshot" if closed_at else "target_indicator"
        figures = figures_by_key(connection, work.plan, table)
    return {key: value for key, value in figures.items() if key[2] == period_code}, closed_at


@contextmanager
def _scratch(engine: Engine) -> Iterator[Engine]:
    """An empty database on the same server, gone afterwards."""
    name = f"chitieu_replay_{token_hex(6)}"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
        scratch = connect(make_url(engine.url).set(database=name).render_as_string(hide_password=False))
        try:
            yield scratch
        finally:
            scratch.dispose()
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def _copy_waivers(source: Engine, connection: Any) -> None:
    """Who was freed from what is a decision, not in any file: it is taken over."""
    with source.connect() as there:
        rows = there.execute(
            text(
                "SELECT b.body_code, f.form_code, p.period_code, o.waived_at, o.waived_reason"
                " FROM dw.reporting_obligation o JOIN dw.dim_body b USING (body_key)"
                " JOIN dw.dim_form f USING (form_key) JOIN dw.dim_period p USING (period_key)"
                " WHERE o.waived_at IS NOT NULL"
            )
        ).all()
    for body, form, period, waived_at, why in rows:
        connection.execute(
            text(
                "UPDATE dw.reporting_obligation o SET waived_at = :at, waived_reason = :why"
                " FROM dw.dim_body b, dw.dim_form f, dw.dim_period p WHERE b.body_key = o.body_key"
                " AND f.form_key = o.form_key AND p.period_key = o.period_key"
                " AND b.body_code = :body AND f.form_code = :form AND p.period_code = :period"
            ),
            {"at": waived_at, "why": why, "body": body, "form": form, "period": period},
        )
