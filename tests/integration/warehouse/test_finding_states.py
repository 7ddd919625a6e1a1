"""A finding has a life: open, explained, accepted until a day, gone with a revision; all of it in the chain."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from cli.main import main
from plans.errors import NotFoundError
from services.ingest import IngestContext, ingest
from tests.support.pipeline import NOW, PLAN, work
from tests.support.reports import default_rows, workbook
from warehouse.integrity.verification import verify_chain
from warehouse.quality.finding_states import accept, explain, finding_states

TODAY = date(2020, 8, 1)


@pytest.fixture
def app(warehouse_url: str, tmp_path: Path) -> IngestContext:
    """A body whose form has the same warning in two quarters, and an error in a third report."""
    folder = tmp_path / "drive" / "SYT"
    folder.mkdir(parents=True)
    rows = default_rows("06-PCMD")
    blank = [{**rows[0], **dict.fromkeys(list(rows[0])[-1:])}, *rows[1:]]
    for number, quarter in enumerate(("Quý I năm 2020", "Quý II năm 2020")):
        (folder / f"{number}.xlsx").write_bytes(workbook("06-PCMD", "SYT", quarter, blank))
        ingest_into = work(warehouse_url, tmp_path)
        ingest(ingest_into, [str(tmp_path / "drive")])
    return ingest_into


def states(app: IngestContext, today: date = TODAY) -> list[tuple[object, ...]]:
    with app.engine.connect() as connection:
        return [(r["code"], r["state"], r["seen_in"]) for r in finding_states(connection, PLAN, today)]


def test_a_warning_that_comes_back_shows_its_history(app: IngestContext) -> None:
    assert states(app) == [("VALUE-BLANK", "open", []), ("VALUE-BLANK", "open", ["2020-Q1"])]


def test_explained_accepted_and_gone(app: IngestContext, tmp_path: Path) -> None:
    with app.engine.connect() as connection:
        first, second = (
            (r["submission_id"], r["finding_no"]) for r in finding_states(connection, PLAN, TODAY)
        )
    with app.engine.begin() as connection:
        explain(connection, PLAN, *first, "Quý này không phát sinh", NOW)
        accept(connection, PLAN, *second, "Trưởng phòng tổng hợp", "đã đối chiếu", date(2020, 9, 1), NOW)
    assert [s[1] for s in states(app)] == ["explained", "finding_accepted"]
    assert [s[1] for s in states(app, date(2020, 9, 2))] == ["explained", "open"]  # its day has passed
    rows = default_rows("06-PCMD")
    (tmp_path / "drive" / "SYT" / "1.xlsx").write_bytes(workbook("06-PCMD", "SYT", "Quý II năm 2020", rows))
    ingest(app, [str(tmp_path / "drive")])
    assert [s[1] for s in states(app)] == ["explained", "gone"]
    with app.engine.connect() as connection:
        kinds = connection.execute(text("SELECT kind FROM audit.event ORDER BY event_id")).scalars().all()
        assert kinds[-4:] == ["explain", "accept", "ingest", "load"]
        assert verify_chain(connection) == []


def test_errors_and_findings_that_are_not_there_are_not_accepted(app: IngestContext, tmp_path: Path) -> None:
    with app.engine.begin() as connection, pytest.raises(NotFoundError, match="no finding 999/1"):
        explain(connection, PLAN, 999, 1, "x", NOW)
    rows = default_rows("06-PCMD")
    rows[0][list(rows[0])[-1]] = -1
    (tmp_path / "drive" / "SYT" / "2.xlsx").write_bytes(workbook("06-PCMD", "SYT", "Quý I năm 2020", rows))
    ingest(app, [str(tmp_path / "drive")])
    with app.engine.begin() as connection:
        error = next(r for r in finding_states(connection, PLAN, TODAY) if r["severity"] == "error")
        with pytest.raises(ValueError, match="has to come again"):
            accept(connection, PLAN, error["submission_id"], error["finding_no"], "x", "y", TODAY, NOW)


def test_the_commands(
    app: IngestContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHITIEU_DATABASE_URL", app.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("CHITIEU_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CHITIEU_NOW", "2020-08-01T08:00:00+07:00")
    with app.engine.connect() as connection:
        row = finding_states(connection, PLAN, TODAY)[0]
    name = f"{row['submission_id']}/{row['finding_no']}"
    assert main(["finding", "list"]) == 0
    assert name in capsys.readouterr().out
    assert main(["finding", "explain", name, "--why", "Không phát sinh"]) == 0
    assert main(["finding", "explain", name, "--why", "Bà Nguyễn Thị Hồng Nhung, 0913456789, báo vậy"]) == 2
    assert main(["finding", "explain", "x", "--why", "y"]) == 2
    assert main(["finding", "accept", name, "--why", "y", "--by", "Sở", "--until", "mai"]) == 2
    capsys.readouterr()
    assert main(["finding", "list"]) == 0
    assert "explained" in capsys.readouterr().out
