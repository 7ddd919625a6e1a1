"""A person is found in an accepted file: its content, values and findings go; its hash and the reason stay."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from drives import archive
from plans.reporting_calendar import period_from_code
from services import erasure
from services.audit_checks import replay, verify
from services.context import AppContext
from services.ingest import IngestContext, ingest
from services.publish import publish_to
from services.settings import Settings
from tests.support.pipeline import NOW, work
from tests.support.reports import PLAN, district_rows, workbook
from warehouse import queries
from warehouse.history.snapshots import close
from warehouse.load.purges import CannotPurgeError
from warehouse.quality.checkpoint import run_checkpoint
from warehouse.quality.finding_states import explain

MARCH = period_from_code("2020-M03", PLAN.calendar)
SECRET = "1987"  # a value in place of what must be erased


@pytest.fixture
def context(warehouse_url: str, tmp_path: Path) -> AppContext:
    """A warehouse with two reports for March: five cases, then 1987 with a warning."""
    made = work(warehouse_url, tmp_path)
    settings = Settings(home=tmp_path, database_url=warehouse_url, sources=())
    context = AppContext(settings, PLAN, NOW, made.engine)
    report(context, 5, 0)
    report(context, int(SECRET), 1)
    return at(context, 2)


def at(context: AppContext, days: int) -> AppContext:
    return replace(context, now=NOW + timedelta(days=days))


def report(context: AppContext, cases: int, days: int) -> None:
    rows = district_rows("01-PCMD")
    rows[0] |= {"cases_detected": cases, "cases_prosecuted": cases}
    rows[1] |= {"cases_detected": None}  # a warning: taken as 0
    file = context.settings.home / "drive" / "CAT" / f"{cases}.xlsx"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(workbook("01-PCMD", "CAT", "Tháng 3 năm 2020", rows))
    ingest(IngestContext.of(at(context, days)), [str(context.settings.home / "drive")])


def copy(context: AppContext, name: str) -> None:
    """The second report comes again under another name."""
    folder = context.settings.home / "drive" / "CAT"
    shutil.copyfile(folder / f"{SECRET}.xlsx", folder / name)
    ingest(IngestContext.of(context), [str(context.settings.home / "drive")])


def last_accepted(context: AppContext) -> tuple[int, str]:
    query = "SELECT submission_id, sha256 FROM audit.submission WHERE revision IS NOT NULL ORDER BY 1 DESC LIMIT 1"
    with context.engine.connect() as connection:
        number, digest = connection.execute(text(query)).one()
    return number, digest


def t1(context: AppContext) -> float | None:
    with context.engine.connect() as connection:
        rows = queries.targets(connection, PLAN, "2020-M03", None)
    value: float | None = next(row["value"] for row in rows if row["target_code"] == "T1")
    return value


@pytest.mark.long  # publishes twice
def test_nothing_of_the_content_is_left(context: AppContext) -> None:
    number, digest = last_accepted(context)
    pages = context.settings.home / "published"
    publish_to(context, pages)
    with context.engine.begin() as connection:
        explain(connection, PLAN, number, 1, "it was blank", context.now)
    shown = pages / f"submission-{number}.html"
    assert SECRET in shown.read_text(encoding="utf-8")
    assert t1(context) == float(SECRET)
    result = erasure.purge([context], number, "a name in a note")
    assert (result.submissions, result.withdrawn) == ([number], [number])
    assert result.indicators_changed > 0
    assert t1(context) == 5
    assert not archive.contains(context.settings.archive, digest)
    assert archive.withheld(context.settings.archive, digest)
    assert SECRET not in shown.read_text(encoding="utf-8")
    with context.engine.connect() as connection:
        rows = {
            name: connection.execute(text(f"SELECT * FROM {name} WHERE submission_id = {number}"))
            .mappings()
            .all()
            for name in ("dw.fact_enforcement", "audit.finding", "audit.submission", "audit.purge")
        }
        (event,) = connection.execute(text("SELECT payload FROM audit.event WHERE kind = 'purge'")).scalars()
    assert (rows["dw.fact_enforcement"], rows["audit.finding"]) == ([], [])
    (submission,), (purge,) = rows["audit.submission"], rows["audit.purge"]
    assert (submission["sha256"], submission["file_name"], submission["sheet_name"]) == (digest, "", "")
    assert purge["reason"] == event["reason"] == "a name in a note"
    assert event["sha256"] == digest
    assert verify(context) == []
    assert not any(o.stops for o in run_checkpoint(context.engine, PLAN, context.now).outcomes)


def test_the_same_file_is_not_loaded_again(context: AppContext) -> None:
    number, digest = last_accepted(context)
    erasure.purge([context], number, "a name")
    copy(at(context, 3), "a name of a person.xlsx")
    assert last_accepted(context)[0] == number
    assert not archive.contains(context.settings.archive, digest)
    with context.engine.connect() as connection:
        names = connection.execute(text("SELECT file_name FROM audit.submission")).scalars().all()
    assert "a name of a person.xlsx" not in names
    assert verify(at(context, 4)) == []


def test_all_submissions_of_a_file_go_and_a_repetition_does_what_is_left(context: AppContext) -> None:
    number, digest = last_accepted(context)
    copy(context, "copy.xlsx")  # a duplicate
    done = erasure.purge([at(context, 3)], number, "a name")
    assert (len(done.submissions), done.withdrawn) == (2, [number])
    folder = context.settings.archive
    assert isinstance(folder, Path)
    (folder / digest[:2] / f"{digest[2:]}.withheld").unlink()
    (folder / digest[:2] / digest[2:]).write_bytes(b"restored from a backup")
    wrong = verify(at(context, 3))
    assert wrong == [
        f"Submission {number}: it was purged, but the archive has its content: repeat chitieu purge."
    ]
    again = erasure.purge([at(context, 4)], number, "a name")
    assert (again.submissions, again.withdrawn, again.indicators_changed) == ([], [], 0)
    assert verify(at(context, 4)) == []


def test_a_closed_period_keeps_its_figures_and_is_not_replayed(context: AppContext) -> None:
    with context.engine.begin() as connection:
        close(connection, PLAN, MARCH, context.now)
    number, _ = last_accepted(context)
    erasure.purge([at(context, 3)], number, "a name")
    assert verify(at(context, 3)) == []
    assert replay(at(context, 3), "2020-M03") == [
        f"2020-M03 cannot be derived again: the content of submission {number} was purged."
    ]


def test_nobody_erases_without_a_purge_on_record(context: AppContext) -> None:
    number, _ = last_accepted(context)
    statements = (
        f"DELETE FROM dw.fact_enforcement WHERE submission_id = {number}",
        f"DELETE FROM audit.finding WHERE submission_id = {number}",
        f"UPDATE audit.submission SET file_name = '', sheet_name = '' WHERE submission_id = {number}",
    )
    for statement in statements:
        with context.engine.begin() as connection, pytest.raises(DBAPIError):
            connection.execute(text(statement))
    erasure.purge([context], number, "a name")
    forged = (
        f"UPDATE audit.submission SET status = 'ignored' WHERE submission_id = {number}",
        f"DELETE FROM audit.submission WHERE submission_id = {number}",
        "DELETE FROM audit.purge",
    )
    for statement in forged:
        with context.engine.begin() as connection, pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(statement))
    with pytest.raises(CannotPurgeError, match="no submission 999"):
        erasure.purge([context], 999, "a name")
    assert verify(context) == []
