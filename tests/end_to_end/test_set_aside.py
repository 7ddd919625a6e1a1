"""A sheet that the database rejects is set aside with a finding, and the batch goes on without it."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from services.ingest import ingest
from tests.support.forms import BY_CODE
from tests.support.pipeline import work
from tests.support.reports import default_rows, district_rows, workbook

MONTH = "Tháng 3 năm 2020"


def drive_of(folder: Path) -> Path:
    """A drive with two reports of the form 01 and one of the form 02."""
    drive = folder / "drive"
    for number, period in ((1, "Tháng 2 năm 2020"), (2, MONTH)):
        rows = district_rows("01-PCMD")
        rows[0] |= {"cases_detected": number, "cases_prosecuted": number}
        file = drive / "CAT" / f"{number}.xlsx"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(workbook("01-PCMD", "CAT", period, rows))
    (drive / "UBND-731").mkdir()
    content = workbook("02-PCMD", "UBND-731", MONTH, default_rows("02-PCMD"))
    (drive / "UBND-731" / "3.xlsx").write_bytes(content)
    return drive


def test_the_rejected_sheet_alone_is_set_aside(warehouse_url: str, tmp_path: Path) -> None:
    context = work(warehouse_url, tmp_path)
    with context.engine.begin() as connection:
        check = "ALTER TABLE dw.fact_enforcement ADD CONSTRAINT few_cases CHECK (cases_detected < 2)"
        connection.execute(text(check))
    drive, key = drive_of(tmp_path), BY_CODE["02-PCMD"].key
    result = ingest(context, [str(drive)])
    assert (result.submissions["rejected"], result.submissions.total()) == (1, 3)
    with context.engine.connect() as connection:
        found = connection.execute(
            text(
                "SELECT s.period_code, s.status, s.revision, f.code, f.message_en FROM audit.submission AS s"
                " INNER JOIN audit.finding AS f USING (submission_id) WHERE f.severity = 'error'"
            )
        ).one()
        loaded = connection.execute(text("SELECT DISTINCT period_code FROM dw.current_enforcement"))
        assert loaded.scalars().all() == ["2020-M02"]
        assert connection.scalar(text(f"SELECT count(*) FROM dw.current_{key}")) == 1
        kinds = connection.execute(text("SELECT kind FROM audit.event ORDER BY event_id")).scalars().all()
    assert found[:4] == ("2020-M03", "rejected", None, "DATABASE-REJECTED")
    assert "few_cases" in found.message_en
    assert kinds.count("ingest") == 1
    assert ingest(context, [str(drive)]).files == 0


def test_an_error_that_no_sheet_causes_fails_the_batch(warehouse_url: str, tmp_path: Path) -> None:
    context = work(warehouse_url, tmp_path)
    with context.engine.begin() as connection:
        connection.execute(text("ALTER TABLE audit.submission ADD CHECK (body_code <> 'CAT')"))
    with pytest.raises(psycopg.IntegrityError):
        ingest(context, [str(drive_of(tmp_path))])
    with context.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit.submission")) == 0
