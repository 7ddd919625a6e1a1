"""What an ingest makes of revisions, copies, incidents, crashes and hostile files."""

import io
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine, text

from drives import archive
from drives.listing import DriveFile
from services.ingest import IngestContext, IngestResult, ingest
from services.intake import in_batches
from tests.support.paths import SAMPLE
from tests.support.pipeline import NOW, PLAN, work
from tests.support.reports import default_rows, district_rows, workbook, write_sheet
from warehouse.load.withdrawals import withdrawn_sheets

MONTH = "Tháng 3 năm 2020"


@pytest.fixture
def app(warehouse_url: str, tmp_path: Path) -> IngestContext:
    return work(warehouse_url, tmp_path)


class Drive:
    """A drive whose files come one after the other, a minute apart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.moment = NOW - timedelta(days=1)

    def put(self, path: str, content: bytes) -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        self.moment += timedelta(minutes=1)
        os.utime(file, (self.moment.timestamp(), self.moment.timestamp()))
        return file


@pytest.fixture
def drive(tmp_path: Path) -> Drive:
    return Drive(tmp_path / "drive")


def run(app: IngestContext, drive: Drive) -> IngestResult:
    return ingest(app, [f"file://{drive.folder}"])


def query(engine: Engine, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement), values)]


def spots(closing: int, **more: Any) -> bytes:
    rows = default_rows("02-PCMD")
    rows[0] |= {"opening": 0, "identified": closing, "closing": closing} | more
    return workbook("02-PCMD", "UBND-731", MONTH, rows)


FACTS = (
    "SELECT closing, s.revision, superseded_at IS NULL FROM dw.fact_hotspots f"
    " JOIN audit.submission s USING (submission_id) ORDER BY s.revision, closing"
)


def test_a_later_valid_file_revises_and_ends_the_earlier_rows(app: IngestContext, drive: Drive) -> None:
    drive.put("UBND-731/a.xlsx", spots(5))
    assert run(app, drive).rows_loaded == 1
    drive.put("UBND-731/b.xlsx", spots(7))
    assert run(app, drive).submissions == {"accepted": 1}
    assert query(app.engine, FACTS) == [(5, 0, False), (7, 1, True)]
    drive.put("UBND-731/a.xlsx", spots(9))  # the same file, corrected in its place
    run(app, drive)
    assert query(app.engine, FACTS) == [(5, 0, False), (7, 1, False), (9, 2, True)]


def test_revisions_in_one_listing_are_loaded_in_order_of_receipt(app: IngestContext, drive: Drive) -> None:
    drive.put("UBND-731/z.xlsx", spots(5))
    drive.put("UBND-731/a.xlsx", spots(7))
    assert run(app, drive).rows_loaded == 2
    assert query(app.engine, FACTS) == [(5, 0, False), (7, 1, True)]
    assert query(app.engine, "SELECT closing FROM dw.current_hotspots") == [(7,)]


def test_a_rejected_revision_changes_nothing(app: IngestContext, drive: Drive) -> None:
    drive.put("UBND-731/a.xlsx", spots(5))
    run(app, drive)
    before = query(app.engine, "SELECT * FROM mart.target_indicator ORDER BY 1, 2, 3, 6")
    drive.put("UBND-731/b.xlsx", spots(7, opening=1))
    assert run(app, drive).submissions == {"rejected": 1}
    assert query(app.engine, FACTS) == [(5, 0, True)]
    assert query(app.engine, "SELECT * FROM mart.target_indicator ORDER BY 1, 2, 3, 6") == before
    status = "SELECT status, revision FROM mart.reporting_status WHERE body_code = 'UBND-731' AND form_code = '02-PCMD' AND period_code = '2020-M03'"
    assert query(app.engine, status) == [("late", 0)]


def test_the_same_content_under_another_name_is_a_duplicate(app: IngestContext, drive: Drive) -> None:
    drive.put("UBND-731/a.xlsx", spots(5))
    shutil.copy(drive.folder / "UBND-731/a.xlsx", drive.folder / "UBND-731/again.xlsx")
    result = run(app, drive)
    assert result.submissions == {"accepted": 1, "duplicate": 1}
    drive.put("UBND-731/third.xlsx", (drive.folder / "UBND-731/a.xlsx").read_bytes())
    later = run(app, drive)
    assert later.submissions == {"duplicate": 1}
    assert later.rows_loaded == 0
    assert run(app, drive).files == 0
    rows = query(
        app.engine,
        "SELECT form_code, period_code, revision FROM audit.submission WHERE status = 'duplicate' AND file_name = 'third.xlsx'",
    )
    assert rows == [("02-PCMD", "2020-M03", None)]


def book_of(*sheets: tuple[str, str, Any]) -> bytes:
    """A workbook of UBND-731: name, form and rows of each sheet."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, form, rows in sheets:
        write_sheet(book.create_sheet(name), form, "UBND-731", MONTH, rows)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_sheets_sent_back_unchanged_are_duplicates(app: IngestContext, drive: Drive) -> None:
    right, wrong = default_rows("02-PCMD"), [default_rows("03-PCMD")[0] | {"violating": 1}]
    drive.put("UBND-731/a.xlsx", book_of(("2", "02-PCMD", right), ("3", "03-PCMD", wrong)))
    assert run(app, drive).submissions == {"accepted": 1, "rejected": 1}
    corrected = default_rows("03-PCMD")
    drive.put("UBND-731/b.xlsx", book_of(("2", "02-PCMD", right), ("3", "03-PCMD", corrected)))
    assert run(app, drive).submissions == {"duplicate": 1, "accepted": 1}
    assert query(app.engine, FACTS) == [(0, 0, True)]
    with app.engine.connect() as connection:  # a replay does not load it in place of one that is withdrawn
        left_out = withdrawn_sheets(connection, PLAN.code)
    assert [(body, form, period) for body, _, form, period in left_out] == [
        ("UBND-731", "02-PCMD", "2020-M03")
    ]
    drive.put("UBND-731/c.xlsx", book_of(("2", "02-PCMD", [right[0] | {"opening": 1}])))
    assert run(app, drive).submissions == {"rejected": 1}
    drive.put("UBND-731/d.xlsx", book_of(("Biểu 2", "02-PCMD", right)))
    assert run(app, drive).submissions == {"accepted": 1}, "the same figures answer the rejection"
    assert query(app.engine, FACTS) == [(0, 0, False), (0, 1, True)]


def test_a_sheet_that_answers_a_warning_is_a_revision(app: IngestContext, drive: Drive) -> None:
    blank = default_rows("02-PCMD")[0] | {"recurred": None}
    drive.put("UBND-731/a.xlsx", book_of(("2", "02-PCMD", [blank])))
    assert run(app, drive).submissions == {"accepted_with_warnings": 1}
    drive.put(
        "UBND-731/b.xlsx", book_of(("2", "02-PCMD", [blank]), ("3", "03-PCMD", default_rows("03-PCMD")))
    )
    assert run(app, drive).submissions == {"duplicate": 1, "accepted": 1}
    drive.put("UBND-731/c.xlsx", book_of(("2", "02-PCMD", [blank | {"recurred": 0}])))
    assert run(app, drive).submissions == {"accepted": 1}


def test_the_same_content_of_another_body_is_its_own(app: IngestContext, drive: Drive) -> None:
    content = spots(5)
    drive.put("UBND-731/a.xlsx", content)
    drive.put("UBND-732/a.xlsx", content)
    assert run(app, drive).submissions == {"accepted": 1, "rejected": 1}


def test_personal_data_stays_on_the_drive(app: IngestContext, drive: Drive, tmp_path: Path) -> None:
    def spoil(sheet: Any) -> None:
        sheet["J9"] = "Người lập: Trần Thị Bích Phượng, CCCD 075190004321"

    rows = default_rows("02-PCMD")
    file = drive.put(
        "UBND-731/Nguyễn Văn Hùng 0913456789.xlsx",
        workbook("02-PCMD", "UBND-731", MONTH, rows, spoil),
    )
    assert run(app, drive).submissions == {"rejected": 1}
    assert run(app, drive).files == 0
    dump = "".join(
        str(query(app.engine, f"SELECT * FROM audit.{table}"))
        for table in ("submission", "finding", "event", "drive_file")
    )
    assert "PII-SUSPECTED" in dump
    for secret in ("Bích", "Phượng", "075190004321", "Hùng", "0913456789"):
        assert secret not in dump
    digest = query(app.engine, "SELECT sha256 FROM audit.submission")[0][0]
    assert archive.withheld(app.archive, digest)
    assert not archive.contains(app.archive, digest)
    kept = b"".join(path.read_bytes() for path in (tmp_path / "archive").rglob("*") if path.is_file())
    assert file.read_bytes() not in kept


def test_sound_content_is_archived_once_and_unchanged(app: IngestContext, drive: Drive) -> None:
    content = spots(5)
    drive.put("UBND-731/a.xlsx", content)
    run(app, drive)
    digest = query(app.engine, "SELECT sha256 FROM audit.submission")[0][0]
    assert archive.load(app.archive, digest) == content


def test_a_closed_period_is_revised_with_a_warning(app: IngestContext, drive: Drive) -> None:
    drive.put("UBND-731/a.xlsx", spots(5))
    run(app, drive)
    with app.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO dw.target_snapshot SELECT period_code, now(), t.* FROM dw.target_indicator t"
                " WHERE period_code = '2020-M03'"
            )
        )
    drive.put("UBND-731/b.xlsx", spots(6))
    assert run(app, drive).submissions == {"accepted_with_warnings": 1}
    assert query(app.engine, "SELECT code FROM audit.finding") == [("REVISION-CLOSED",)]


def test_a_folder_of_nobody_is_refused(app: IngestContext, drive: Drive) -> None:
    drive.put("KHONG-AI/a.xlsx", spots(5))
    assert run(app, drive).submissions == {"rejected": 1}
    assert ("FORM-NOT-OWED",) in query(app.engine, "SELECT code FROM audit.finding")


def test_each_batch_is_in_the_audit_chain(app: IngestContext, drive: Drive) -> None:
    drive.put("UBND-731/a.xlsx", spots(5))
    run(app, drive)
    drive.put("UBND-731/b.xlsx", spots(6))
    run(app, drive)
    rows = query(
        app.engine,
        "SELECT e.kind, e.previous_hash = coalesce(b.hash, ''::bytea), e.hash = audit.event_hash(e.previous_hash,"
        " e.event_id, e.occurred_at, e.recorded_at, e.role_name, e.account_name, e.kind, e.subject, e.payload)"
        " FROM audit.event e LEFT JOIN audit.event b ON b.event_id = e.event_id - 1 ORDER BY e.event_id",
    )
    assert rows == [("plan", True, True), *[("ingest", True, True), ("load", True, True)] * 2]


def test_only_touched_figures_are_computed_again(app: IngestContext, drive: Drive) -> None:
    drive.put("UBND-731/a.xlsx", spots(5))
    run(app, drive)
    later = IngestContext(app.engine, PLAN, NOW + timedelta(hours=1), app.archive)
    rows = district_rows("01-PCMD")
    rows[0] |= {"cases_detected": 4, "cases_prosecuted": 4}
    drive.put("CAT/a.xlsx", workbook("01-PCMD", "CAT", MONTH, rows))
    run(later, drive)
    changed = query(
        app.engine,
        "SELECT DISTINCT target_code, period_code FROM mart.target_indicator WHERE computed_at > :then",
        then=NOW,
    )
    assert {target for target, _ in changed} == {"T1"}
    assert ("T1", "2020-M02") not in changed
    assert ("T1", "2020-M03") in changed


def test_two_ingests_at_once_load_everything_once(app: IngestContext, tmp_path: Path) -> None:
    shutil.copytree(SAMPLE / "drive", tmp_path / "drive")
    results: list[IngestResult] = []
    threads = [
        threading.Thread(target=lambda: results.append(ingest(app, [f"file://{tmp_path / 'drive'}"])))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(result.rows_loaded for result in results) == [0, 372]


def test_a_batch_that_is_read_while_the_former_is_loaded_knows_its_contents(
    app: IngestContext, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.intake.BATCH_FILES", 2)
    first = spots(5)
    drive.put("UBND-731/a.xlsx", first)
    drive.put("UBND-731/b.xlsx", spots(7))
    drive.put("UBND-731/the first again.xlsx", first)
    drive.put("UBND-734/other.xlsx", workbook("02-PCMD", "UBND-734", MONTH))
    assert run(app, drive).submissions["duplicate"] == 1
    own = FACTS.replace("ORDER BY", "WHERE s.body_code = 'UBND-731' ORDER BY")
    assert query(app.engine, own) == [(5, 0, False), (7, 1, True)]


def test_after_a_failed_batch_no_further_file_is_fetched(
    app: IngestContext, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.intake.BATCH_FILES", 1)
    for number in range(4):
        drive.put(f"UBND-731/{number}.xlsx", spots(number))

    def failing(*_: object) -> None:
        raise RuntimeError("no loading today")

    monkeypatch.setattr("services.batch_load.load", failing)
    with pytest.raises(RuntimeError, match="no loading today"):
        run(app, drive)
    kept, _ = archive.stored_hashes(app.archive)
    assert len(kept) <= 2  # of the first batch and of the one that was read in the meantime
    monkeypatch.undo()
    assert run(app, drive).files == 4


def test_a_hostile_file_does_not_stop_the_others(app: IngestContext, drive: Drive) -> None:
    drive.put("UBND-731/a.xlsx", spots(5))
    drive.put("UBND-731/b.xlsx", b"PK\x03\x04 damaged")
    drive.put("UBND-731/c.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000))
    drive.put("UBND-731/d.csv", b"\x00\x01\x02" * 1000)
    drive.put("UBND-731/e.docx", b"just words")
    result = run(app, drive)
    assert result.submissions == {"accepted": 1, "rejected": 3, "ignored": 1}


SUMMARY = (
    "SELECT body_code, form_code, period_code, revision, status, file_name, sheet_name FROM audit.submission"
    " ORDER BY 1, 6, 7",
    "SELECT body_code, area_code, period_code, place_kind, closing FROM dw.current_hotspots ORDER BY 1, 2, 3, 4",
    "SELECT target_code, area_code, period_code, numerator, denominator, status FROM mart.target_indicator"
    " ORDER BY 1, 2, 3",
    "SELECT path, sha256 FROM audit.drive_file ORDER BY 1",
)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_a_killed_run_ends_as_if_it_had_not_been(
    seed: int, app: IngestContext, warehouse_url: str, another_database_url: str, tmp_path: Path
) -> None:
    """Kill the command at moments anywhere in its way, again and again, then let it run to its end."""
    shutil.copytree(SAMPLE / "drive", tmp_path / "drive")
    chance = random.Random(seed)
    environment = {
        **os.environ,
        "CHITIEU_DATABASE_URL": warehouse_url,
        "CHITIEU_HOME": str(tmp_path / "home"),
    }
    command = [sys.executable, "-m", "cli.main", "ingest", "--json", str(tmp_path / "drive")]
    for _ in range(3):
        process = subprocess.Popen(
            command,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            process.wait(chance.uniform(0.5, 3.0))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    actual = [query(app.engine, statement) for statement in SUMMARY]
    assert len(actual[0]) == 57
    undisturbed = work(another_database_url, tmp_path / "undisturbed")
    ingest(undisturbed, [str(tmp_path / "drive")])
    assert actual == [query(undisturbed.engine, statement) for statement in SUMMARY]


@pytest.mark.parametrize(("files", "batches"), [(0, []), (1, [1]), (1499, [1499]), (1501, [751, 750])])
def test_batches_are_of_like_size(files: int, batches: list[int]) -> None:
    one = DriveFile("file:///d", "CAT/a.xlsx", "CAT", "a.xlsx", 1, None, "/d/CAT/a.xlsx", "file:///d")
    assert [len(batch) for batch in in_batches([one] * files)] == batches
