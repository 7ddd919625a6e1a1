"""Small-count suppression: which measures of a form are withheld together from readers such as BI tools.

A count of persons from 1 to 4 is withheld. A count that a rule of the form links to a small one (a total and
its parts, women among persons) is withheld with it, because a subtraction would reveal the small one; so is
an amount of a withheld count. Forms by commune have all their counts of persons withheld: others report the same
persons for districts.

This module derives the declarations; the SQL is in `suppression.sql` and `suppressed_rows.sql`, both in
`warehouse/sql/macros`.
"""

import re
from dataclasses import dataclass

from schemas.declaration import Form, Measure, RuleScope
from schemas.expressions import names

SMALLEST_SHOWN = 5  # zero is shown too: it is about nobody
_FLOOR = re.compile(r"(\w+) >= (\w+)")  # a rule of this form bounds a count from below


@dataclass(frozen=True, slots=True)
class LinkedCount:
    """A count about persons and the visible columns that bound it from below by a rule."""

    key: str
    floors: tuple[str, ...]


CountGroup = tuple[LinkedCount, ...]


def linked_measures(form: Form) -> list[list[Measure]]:
    """Group the counts about persons of a form: measures in one rule belong to one group."""
    groups = [[measure] for measure in form.measures if measure.is_number and measure.unit.counts_persons]
    for rule in form.rules_of(RuleScope.ROW):
        named = names(rule.expression) | (names(rule.condition) if rule.condition else frozenset())
        linked = [group for group in groups if any(measure.key in named for measure in group)]
        if len(linked) > 1:
            others = [group for group in groups if group not in linked]
            groups = [*others, [measure for group in linked for measure in group]]
    return groups


def linked_counts(form: Form) -> tuple[CountGroup, ...]:
    """The groups of `linked_measures` as the SQL templates need them."""
    return tuple(
        tuple(LinkedCount(measure.key, _floors(form, measure)) for measure in group)
        for group in linked_measures(form)
    )


def withheld_columns(form: Form) -> dict[str, int]:
    """The measures that may be withheld, counts of persons and their amounts, with their group's number."""
    numbers = {
        measure.key: number for number, group in enumerate(linked_measures(form), 1) for measure in group
    }
    columns = {measure.key: numbers.get(measure.amount_of or measure.key, 0) for measure in form.measures}
    return {key: number for key, number in columns.items() if number}


def is_by_commune(form: Form) -> bool:
    """Whether the rows of a form are about communes."""
    return form.area_dimension is not None and form.area_dimension.level == "commune"


def _floors(form: Form, measure: Measure) -> tuple[str, ...]:
    """The visible columns that a rule declares to be no greater than a count."""
    matches = (_FLOOR.fullmatch(rule.expression) for rule in form.rules_of(RuleScope.ROW))
    floors = (form.columns[match[2]] for match in matches if match and match[1] == measure.key)
    return tuple(
        floor.key for floor in floors if isinstance(floor, Measure) and not floor.unit.counts_persons
    )
