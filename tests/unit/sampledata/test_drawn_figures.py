"""Figures drawn from declarations alone keep the rules of any form."""

from itertools import pairwise
from random import Random
from typing import Any

import pytest

from sampledata.drawn_figures import Memory, draw_measures
from schemas import expressions
from schemas.declaration import Dimension, Form, Measure, MeasureType, Rule, Severity, Unit

COUNT, SMALL = Unit("n", "n", 100_000), Unit("s", "s", 30)
KEY = {"kind": "ROAD"}


def _form(rule: str, condition: str = "", unit: Unit = COUNT) -> Form:
    kinds = {
        "started": MeasureType.FLOW,
        "done": MeasureType.FLOW,
        "open_now": MeasureType.STOCK,
        "open_then": MeasureType.OPENING_STOCK,
        "paid": MeasureType.FLOW,
    }
    measures = tuple(Measure(key, key, unit, kind) for key, kind in kinds.items())
    rules = (Rule("R-01", Severity.ERROR, rule, "open_now", "r", "r", condition),)
    return Form("F", "f", "F", (Dimension("kind", "kind"),), measures, rules)


def _year(form: Form, seed: int) -> list[dict[str, Any]]:
    rng = Random(seed)
    memory: Memory = {}
    return [draw_measures(form, rng, memory, 1, KEY) for _ in range(12)]


BALANCE = "open_now == open_then + started - done"


@pytest.mark.parametrize("unit", [COUNT, SMALL])
@pytest.mark.parametrize(
    ("rule", "condition"),
    [
        (BALANCE, ""),
        ("open_then + started - done == open_now", ""),
        ("open_now - open_then == started - done", ""),
        ("started + done <= paid + open_now", ""),
        ("started + done < 10", ""),
        ("3 * done > started + paid", ""),
        ("started + paid == 2 * done", ""),
        ("done + paid >= 20", "kind == 'ROAD'"),
        ("abs(started - done) <= 3", ""),
    ],
)
def test_rows_keep_a_rule_whatever_its_shape(rule: str, condition: str, unit: Unit) -> None:
    form = _form(rule, condition, unit)
    for seed in range(40):
        for row in _year(form, seed):
            assert expressions.evaluate(rule, KEY | row), row
            assert all(0 <= value <= unit.max_value for value in row.values()), row


def test_an_opening_stock_is_the_stock_of_the_period_before() -> None:
    for seed in range(20):
        for before, after in pairwise(_year(_form(BALANCE), seed)):
            assert after["open_then"] == before["open_now"]
