"""Figures of targets: bounds and verdicts hold whatever comes, and missing, nought and not owed differ."""

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from services.ingest import IngestContext, ingest, ingest_batch, plans_in_use
from services.intake import list_new_files
from tests.support.pipeline import NOW, work
from tests.support.reports import PLAN, default_rows, district_rows, workbook
from warehouse.indicators.figure_coverage import lacks_figures
from warehouse.indicators.materialize import materialize
from warehouse.queries import waive

DISTRICTS = [area for area in PLAN.areas if area.level == "district"]
QUARTER = "Quý I năm 2020"


@pytest.fixture
def app(warehouse_url: str, tmp_path: Path) -> IngestContext:
    return work(warehouse_url, tmp_path)


def figure(app: IngestContext, target: str, period: str, area: str = "75") -> dict[str, Any]:
    with app.engine.connect() as connection:
        row = connection.execute(
            text(
                "SELECT * FROM mart.target_indicator WHERE target_code = :t AND period_code = :p AND area_code = :a"
            ),
            {"t": target, "p": period, "a": area},
        ).mappings()
        return dict(row.one())


def communes(district: str, free: list[bool], **more: Any) -> bytes:
    names = [area.name for area in PLAN.areas if area.parent == district]
    rows = [
        row | {"free_of_prostitution": "x" if yes else "Không"} | more
        for row, yes in zip(default_rows("05-PCMD", names), free, strict=False)
    ]
    return workbook("05-PCMD", f"UBND-{district}", QUARTER, rows)


def put(app: IngestContext, folder: Path, path: str, content: bytes, now: datetime = NOW) -> None:
    file = folder / "drive" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    ingest(IngestContext(app.engine, app.plan, now, app.archive), [str(folder / "drive")])


@pytest.mark.parametrize("seed", range(4))
def test_bounds_and_verdict_hold_whatever_missing_districts_report(
    seed: int, app: IngestContext, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    share = chance.choice([0.05, 0.7, 0.95])
    order = chance.sample(DISTRICTS, len(DISTRICTS))
    actual: list[dict[str, Any]] = []
    for batch in (order[:4], order[4:8], order[8:]):
        for district in batch:
            free = [chance.random() < share for _ in range(40)]
            file = tmp_path / "drive" / f"UBND-{district.code}" / "a.xlsx"
            file.parent.mkdir(parents=True)
            file.write_bytes(communes(district.code, free))
        ingest(app, [str(tmp_path / "drive")])
        actual.append(figure(app, "T6", "2020-Q1"))
    final = actual[-1]
    assert final["is_final"]
    assert final["value_min"] == final["value_max"] == final["value"]
    for earlier in actual:
        assert earlier["value_min"] <= final["value"] <= earlier["value_max"]
        if earlier["verdict"] != "undecided":
            assert earlier["verdict"] == final["verdict"]
    assert [t["is_final"] for t in actual] == [False, False, True]
    assert actual[0]["completeness_pct"] == pytest.approx(100 * 4 / 11, abs=0.01)


def test_a_verdict_can_be_known_before_all_is_in(app: IngestContext, tmp_path: Path) -> None:
    for district in DISTRICTS[:-1]:
        file = tmp_path / "drive" / f"UBND-{district.code}" / "a.xlsx"
        file.parent.mkdir(parents=True)
        file.write_bytes(communes(district.code, [True] * 40))
    ingest(app, [str(tmp_path / "drive")])
    known = figure(app, "T6", "2020-Q1")
    silent = sum(area.parent == DISTRICTS[-1].code for area in PLAN.areas)
    assert (known["numerator"], known["denominator"]) == (170 - silent, 170)
    assert known["value_min"] == pytest.approx(100 * (170 - silent) / 170)
    assert known["value_max"] == 100
    assert (known["verdict"], known["status"], known["is_final"]) == ("met", "met", False)


def test_a_form_due_again_is_missing_until_it_is_received(app: IngestContext, tmp_path: Path) -> None:
    put(app, tmp_path, "UBND-731/a.xlsx", communes("731", [True] * 40))
    first, second = figure(app, "T6", "2020-Q1", "731"), figure(app, "T6", "2020-Q2", "731")
    assert first["is_final"]
    assert first["value_min"] == first["value_max"] == 100
    assert second["value"] == 100  # the last that is known
    assert (second["value_min"], second["value_max"]) == (0, 100)  # but the new report may say anything
    assert second["verdict"] == "undecided"


def test_missing_nought_and_not_owed_are_three_things(app: IngestContext, tmp_path: Path) -> None:
    with app.engine.begin() as connection:
        materialize(connection, PLAN, NOW)
    missing = figure(app, "T1", "2020-M01")
    assert (missing["numerator"], missing["value"], missing["status"]) == (None, None, "no_data")
    assert (missing["value_min"], missing["value_max"], missing["completeness_pct"]) == (0, None, 0)
    not_owed = figure(app, "T6", "2020-M01")  # the first report on communes is that of the quarter
    assert (not_owed["status"], not_owed["completeness_pct"], not_owed["is_final"]) == (
        "no_data",
        None,
        False,
    )
    assert (not_owed["value_min"], not_owed["value_max"], not_owed["verdict"]) == (None, None, "undecided")

    put(app, tmp_path, "CAT/a.xlsx", workbook("01-PCMD", "CAT", "Tháng 1 năm 2020", district_rows("01-PCMD")))
    nought = figure(app, "T1", "2020-M01")
    assert (nought["numerator"], nought["value"], nought["status"]) == (0, 0, "behind")
    assert (nought["is_final"], nought["completeness_pct"]) == (True, 100)


def test_a_zero_denominator_is_no_data(app: IngestContext, tmp_path: Path) -> None:
    put(app, tmp_path, "TAND/a.xlsx", workbook("04-PCMD", "TAND", QUARTER, district_rows("04-PCMD")))
    row = figure(app, "T2", "2020-Q1")
    assert (row["numerator"], row["denominator"], row["value"], row["status"]) == (0, 0, None, "no_data")
    assert row["is_final"]


def test_a_waived_report_is_not_waited_for(app: IngestContext, tmp_path: Path) -> None:
    for month in (1, 2):
        content = workbook("01-PCMD", "CAT", f"Tháng {month} năm 2020", district_rows("01-PCMD"))
        put(app, tmp_path, f"CAT/{month}.xlsx", content)
    assert figure(app, "T1", "2020-M03")["completeness_pct"] == pytest.approx(66.67)
    with app.engine.begin() as connection:
        waive(connection, PLAN, "CAT", "01-PCMD", "2020-M03", "Đang sáp nhập", NOW)
        materialize(connection, PLAN, NOW)
    row = figure(app, "T1", "2020-M03")
    assert (row["completeness_pct"], row["is_final"]) == (100, True)


def test_periods_whose_window_is_open_have_no_figures(app: IngestContext, tmp_path: Path) -> None:
    in_april = datetime(2020, 4, 10, tzinfo=UTC)
    content = workbook("01-PCMD", "CAT", "Tháng 3 năm 2020", district_rows("01-PCMD"))
    put(app, tmp_path, "CAT/a.xlsx", content, in_april)
    with app.engine.connect() as connection:
        codes = connection.execute(text("SELECT DISTINCT period_code FROM mart.target_indicator")).scalars()
        assert set(codes) == {"2020-M01", "2020-M02", "2020-M03", "2020-Q1"}
    put(app, tmp_path, "CAT/notes.csv", b"a,b", datetime(2020, 4, 15, tzinfo=UTC))
    assert figure(app, "T1", "2020-M04")["completeness_pct"] == 25


def test_the_report_of_the_owing_body_has_priority_for_a_place(app: IngestContext, tmp_path: Path) -> None:
    """A commune may report of its own accord; its district answers for it, and nothing is counted twice."""
    ward = next(area for area in PLAN.areas if area.parent == "731")
    own = default_rows("05-PCMD", [ward.name])
    own[0] |= {"managed": 4, "inspected": 4}
    put(app, tmp_path, f"UBND-{ward.code}/a.xlsx", workbook("05-PCMD", f"UBND-{ward.code}", QUARTER, own))
    alone = figure(app, "T8", "2020-Q1", ward.code)
    assert (alone["numerator"], alone["denominator"]) == (4, 4)
    assert not alone["is_final"]  # the district still owes its report
    put(app, tmp_path, "UBND-731/a.xlsx", communes("731", [True] * 40, managed=10, inspected=1))
    both = figure(app, "T8", "2020-Q1", ward.code)
    assert (both["numerator"], both["denominator"], both["is_final"]) == (1, 10, True)


def test_the_expected_value_follows_the_pace(app: IngestContext) -> None:
    with app.engine.begin() as connection:
        materialize(connection, PLAN, NOW)
    assert figure(app, "T1", "2020-Y")["expected_value"] == 30
    assert figure(app, "T1", "2020-H1")["expected_value"] == pytest.approx(30 * 183 / 366)
    assert figure(app, "T2", "2020-M01")["expected_value"] == 90


def test_the_first_batch_computes_all_missing_figures(app: IngestContext, tmp_path: Path) -> None:
    file = workbook("01-PCMD", "CAT", "Tháng 3 năm 2020", district_rows("01-PCMD"))
    (tmp_path / "drive" / "CAT").mkdir(parents=True)
    (tmp_path / "drive" / "CAT" / "a.xlsx").write_bytes(file)
    with app.engine.connect() as connection:
        assert lacks_figures(connection, app.plan, NOW)
    plans, _ = plans_in_use(app)
    found = list_new_files(app.engine, [str(tmp_path / "drive")], plans, NOW.date())
    ingest_batch(app, found.files, found.routes, plans)
    with app.engine.connect() as connection:
        assert not lacks_figures(connection, app.plan, NOW)


def test_nothing_is_computed_where_no_figure_is_missing(app: IngestContext, tmp_path: Path) -> None:
    put(app, tmp_path, "CAT/a.xlsx", workbook("01-PCMD", "CAT", "Tháng 3 năm 2020", district_rows("01-PCMD")))
    expected: list[str] = []
    event.listen(app.engine, "before_cursor_execute", lambda *actual: expected.append(actual[2]))
    with app.engine.begin() as connection:
        assert materialize(connection, app.plan, NOW, only_missing=True) == 0
    assert len(expected) == 1, expected
