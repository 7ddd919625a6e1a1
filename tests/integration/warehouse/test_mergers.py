"""2024 to 2026 through both mergers of 2025: no figure is lost and none counted twice, by whatever areas."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine, text

from plans.model import Plan
from plans.reporting_calendar import Period, scheduled_periods
from tests.support.forms import BY_KEY
from tests.support.mergers import BINH_PHUOC, DONG_NAI, JANUARY, JULY, ROWS, plans
from tests.support.postgres import shared_database
from warehouse.database import connect
from warehouse.dimensions.seeds import load_reference
from warehouse.history.snapshots import close
from warehouse.indicators.materialize import materialize
from warehouse.load.batch import affected_scope, load_batch
from warehouse.load.submissions import Submission
from warehouse.loads import recorded_load
from warehouse.migrations.upgrade import migrate
from warehouse.privacy.roles import create_roles

NOW = datetime(2027, 1, 31, tzinfo=UTC)
FORM = BY_KEY["commune_status"]
PLANS = plans()
Reported = dict[tuple[str, str, str], dict[str, Any]]  # (plan, period, area) -> what its body reported


def figures(plan: Plan, period: Period, area: str) -> dict[str, Any]:
    number = int(area) + period.window_end.toordinal()
    return {
        "managed": 10 + number % 7,
        "inspected": 1 + number % 5,
        "free_of_prostitution": number % 3 > 0,
        "score": 60 + number % 4,
        "sanctioned": 3 if number % 41 == 0 else 20 + number % 50,
    }


def report(
    plan: Plan, period: Period, area: str, number: int, **row_figures: Any
) -> tuple[Submission, dict[str, Any]]:
    """The submission of a commune's report, and its row."""
    body = f"UBND-{area}"
    submission = Submission(body, FORM.code, period.code, "accepted", "file:///d", "f", "", "0" * 64, 1, NOW)
    blank: dict[str, Any] = {m.key: 0 for m in FORM.measures}
    blank |= {"plan_deployed": True, "volunteer_team": False, "classification": "GOOD"}
    return submission, {"submission": number, "sheet": "", "row": 1, "commune": area, **blank, **row_figures}


def load(engine: Engine, plan: Plan, reported_rows: Reported) -> None:
    """A report of each commune for each quarter at whose end it is there, by the way the pipeline takes."""
    submissions: list[Submission] = []
    rows: list[dict[str, Any]] = []
    for period in scheduled_periods(plan.year, plan.calendar):
        day = period.window_end
        for area in plan.areas if period.kind == "Q" else ():
            if area.level != "commune" or not area.exists(day, day):
                continue
            row_figures = reported_rows[plan.code, period.code, area.code] = figures(plan, period, area.code)
            submission, row = report(plan, period, area.code, len(submissions) + 1, **row_figures)
            submissions.append(submission)
            rows.append(row)
    frame = pd.DataFrame(rows)
    numbers = dict(enumerate(submissions, 1))
    with engine.begin() as connection:
        with recorded_load(connection, plan, "ingest", NOW) as batch:
            load_batch(connection, plan, batch, submissions, {FORM.code: frame}, numbers)
        materialize(connection, plan, NOW)


@pytest.fixture(scope="module")
def warehouse() -> Iterator[tuple[Engine, Reported]]:
    reported_rows: Reported = {}
    with shared_database("embedded") as url:
        engine = connect(url)
        migrate(engine)
        for plan in PLANS:
            with engine.begin() as connection:
                connection.execute(text("SET LOCAL chitieu.now = '2027-01-31'"))
                load_reference(connection, plan)
            load(engine, plan, reported_rows)
        yield engine, reported_rows
        engine.dispose()


def became(code: str, day: date) -> list[str]:
    """By hand from the file: the codes of today of what bore a code on a day."""
    codes = {code}
    if day < JANUARY:
        january = {row["old_code"]: row["new_code"] for row in ROWS if row["day"] == JANUARY}
        codes = {january.get(code, code)}
    if day < JULY:
        codes = {row["new_code"] for row in ROWS if row["day"] == JULY and row["old_code"] in codes}
    return sorted(codes)


def rows(engine: Engine, query: str, **values: Any) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(text(query), values).all())


def test_the_number_of_communes_is_that_of_the_decrees(warehouse: tuple[Engine, Reported]) -> None:
    query = (
        "SELECT count(*) FROM dw.dim_area WHERE province_code = '75' AND area_level = 'commune'"
        " AND valid_from <= :day AND valid_to > :day"
    )
    days = (date(2020, 3, 1), date(2024, 12, 31), JANUARY, date(2025, 6, 30), JULY, date(2026, 12, 31))
    there = [rows(warehouse[0], query, day=day)[0][0] for day in days]
    assert there == [170, 170, 159, 159, 95, 95]
    gone = "SELECT count(*) FROM dw.dim_area WHERE area_level = 'district' AND valid_to > '2025-07-01'"
    assert rows(warehouse[0], gone) == [(0,)]


def test_by_the_areas_of_today_every_figure_is_there_once(warehouse: tuple[Engine, Reported]) -> None:
    engine, reported_rows = warehouse
    ends = {p.code: p.window_end for plan in PLANS for p in scheduled_periods(plan.year, plan.calendar)}
    meant: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for (_plan, period, area), row_figures in reported_rows.items():
        meant[period, "+".join(became(area, ends[period]))].append(row_figures)
    found = rows(
        engine,
        "SELECT period_code, area_code, areas_merged, managed, inspected, free_of_prostitution, score"
        " FROM mart.commune_status_by_area_today",
    )
    assert len(found) == len(meant)
    for period, area, merged, managed, inspected, free, score in found:
        of = meant[period, area]
        assert merged == len(of)
        assert (managed, inspected) == (sum(s["managed"] for s in of), sum(s["inspected"] for s in of))
        agreed = {s["free_of_prostitution"] for s in of}
        assert free == (agreed.pop() if len(agreed) == 1 else None)
        assert score == (of[0]["score"] if len({s["score"] for s in of}) == 1 else None)
    divided = [area for (_, area) in meant if "+" in area]
    assert set(divided) == {"26359+26446"}
    assert len(divided) == 6  # Xuân Tâm's quarters of 2024 and of the first half of 2025


def test_by_the_areas_as_they_were_every_figure_is_there_once(warehouse: tuple[Engine, Reported]) -> None:
    engine, reported_rows = warehouse
    found = rows(engine, "SELECT period_code, area_code, inspected, area_name FROM mart.commune_status")
    assert {(r[0], r[1], r[2]) for r in found} == {
        (p, a, s["inspected"]) for (_, p, a), s in reported_rows.items()
    }
    names = {(r[0], r[1]): r[3] for r in found}
    assert names["2024-Q4", "26014"] == "Phường Tân Tiến"
    assert names["2025-Q1", "26014"] == "Phường Tân Mai"
    assert names["2025-Q3", "26041"] == "Phường Trấn Biên"


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.code)
def test_the_years_figures_of_a_province_hold_all_that_was_reported(
    plan: Plan, warehouse: tuple[Engine, Reported]
) -> None:
    engine, reported_rows = warehouse
    mine = {key: row_figures for key, row_figures in reported_rows.items() if key[0] == plan.code}
    last_quarter = max(period for _, period, _ in mine)
    found = rows(
        engine,
        "SELECT target_code, numerator, denominator, is_final FROM mart.target_indicator"
        " WHERE plan_code = :plan AND area_code = :area AND period_code = :period",
        plan=plan.code,
        area=plan.area,
        period=last_quarter,
    )
    inspected = sum(row_figures["inspected"] for row_figures in mine.values())
    latest = [row_figures for key, row_figures in mine.items() if key[1] == last_quarter]
    mean_score = Decimal(sum(row_figures["score"] for row_figures in latest)) / len(latest)
    if plan.year == 2025 and plan.area == DONG_NAI:
        assert {area for _, period, area in mine if period == "2025-Q4"} >= {"25222"}  # once Bình Phước's
    assert sorted(found) == [
        ("X1", inspected, None, True),
        ("X2", inspected, sum(row_figures["managed"] for row_figures in latest), True),
        ("X3", sum(row_figures["free_of_prostitution"] for row_figures in latest), len(latest), True),
        ("X4", pytest.approx(mean_score), None, True),
    ]


def test_a_merged_commune_has_what_all_its_parts_reported_and_a_divided_one_none(
    warehouse: tuple[Engine, Reported],
) -> None:
    """The plan year 2025 at its end, commune by commune: what its own plan's areas reported."""
    engine, reported_rows = warehouse
    mine = {key: row_figures for key, row_figures in reported_rows.items() if key[0] == "X75-2025"}
    ends = {p.code: p.window_end for p in scheduled_periods(2025, PLANS[2].calendar)}
    inspected: dict[str, int] = defaultdict(int)
    for (_, period, area), row_figures in mine.items():
        inspected["+".join(became(area, ends[period]))] += row_figures["inspected"]
    managed = {a: row_figures["managed"] for (_, p, a), row_figures in mine.items() if p == "2025-Q4"}
    found = rows(
        engine,
        "SELECT area_code, numerator, denominator FROM mart.target_indicator WHERE plan_code = 'X75-2025'"
        " AND target_code = 'X2' AND area_level = 'commune' AND period_code = '2025-Y'",
    )
    undivided = inspected.pop("26359+26446")
    assert undivided > 0
    assert {(r[0], r[1], r[2]) for r in found} == {(a, n, managed[a]) for a, n in inspected.items()}
    whole = rows(
        engine,
        "SELECT numerator FROM mart.target_indicator WHERE plan_code = 'X75-2025' AND target_code = 'X2'"
        " AND area_code = '75' AND period_code = '2025-Y'",
    )
    assert whole == [(sum(inspected.values()) + undivided,)]


def test_until_a_new_commune_reports_its_flag_is_open(warehouse: tuple[Engine, Reported]) -> None:
    """In July no body has reported on the new communes yet: all may be free, or none."""
    found = rows(
        warehouse[0],
        "SELECT denominator, value_min, value_max, verdict FROM mart.target_indicator"
        " WHERE plan_code = 'X75-2025' AND target_code = 'X3' AND area_code = '75'"
        " AND period_code = '2025-M07'",
    )
    assert found == [(95, 0, 100, "undecided")]


def test_targets_by_the_areas_of_today(warehouse: tuple[Engine, Reported]) -> None:
    """Xã Trị An: three communes of 2025 are one now, and were four at the end of 2024."""
    engine, reported_rows = warehouse
    of_2024 = ["26170", "26176", "26200", "26203"]
    assert [became(code, date(2024, 12, 1)) for code in of_2024] == [["26170"]] * 4
    found = rows(
        engine,
        "SELECT numerator, denominator, areas_merged, is_divided"
        " FROM mart.target_indicator_by_area_today WHERE plan_code = 'X75-2024' AND target_code = 'X2'"
        " AND area_code = '26170' AND period_code = '2024-Y'",
    )
    mine = {
        key: row_figures
        for key, row_figures in reported_rows.items()
        if key[0] == "X75-2024" and key[2] in of_2024
    }
    assert found == [
        (
            sum(row_figures["inspected"] for row_figures in mine.values()),
            sum(row_figures["managed"] for (_, p, _), row_figures in mine.items() if p == "2024-Q4"),
            4,
            False,
        )
    ]


@pytest.mark.parametrize(("period", "quarters"), [("2026-Q2", 2), ("2026-Y", 4)])
def test_a_year_is_compared_with_all_that_lies_in_the_area_now(
    period: str, quarters: int, warehouse: tuple[Engine, Reported]
) -> None:
    """Of both provinces, by hand: Bình Phước reported its half of 2025 under a plan of its own."""
    engine, reported_rows = warehouse
    ends = {p.code: p.window_end for p in scheduled_periods(2025, PLANS[2].calendar)}
    before: dict[str, int] = defaultdict(int)
    for (plan, told_for, area), row_figures in reported_rows.items():
        if plan in ("X75-2025", "X70-2025") and int(told_for[-1]) <= quarters:
            before["+".join(became(area, ends[told_for]))] += row_figures["inspected"]
    found = rows(
        engine,
        "SELECT area_code, value, value_before, change, is_like_for_like FROM mart.year_on_year"
        " WHERE plan_code = 'X75-2026' AND target_code = 'X1' AND period_code = :period",
        period=period,
    )
    whole = sum(before.values())
    assert before.pop("26359+26446") > 0
    communes = {row[0]: row[1:] for row in found}
    value, value_before, change, alike = communes.pop("75")
    assert (value_before, change, alike) == (whole, value - whole, True)
    assert {area: row[1] for area, row in communes.items()} == before
    for area, (value, _, change, alike) in communes.items():
        assert alike == (area not in ("26359", "26446")), area
        assert change == (value - before[area] if alike else None)


def test_what_cannot_be_compared_is_marked(warehouse: tuple[Engine, Reported]) -> None:
    asked = (
        "SELECT target_code, plan_before, change, change_pct, areas_before, is_like_for_like"
        " FROM mart.year_on_year WHERE plan_code = :plan AND area_code = '75' AND period_code = :period"
        " ORDER BY 1"
    )
    # In 2025 the province took another in: it reports on that other from July on only.
    found = rows(warehouse[0], asked, plan="X75-2025", period="2025-Y")
    assert [tuple(row) for row in found] == [
        (target, "X70-2024+X75-2024", None, None, 2, False) for target in ("X1", "X2", "X3", "X4")
    ]
    # At the end of 2025 nobody was left to tell how many establishments Bình Phước had: no share of them.
    alike = {row[0]: row[5] for row in rows(warehouse[0], asked, plan="X75-2026", period="2026-Y")}
    assert alike == {"X1": True, "X2": False, "X3": False, "X4": False}
    alike = {row[0]: row[5] for row in rows(warehouse[0], asked, plan="X75-2026", period="2026-Q2")}
    assert alike == {"X1": True, "X2": True, "X3": True, "X4": False}
    # Until July 2025 each province is its own, as it was a year before.
    found = rows(warehouse[0], asked, plan="X75-2025", period="2025-Q2")
    assert {(row[1], row[4], row[5]) for row in found} == {("X75-2024", 1, True)}


def test_means_of_merged_areas_are_not_added_up(warehouse: tuple[Engine, Reported]) -> None:
    before = rows(
        warehouse[0],
        "SELECT value, value_before, change, is_like_for_like FROM mart.year_on_year"
        " WHERE plan_code = 'X75-2026' AND target_code = 'X4' AND area_code = '75' AND period_code = '2026-Q2'",
    )
    assert [(row[0] is None, row[1], row[2], row[3]) for row in before] == [(False, None, None, False)]
    merged = rows(
        warehouse[0],
        "SELECT value, numerator, areas_merged FROM mart.target_indicator_by_area_today"
        " WHERE plan_code = 'X75-2024' AND target_code = 'X4' AND area_code = '26170' AND period_code = '2024-Y'",
    )
    assert merged == [(None, None, 4)]
    alone = rows(
        warehouse[0],
        "SELECT count(*) FROM mart.target_indicator_by_area_today WHERE plan_code = 'X75-2024'"
        " AND target_code = 'X4' AND period_code = '2024-Y' AND areas_merged = 1 AND value IS NULL",
    )
    assert alone == [(0,)]


def test_a_late_report_of_what_merged_moves_what_it_became(warehouse: tuple[Engine, Reported]) -> None:
    engine, reported_rows = warehouse
    plan, later = PLANS[2], NOW + timedelta(hours=1)
    of_code = {p.code: p for p in scheduled_periods(plan.year, plan.calendar)}
    before = reported_rows[plan.code, "2025-Q1", "26176"]
    late, row = report(
        plan, of_code["2025-Q1"], "26176", 1, **before | {"inspected": before["inspected"] + 5}
    )
    with engine.connect() as connection, connection.begin() as transaction:
        close(connection, plan, of_code["2025-Y"], NOW, "loaded before the due day")
        with recorded_load(connection, plan, "ingest", later) as batch:
            load_batch(connection, plan, batch, [late], {FORM.code: pd.DataFrame([row])}, {1: late})
            scope = affected_scope(plan, [late])
            assert scope is not None
            materialize(connection, plan, later, scope, load=batch)
        moved = connection.execute(
            text(
                "SELECT target_code, area_code, value - frozen_value, submission_ids FROM mart.revision_log"
                " WHERE plan_code = 'X75-2025' AND target_code = 'X1' ORDER BY area_code"
            )
        ).all()
        transaction.rollback()
    assert moved == [("X1", "26170", 5, [late.submission_id]), ("X1", "75", 5, [late.submission_id])]


def test_what_merged_gives_no_count_of_a_commune_away(warehouse: tuple[Engine, Reported]) -> None:
    engine, reported_rows = warehouse
    assert create_roles(engine) == []
    with engine.connect() as connection:
        for view in ("commune_status", "commune_status_by_area_today"):
            counts = text(f"SELECT count(*), count(sanctioned), count(managed) FROM mart.{view}")
            rows, shown, others = connection.execute(counts).one()
            assert rows == shown >= others > 100
            connection.execute(text("SET ROLE chitieu_bi"))
            assert tuple(connection.execute(counts).one()) == (rows, 0, others)
            connection.execute(text("RESET ROLE"))
    assert reported_rows


def test_no_two_states_of_an_area_overlap(warehouse: tuple[Engine, Reported]) -> None:
    from sqlalchemy.exc import IntegrityError

    with pytest.raises(IntegrityError, match="dim_area_no_overlap"), warehouse[0].begin() as connection:
        connection.execute(
            text("UPDATE dw.dim_area SET valid_to = '2025-07-02' WHERE valid_to = '2025-07-01'")
        )


def test_loading_the_plans_again_in_whatever_order_changes_nothing(
    warehouse: tuple[Engine, Reported],
) -> None:
    query = "SELECT area_key, area_code, valid_from, valid_to FROM dw.dim_area ORDER BY area_key"
    before = rows(warehouse[0], query), rows(warehouse[0], "SELECT * FROM dw.bridge_area ORDER BY 1, 2")
    for plan in reversed(PLANS):
        with warehouse[0].begin() as connection:
            load_reference(connection, plan)
    after = rows(warehouse[0], query), rows(warehouse[0], "SELECT * FROM dw.bridge_area ORDER BY 1, 2")
    assert after == before


def test_the_successions_can_be_read(warehouse: tuple[Engine, Reported]) -> None:
    found = rows(
        warehouse[0],
        "SELECT old_area_name, new_area_name, extent FROM mart.area_succession"
        " WHERE old_area_code = '26449' ORDER BY new_area_code",
    )
    assert found == [("Xã Xuân Tâm", "Xã Xuân Đông", "part"), ("Xã Xuân Tâm", "Xã Xuân Hòa", "part")]
    assert rows(
        warehouse[0], "SELECT decree FROM mart.area_succession WHERE old_area_code = :p", p=BINH_PHUOC
    ) == [("Nghị quyết 202/2025/QH15",)]
