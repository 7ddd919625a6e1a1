"""Small-count suppression: which counts about persons are withheld from BI tools (1 to 4).

A count that a rule of the form links to a small one (a total and its parts, women among persons) is withheld
with it; otherwise a subtraction would reveal the small one. The views for BI tools hold rows as reported and
no totals over areas, categories or periods, so that no visible sum contains a withheld count.

This module derives the declarations; the SQL conditions are in `warehouse/sql/macros/suppression.sql`.
"""

import re
from dataclasses import dataclass

from schemas.declaration import Form, Measure, RuleScope
from schemas.expressions import names
from schemas.forms import BY_KEY

SMALLEST_SHOWN = 5  # zero is shown too: it is about nobody
_FLOOR = re.compile(r"(\w+) >= (\w+)")  # a rule of this form bounds a count from below
# The communes of a quarter in one form have the same persons as their district month by month in another.
_DISTRICT_FORM = {"commune_status": ("enforcement", "sanctioned_total")}


@dataclass(frozen=True, slots=True)
class LinkedCount:
    """A count about persons and the visible columns that bound it from below by a rule."""

    key: str
    floors: tuple[str, ...]


CountGroup = tuple[LinkedCount, ...]


@dataclass(frozen=True, slots=True)
class DistrictCounts:
    """The counts of another form that repeat a commune's persons for its district."""

    form_key: str
    counts: CountGroup


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


def district_counts(form: Form) -> DistrictCounts | None:
    """The counts of another form that repeat those of this one for whole districts; None without any."""
    if form.key not in _DISTRICT_FORM:
        return None
    form_key, measure = _DISTRICT_FORM[form.key]
    groups = linked_counts(BY_KEY[form_key])
    counts = next(group for group in groups if any(count.key == measure for count in group))
    return DistrictCounts(form_key, counts)


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
