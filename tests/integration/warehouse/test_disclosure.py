"""Sums of persons and withheld counts: what can be computed from all that BI tools see, also over time."""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations_with_replacement
from typing import Any

import pytest
from sqlalchemy import Connection, text

from plans.reporting_calendar import Period, period_from_code
from schemas.linked_measures import linked_measures
from tests.support.disclosure import Attack, Sum
from tests.support.fact_rows import as_reader, put_report
from tests.support.forms import BY_KEY, CATALOG
from tests.support.reports import PLAN
from warehouse.database import connect
from warehouse.history.person_totals import publish_person_totals
from warehouse.privacy.roles import create_roles
from warehouse.sql_objects import guards

pytestmark = pytest.mark.long

NOW = datetime(2020, 4, 20, tzinfo=UTC)
WIDTH = 3
ENFORCEMENT, TRIALS, SUPPORT = BY_KEY["enforcement"], BY_KEY["trials"], BY_KEY["social_support"]
DISTRICTS = [area.code for area in PLAN.areas if area.level == "district"]
OFFENDERS = ("offenders_harbouring", "offenders_brokering", "offenders_other")
QUARTERS = [period_from_code(f"2020-Q{n}", PLAN.calendar) for n in (1, 2, 3, 4)]
YEAR = period_from_code("2020-Y", PLAN.calendar)


@pytest.fixture
def connection(warehouse_url: str) -> Iterator[Connection]:
    engine = connect(warehouse_url)
    assert create_roles(engine) == []
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


def offenders(*parts: int) -> dict[str, int]:
    return {**dict(zip(OFFENDERS, parts, strict=True)), "offenders_total": sum(parts)}


def publish(connection: Connection, *periods: Period, closed: frozenset[str] = frozenset()) -> int:
    return sum(publish_person_totals(connection, PLAN, period, closed, NOW) for period in periods)


def sums(connection: Connection, form_code: str) -> list[dict[str, Any]]:
    return as_reader(
        connection,
        "chitieu_bi",
        f"SELECT * FROM mart.person_total WHERE form_code = '{form_code}' ORDER BY period_code, measure_name",
    )


def narrowest(connection: Connection, form_key: str) -> tuple[int, int]:
    """How many counts of a form are withheld, and the width of the narrowest interval of possible values."""
    form = BY_KEY[form_key]
    rows = as_reader(connection, "chitieu_bi", f"SELECT * FROM mart.{form_key}")
    published = sums(connection, form.code)
    widths = []
    for group in linked_measures(form):
        keys = [measure.key for measure in group]
        known = [
            Sum(total["measure_name"], _inside(rows, total), total["value"])
            for total in published
            if total["measure_name"] in keys
        ]
        widths += [high - low for low, high in Attack(form, rows, keys, known).intervals().values()]
    return len(widths), min(widths)


def _inside(rows: list[dict[str, Any]], total: dict[str, Any]) -> list[int]:
    return [
        number
        for number, row in enumerate(rows)
        if row["window_start"] >= total["window_start"]
        and row["window_end"] <= total["window_end"]
        and row["body_code"] == total["reported_by"]
    ]


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_every_withheld_count_keeps_an_interval(connection: Connection, seed: int) -> None:
    chosen = random.Random(seed)
    few = [0, 0, 0, 1, 2, 3, 9, 14] if seed % 2 else [0, 0, 0, 0, 0, 1, 6]
    rows = {
        area: offenders(*(chosen.choice(few) for _ in OFFENDERS)) | {"cases_detected": 30}
        for area in DISTRICTS
    }
    put_report(connection, ENFORCEMENT, "CAT", "2020-M03", rows, NOW)
    trials = {}
    for area in DISTRICTS:
        tried = chosen.choice([0, 1, 2, 4, 6])
        trials[area] = {"accepted": tried, "tried": tried, "defendants": tried + chosen.choice([0, 1, 3, 8])}
    put_report(connection, TRIALS, "TAND", "2020-Q1", trials, NOW)
    assert publish(connection, QUARTERS[0]) > 0
    for form in ("enforcement", "trials"):
        withheld, width = narrowest(connection, form)
        assert withheld > 0
        assert width >= WIDTH, form


def test_a_sum_that_gives_a_count_away_is_not_published(connection: Connection) -> None:
    rows = {area: offenders(9, 8, 7) for area in DISTRICTS}
    put_report(connection, ENFORCEMENT, "CAT", "2020-M03", rows | {"731": offenders(3, 9, 0)}, NOW)
    publish(connection, QUARTERS[0])
    assert [total["measure_name"] for total in sums(connection, "01-PCMD")] == [
        "sanctioned_total"
    ]  # all are 0
    assert narrowest(connection, "enforcement")[1] >= WIDTH
    # Published without the condition it does give the count away.
    connection.execute(
        text(
            "INSERT INTO dw.person_total SELECT 'DN-2020', '01-PCMD', 'offenders_total', 'CAT', '75', '2020-Q1',"
            " p.window_start, p.window_end, (SELECT sum(offenders_total) FROM dw.fact_enforcement), true, now()"
            " FROM dw.dim_period p WHERE p.period_code = '2020-Q1'"
        )
    )
    assert narrowest(connection, "enforcement")[1] == 0


def test_a_sum_is_marked_where_it_includes_withheld_counts(connection: Connection) -> None:
    rows = {area: offenders(9, 8, 7) for area in DISTRICTS}
    rows |= {area: offenders(3, 9, 0) for area in DISTRICTS[:3]}
    put_report(connection, ENFORCEMENT, "CAT", "2020-M03", rows, NOW)
    publish(connection, QUARTERS[0])
    seen = {total["measure_name"]: total for total in sums(connection, "01-PCMD")}
    assert seen["offenders_total"]["value"] == 8 * 24 + 3 * 12
    assert seen["offenders_total"]["includes_withheld"]
    assert not seen["sanctioned_total"]["includes_withheld"]
    visible = as_reader(
        connection,
        "chitieu_bi",
        "SELECT offenders_total, is_suppressed FROM mart.enforcement_by_area_today",
    )
    assert sorted((row["offenders_total"] or 0, row["is_suppressed"]) for row in visible) == sorted(
        [(24, False)] * 8 + [(0, True)] * 3
    )


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_that_a_sum_is_missing_gives_nothing_away_either(connection: Connection, rows: int) -> None:
    """All values of withheld counts, by what a BI tool sees of their sum: published with a value, or not."""
    possible: dict[object, list[tuple[int, ...]]] = defaultdict(list)
    for values in combinations_with_replacement(range(1, 5), rows):
        with connection.begin_nested() as savepoint:
            reported = {area: {"defendants": n} for area, n in zip(DISTRICTS, values, strict=False)}
            put_report(connection, TRIALS, "TAND", "2020-Q1", reported, NOW)
            publish(connection, QUARTERS[0])
            seen = [t["value"] for t in sums(connection, "04-PCMD")]
            savepoint.rollback()
        possible[tuple(seen)].append(values)
    for found, outcomes in possible.items():
        counts = {value for values in outcomes for value in values}  # a permutation is as possible
        assert max(counts) - min(counts) >= WIDTH, found
    assert len(possible) > (0 if rows == 1 else 1)


def test_quarters_and_year_give_nothing_away_together(connection: Connection) -> None:
    """A year is the sum of its published quarters: a revision between its closings shows in no difference."""
    for number, quarter in enumerate(QUARTERS, 1):
        rows = {area: {"tried": 0, "defendants": 9} for area in DISTRICTS}
        rows |= {
            area: {"tried": 0, "defendants": n} for area, n in zip(DISTRICTS, (1, 2, 4, 3), strict=False)
        }
        put_report(connection, TRIALS, "TAND", quarter.code, rows, NOW)
        closed = frozenset(q.code for q in QUARTERS[: number - 1])
        assert publish(connection, quarter, closed=closed) > 0
    revised = {area: {"defendants": 9} for area in DISTRICTS} | {"731": {"defendants": 4}}
    put_report(connection, TRIALS, "TAND", "2020-Q1", revised, NOW + timedelta(days=1))
    publish(connection, YEAR, closed=frozenset(q.code for q in QUARTERS))
    values = {total["period_code"]: total["value"] for total in sums(connection, "04-PCMD")}
    assert values["2020-Y"] == sum(values[quarter.code] for quarter in QUARTERS)


def test_a_year_whose_quarters_are_not_all_published_is_not(connection: Connection) -> None:
    put_report(connection, TRIALS, "TAND", "2020-Q1", {area: {"defendants": 9} for area in DISTRICTS}, NOW)
    put_report(connection, TRIALS, "TAND", "2020-Q2", {"731": {"defendants": 3}}, NOW)
    publish(connection, *QUARTERS)
    publish(connection, YEAR, closed=frozenset(q.code for q in QUARTERS))
    assert [total["period_code"] for total in sums(connection, "04-PCMD")] == ["2020-Q1"]


Extract = list[int | None]


def counts(connection: Connection, view: str, role: str = "chitieu_bi") -> Extract:
    rows = as_reader(connection, role, f"SELECT area_code, defendants FROM {view} ORDER BY 1")
    return [row["defendants"] for row in rows]


def revise_small_counts(connection: Connection) -> Extract:
    """Replace a small count by a large one, and a large one by a small and a large one; returns the first extract."""
    rows = {"731": {"defendants": 3}, "732": {"defendants": 8}, "734": {"defendants": 9}}
    put_report(connection, TRIALS, "TAND", "2020-Q1", rows, NOW)
    first = counts(connection, "mart.trials")
    rows |= {"731": {"defendants": 30}, "732": {"defendants": 2}}
    put_report(connection, TRIALS, "TAND", "2020-Q1", rows, NOW + timedelta(days=1))
    rows |= {"732": {"defendants": 12}}
    put_report(connection, TRIALS, "TAND", "2020-Q1", rows, NOW + timedelta(days=2))
    return first


def test_a_count_that_was_withheld_once_stays_withheld(connection: Connection) -> None:
    """Two extracts of different days: the second one would show the count that replaced a small one."""
    assert revise_small_counts(connection) == [None, 8, 9]
    assert counts(connection, "mart.trials") == [None, None, 9]
    assert counts(connection, "mart.trials_by_area_today") == [None, None, 9]
    assert counts(connection, "mart.trials", "chitieu_auditor") == [30, 12, 9]


def test_a_second_extract_shows_what_replaced_a_small_count_without_that_rule(connection: Connection) -> None:
    """The weakened trigger compares current rows alone."""
    (trigger,) = (o for o in guards(CATALOG) if o.name == "dw.keep_suppressed_trials")
    weakened = trigger.statements.replace(
        "FROM dw.fact_trials AS f\n", "FROM (SELECT * FROM dw.fact_trials WHERE superseded_at IS NULL) AS f\n"
    )
    assert weakened != trigger.statements
    connection.exec_driver_sql(weakened)
    assert revise_small_counts(connection) == [None, 8, 9]
    assert counts(connection, "mart.trials") == [30, 12, 9]
    assert counts(connection, "mart.trials_by_area_today") == [30, 12, 9]


def test_a_sum_is_published_once(connection: Connection) -> None:
    """Two sums of different days: their difference would be what a revision changed in a withheld count."""
    counts = dict(zip(DISTRICTS, (1, 2, 4, 3, 4, 1), strict=False))
    put_report(connection, TRIALS, "TAND", "2020-Q1", {a: {"defendants": n} for a, n in counts.items()}, NOW)
    publish(connection, QUARTERS[0])
    (before,) = sums(connection, "04-PCMD")
    counts["731"] = 4
    later = NOW + timedelta(days=1)
    put_report(
        connection, TRIALS, "TAND", "2020-Q1", {a: {"defendants": n} for a, n in counts.items()}, later
    )
    publish(connection, QUARTERS[0])
    assert sums(connection, "04-PCMD") == [before]
    # Without that rule the second sum reveals the step of the only row that was revised, from 1 to 4: both counts.
    connection.execute(text("ALTER TABLE dw.person_total DISABLE TRIGGER ALL"))
    connection.execute(text("DELETE FROM dw.person_total"))
    publish(connection, QUARTERS[0])
    (after,) = sums(connection, "04-PCMD")
    assert after["value"] - before["value"] == 3
