"""The registry of aggregation functions, and those that were added by its recipe alone."""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine, text

import warehouse
from plans.aggregation_functions import (
    AGGREGATION_FUNCTIONS,
    COMBINATIONS,
    Additivity,
    weakest_additivity,
)
from plans.model import Plan, Target
from plans.target_expressions import target_terms
from schemas.declaration import MeasureType
from tests.support.forms import BY_KEY, FORMS
from tests.support.postgres import shared_database
from tests.support.reports import PLAN
from tests.support.targets import check_expression
from warehouse.database import connect
from warehouse.dimensions.seeds import load_reference
from warehouse.indicators.lineage import recompute, trace
from warehouse.indicators.materialize import materialize
from warehouse.load.batch import affected_scope, load_batch
from warehouse.load.submissions import Submission
from warehouse.loads import recorded_load
from warehouse.migrations.upgrade import migrate

FORM = BY_KEY["commune_status"]
NOW = datetime(2020, 8, 1, tzinfo=UTC)
DISTRICTS = [area.code for area in PLAN.areas if area.level == "district"]
COMMUNES = {district: [area.code for area in PLAN.areas if area.parent == district] for district in DISTRICTS}


def target(code: str, numerator: str = "average(commune_status.score)", **fields: Any) -> Target:
    return Target(
        code=code,
        label_vi="Điểm đánh giá",
        numerator=numerator,
        unit="point",
        pace="constant",
        reported_levels=("province", "district", "commune"),
        **fields,
    )


def hotspots(score: int) -> int:
    """The hotspots that a commune of this score reports: about half have none."""
    return max(0, score - 65)


@dataclass
class Scores:
    """A warehouse with two targets over scores, and the latest score of each commune by period."""

    engine: Engine
    plan: Plan
    latest: dict[str, dict[str, int]] = field(default_factory=lambda: {"2020-Q1": {}, "2020-Q2": {}})
    positive: dict[str, set[str]] = field(default_factory=lambda: {"2020-Q1": set(), "2020-Q2": set()})

    def report(self, district: str, period: str, scores: list[int]) -> None:
        """Load a district's report for a quarter."""
        body = f"UBND-{district}"
        submission = Submission(body, FORM.code, period, "accepted", "file:///d", "f", "", "0" * 64, 1, NOW)
        blank: dict[str, Any] = {measure.key: 0 for measure in FORM.measures}
        blank |= {"plan_deployed": True, "volunteer_team": False}
        blank |= {"classification": "GOOD"}
        rows = [
            {
                **blank,
                "submission": 1,
                "sheet": "",
                "row": number,
                "commune": commune,
                "score": score,
                "hotspots": hotspots(score),
                "free_of_prostitution": hotspots(score) == 0,
            }
            for number, (commune, score) in enumerate(zip(COMMUNES[district], scores, strict=True), 8)
        ]
        frames = {FORM.code: pd.DataFrame(rows)}
        with self.engine.begin() as connection, recorded_load(connection, self.plan, "ingest", NOW) as load:
            load_batch(connection, self.plan, load, [submission], frames, {1: submission})
            scope = affected_scope(self.plan, [submission])
            assert scope is not None
            materialize(connection, self.plan, NOW, scope, load=load)
        for later in ("2020-Q1", "2020-Q2"):
            if later >= period:
                self.latest[later].update(zip(COMMUNES[district], scores, strict=True))

        self.positive[period] |= {c for c, s in zip(COMMUNES[district], scores, strict=True) if hotspots(s)}

    def figures(self, code: str, period: str) -> dict[str, Any]:
        query = "SELECT * FROM mart.target_indicator WHERE target_code = :code AND period_code = :period"
        with self.engine.connect() as connection:
            rows = connection.execute(text(query), {"code": code, "period": period})
            return {row.area_code: row for row in rows}


TARGETS = (
    target("HIGH", at_least=60),
    target("LOW", at_most=10),
    target("MIN", "min(commune_status.score)", at_least=30),
    target("MAX", "max(commune_status.score)", at_most=95),
    target("DISTINCT", "distinct(commune_status.hotspots)", at_least=5),
)


@pytest.fixture(scope="module")
def scores() -> Iterator[Scores]:
    plan = PLAN.model_copy(update={"targets": TARGETS})
    with shared_database("embedded") as url:
        engine = connect(url)
        migrate(engine)
        with engine.begin() as connection:
            load_reference(connection, plan)
            materialize(connection, plan, NOW)
        found = Scores(engine, plan)
        chance = random.Random(7)
        for district in DISTRICTS:
            found.report(district, "2020-Q1", [chance.randint(40, 90) for _ in COMMUNES[district]])
        for district in DISTRICTS[:4]:
            found.report(district, "2020-Q2", [chance.randint(40, 90) for _ in COMMUNES[district]])
        yield found
        engine.dispose()


@pytest.mark.parametrize("period", ["2020-Q1", "2020-Q2"])
def test_average_is_the_mean_over_the_rows_of_the_latest_reports(period: str, scores: Scores) -> None:
    latest = scores.latest[period]
    figures = scores.figures("HIGH", period)
    assert figures["75"].value == pytest.approx(sum(latest.values()) / len(latest))
    for district, communes in COMMUNES.items():
        mean = sum(latest[commune] for commune in communes) / len(communes)
        assert figures[district].value == pytest.approx(mean)
        for commune in communes:
            assert figures[commune].value == latest[commune]


@pytest.mark.parametrize("period", ["2020-Q1", "2020-Q2"])
@pytest.mark.parametrize(("code", "function"), [("MIN", min), ("MAX", max)])
def test_min_and_max_are_over_the_rows_of_the_latest_reports(
    code: str, function: Callable[[Iterable[int]], int], period: str, scores: Scores
) -> None:
    latest = scores.latest[period]
    figures = scores.figures(code, period)
    assert figures["75"].value == function(latest.values())
    for district, communes in COMMUNES.items():
        assert figures[district].value == function(latest[commune] for commune in communes)
        for commune in communes:
            assert figures[commune].value == latest[commune]


@pytest.mark.parametrize("code", ["MIN", "MAX"])
def test_nothing_bounds_min_and_max_while_reports_are_missing(code: str, scores: Scores) -> None:
    complete, open_one = scores.figures(code, "2020-Q1")["75"], scores.figures(code, "2020-Q2")["75"]
    assert complete.value_min == complete.value_max == complete.value
    assert (open_one.value_min, open_one.value_max, open_one.verdict) == (None, None, "undecided")


def test_distinct_counts_each_area_with_a_positive_value_once(scores: Scores) -> None:
    first, both = scores.positive["2020-Q1"], scores.positive["2020-Q1"] | scores.positive["2020-Q2"]
    assert 0 < len(first) < len(both) < sum(map(len, COMMUNES.values()))
    assert first & scores.positive["2020-Q2"]  # areas that a sum over reports would count twice
    for period, areas in (("2020-Q1", first), ("2020-Q2", both)):
        figures = scores.figures("DISTINCT", period)
        assert figures["75"].value == len(areas)
        for district, communes in COMMUNES.items():
            assert figures[district].value == len(areas & set(communes))


def test_missing_reports_can_only_add_to_distinct(scores: Scores) -> None:
    open_one = scores.figures("DISTINCT", "2020-Q2")["75"]
    assert (open_one.is_final, open_one.value_min, open_one.value_max) == (False, open_one.value, None)
    assert open_one.verdict == "met"  # at least 5 is reached already


def test_nothing_bounds_an_average_while_reports_are_missing(scores: Scores) -> None:
    complete, open_one = scores.figures("HIGH", "2020-Q1")["75"], scores.figures("HIGH", "2020-Q2")["75"]
    assert (complete.is_final, open_one.is_final) == (True, False)
    assert complete.value_min == complete.value_max == complete.value
    assert (open_one.value_min, open_one.value_max, open_one.verdict) == (None, None, "undecided")
    nothing = scores.figures("HIGH", "2020-M01")["75"]
    assert (nothing.numerator, nothing.value, nothing.status) == (None, None, "no_data")


def test_an_average_above_its_limit_may_still_fall(scores: Scores) -> None:
    complete = scores.figures("LOW", "2020-Q1")["75"]
    assert (complete.is_final, complete.verdict, complete.status) == (True, "not_met", "behind")


def test_each_function_has_a_target_whose_cells_are_compared() -> None:
    targets = (*PLAN.targets, *TARGETS)  # tests/end_to_end/test_auditing.py compares the cells of the plan's
    used = {term.function for declared in targets for side in target_terms(declared) for term in side}
    # tests/integration/warehouse/test_target_kinds.py compares those of the other functions.
    assert used == {n for n, f in AGGREGATION_FUNCTIONS.items() if f.argument in ("measure", "level")}
    assert {function.combine for function in AGGREGATION_FUNCTIONS.values()} == set(COMBINATIONS)


@pytest.mark.parametrize("code", [declared.code for declared in TARGETS])
def test_the_cells_of_a_figure_give_it_again(code: str, scores: Scores) -> None:
    declared = next(t for t in scores.plan.targets if t.code == code)
    with scores.engine.connect() as connection:
        for area in ("75", DISTRICTS[0], DISTRICTS[-1], COMMUNES[DISTRICTS[0]][0]):
            cells = trace(connection, scores.plan, code, "2020-Q2", area)
            numerator, denominator = recompute(cells, declared)
            assert float(numerator) == pytest.approx(scores.figures(code, "2020-Q2")[area].value)
            assert denominator is None


def test_the_additivity_of_each_target_is_stored(scores: Scores) -> None:
    with scores.engine.begin() as connection:
        load_reference(connection, PLAN)
        rows = connection.execute(text("SELECT target_code, additivity FROM dw.dim_target ORDER BY 1")).all()
    stored = {row[0]: row[1] for row in rows}
    assert (stored["HIGH"], stored["LOW"]) == ("non_additive", "non_additive")
    assert (stored["MIN"], stored["MAX"], stored["DISTINCT"]) == (
        "non_additive", "non_additive", "semi_additive",
    )  # fmt: skip
    for declared in PLAN.targets:
        uses_only_sum = "sum(" in declared.numerator and not declared.denominator
        assert (stored[declared.code] == "additive") == uses_only_sum, declared.code


def test_each_function_has_one_template() -> None:
    folder = Path(warehouse.__file__).parent / "sql" / "indicators" / "functions"
    assert {file.stem for file in folder.glob("*.sql")} == set(AGGREGATION_FUNCTIONS)


@pytest.mark.parametrize("name", sorted(AGGREGATION_FUNCTIONS))
def test_a_function_takes_the_measure_types_that_it_declares(name: str) -> None:
    function = AGGREGATION_FUNCTIONS[name]
    assert set(function.measure_types) <= {kind.value for kind in MeasureType}
    assert bool(function.measure_types) == function.takes_measure
    for form in FORMS:
        for measure in form.measures:
            expression = f"{name}({form.key}.{measure.key})"
            if measure.kind.value in function.measure_types and measure.code_list is None:
                assert check_expression(expression, BY_KEY)[0].function == name
            else:
                with pytest.raises(ValueError, match=r"may not use|does not fit"):
                    check_expression(expression, BY_KEY)


def test_a_sum_of_terms_is_as_additive_as_its_weakest_term() -> None:
    assert weakest_additivity([]) is Additivity.ADDITIVE
    assert weakest_additivity(["sum", "sum"]) is Additivity.ADDITIVE
    assert weakest_additivity(["sum", "last"]) is Additivity.SEMI_ADDITIVE
    assert weakest_additivity(["average", "sum"]) is Additivity.NON_ADDITIVE
