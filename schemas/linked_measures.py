"""Small-count suppression: which measures of a form are withheld together from readers such as BI tools.

A count of persons from 1 to 4 is withheld. A count that a rule of the form links to a small one (a total and
its parts, women among persons) is withheld with it, because a subtraction would reveal the small one; so is
an amount of a withheld count. Forms by communes or smaller places have all their counts of persons withheld:
others report the same persons for districts.

A visible figure may bound a count from above by a rule (adverse events by doses). Where the count is withheld
and the bound is 1 to 4, the bound is withheld too, with the visible figures that add up to it; where it is 0,
so is the count, which is shown then.

This module derives the declarations; the SQL is in `suppression.sql` and `suppressed_rows.sql`, both in
`warehouse/sql/macros`.
"""

import re
from dataclasses import dataclass

from schemas.declaration import Form, Measure, MeasureType, Rule, RuleScope, Severity
from schemas.expressions import names

SMALLEST_SHOWN = 5  # zero is shown too: it is about nobody
_TOTAL = re.compile(r"(\w+) == (\w+(?: \+ \w+)+)")  # a rule of this form makes a count the sum of others
_PART = re.compile(r"(\w+) <= (\w+)")
_ZERO = re.compile(r"\w+ == 0")
_DISTRICTS_AND_ABOVE = frozenset({"nation", "province", "district"})
_IS_ZERO = re.compile(r"\(?(\w+) == 0\)?")
_CEILING = re.compile(r"(\w+) <= (\w+(?: \+ \w+)*)")  # a rule of this form bounds a count from above
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
    """The measures that may be withheld (counts of persons, their amounts, their bounds) with their group."""
    numbers = _group_numbers(form)
    columns = {measure.key: numbers.get(measure.amount_of or measure.key, 0) for measure in form.measures}
    bounds = {key: bound.group for bound in ceilings(form) for key in bound.columns}
    return {key: number or bounds[key] for key, number in columns.items() if number or key in bounds}


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Visible columns whose sum bounds a count about persons from above, as an expression of a rule.

    `columns` are these, and the visible ones that rules tie to them.
    """

    count: str
    group: int
    expression: str
    columns: frozenset[str]


def ceilings(form: Form) -> list[Ceiling]:
    """The visible bounds of the counts about persons of a form."""
    counts = _group_numbers(form)
    visible = {measure.key for measure in form.measures if measure.is_number} - counts.keys()
    found = []
    for rule in _strict_rules(form):
        match = _CEILING.fullmatch(rule.expression)
        if match and not rule.condition and match[1] in counts and names(match[2]) <= visible:
            tied = set(names(match[2]))
            for _ in visible:
                for other in _strict_rules(form):
                    if (named := names(other.expression) & visible) & tied:
                        tied |= named
            found.append(Ceiling(match[1], counts[match[1]], match[2], frozenset(tied)))
    return found


def zero_conditions(form: Form, count: str) -> list[str]:
    """The conditions on visible columns under which rules make a count, or another that bounds it, 0."""
    counts = _group_numbers(form)
    conditions = [f"{bound.expression} == 0" for bound in ceilings(form) if bound.count == count]
    for rule in _strict_rules(form):
        zeros = {m[1] for part in rule.expression.split(" & ") if (m := _IS_ZERO.fullmatch(part))}
        if rule.condition:
            if count in zeros and not names(rule.condition) & counts.keys():
                conditions.append(rule.condition)
        elif (part := _PART.fullmatch(rule.expression)) and part[1] == count != part[2] and part[2] in counts:
            conditions += zero_conditions(form, part[2])
        elif (total := _TOTAL.fullmatch(rule.expression)) and count in total[2].split(" + "):
            conditions += zero_conditions(form, total[1])
    return conditions


def _strict_rules(form: Form) -> list[Rule]:
    return [rule for rule in form.rules_of(RuleScope.ROW) if rule.severity is Severity.ERROR]


def _group_numbers(form: Form) -> dict[str, int]:
    return {m.key: number for number, group in enumerate(linked_measures(form), 1) for m in group}


def published_total(form: Form, group: list[Measure]) -> Measure | None:
    """The count of a group whose province-wide sum may be published; None where the group has none.

    It is the group's only count, or the one that rules declare to be the sum of the others or not less than
    them. It must be a flow, and no rule may tie the group to visible columns, except a floor of an only
    count, and one that makes a count 0 where a visible column is: the condition on which a sum is published
    is proved for these cases only, see docs/decisions.
    """
    candidates = [measure for measure in group if _bounds_all(form, measure, group)]
    if len(candidates) != 1 or candidates[0].kind is not MeasureType.FLOW or is_below_district(form):
        return None
    counts = {measure.key for measure in group}
    for rule in form.rules_of(RuleScope.ROW):
        named = names(rule.expression) | (names(rule.condition) if rule.condition else frozenset())
        is_floor = len(group) == 1 and not rule.condition and _FLOOR.fullmatch(rule.expression)
        is_zero = _ZERO.fullmatch(rule.condition) and _ZERO.fullmatch(rule.expression)
        allowed = is_floor or is_zero or rule.severity is not Severity.ERROR
        if named & counts and named - counts and not allowed:
            return None
    return candidates[0]


def _bounds_all(form: Form, measure: Measure, group: list[Measure]) -> bool:
    others = {other.key for other in group} - {measure.key}
    bounded: set[str] = set()
    for rule in form.rules_of(RuleScope.ROW):
        if rule.condition or rule.severity is not Severity.ERROR:
            continue
        if (total := _TOTAL.fullmatch(rule.expression)) and total[1] == measure.key:
            bounded |= set(total[2].split(" + "))
        elif (part := _PART.fullmatch(rule.expression)) and part[2] == measure.key:
            bounded.add(part[1])
    return others <= bounded


def is_below_district(form: Form) -> bool:
    """Whether the rows of a form are about communes or smaller places; an unknown level counts as such."""
    return form.area_dimension is not None and form.area_dimension.level not in _DISTRICTS_AND_ABOVE


def _floors(form: Form, measure: Measure) -> tuple[str, ...]:
    """The visible columns that a rule declares to be no greater than a count."""
    matches = (_FLOOR.fullmatch(rule.expression) for rule in form.rules_of(RuleScope.ROW))
    floors = (form.columns[match[2]] for match in matches if match and match[1] == measure.key)
    return tuple(
        floor.key for floor in floors if isinstance(floor, Measure) and not floor.unit.counts_persons
    )
