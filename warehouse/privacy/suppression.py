"""Which counts are withheld from readers who do not need them: counts about persons from 1 to 4.

A count that a rule of the form ties to a small one (a total and its parts, women among persons) is withheld
with it: otherwise subtracting would give the small one away. The views for BI hold rows as reported and no
totals over areas, categories or periods, so that a withheld cell stands in no sum that one can see.
"""

import re
from collections.abc import Sequence

from schemas import units
from schemas.declaration import Form, Measure, RuleScope
from schemas.expressions import names
from schemas.forms import BY_KEY

SMALLEST_SHOWN = 5  # a nought is shown: it is about nobody
_FLOOR = re.compile(r"(\w+) >= (\w+)")  # a rule of this shape says how low a count can be
# What a form tells of communes for a quarter, another tells of their district month by month.
_TOLD_OF_DISTRICT = {"commune_status": ("enforcement", "sanctioned_total")}
# Who may read the facts themselves (auditors, the pipeline) sees all; BI tools may not.
READER = "(SELECT has_schema_privilege(current_user, 'dw', 'USAGE') AS sees_all) reader"
# Who has the role of an area sees that area alone, in the views as in the tables of mart; null: all areas.
AREAS_SEEN = "(SELECT audit.areas_seen(current_user))"


def target_is_seen(row: str) -> str:
    """The condition that a reader may see a figure; `row` is the alias of one that names plan and target.

    Of targets that count persons BI tools see nothing, so that no small count is left over by subtraction.
    """
    withheld = "(SELECT audit.targets_withheld(current_user))"
    return f"{row}.plan_code || '/' || {row}.target_code <> ALL ({withheld}::text[])"


def linked_measures(form: Form) -> list[list[Measure]]:
    """The counts about persons of a form, in groups tied by rules of its rows."""
    groups = [[measure] for measure in form.measures if measure.is_number and measure.unit is units.PERSON]
    for rule in form.rules_of(RuleScope.ROW):
        named = names(rule.expression) | (names(rule.condition) if rule.condition else frozenset())
        tied = [group for group in groups if any(measure.key in named for measure in group)]
        if len(tied) > 1:
            apart = [group for group in groups if group not in tied]
            groups = [*apart, [measure for group in tied for measure in group]]
    return groups


def rows_in_force(form: Form) -> str:
    """The rows of a form in force, to stand after FROM; `is_small` speaks of them.

    What is told of communes another form may tell of their district as a whole: where one commune's count is
    small, or what the other form tells of the same days, all communes' counts beside it are withheld, for one
    unknown alone is no secret.
    """
    table, groups = f"dw.fact_{form.key}", linked_measures(form)
    if not (groups and _by_commune(form)):
        return f"(SELECT * FROM {table} WHERE superseded_at IS NULL)"
    small = " OR ".join(_small(form, group, "c") for group in groups)
    return (
        f"(SELECT c.*, bool_or({small}) OVER (PARTITION BY c.period_key, place.parent_code)"
        f" OR {_is_told_of_district(form)} AS is_told_small"
        f" FROM {table} c JOIN dw.dim_area place USING (area_key) WHERE c.superseded_at IS NULL)"
    )


def is_small(form: Form, group: Sequence[Measure], row: str) -> str:
    """The condition that one count of a tied group is withheld; `row` is the alias of `rows_in_force`."""
    return f"{row}.is_told_small" if _by_commune(form) else _small(form, group, row)


def _small(form: Form, group: Sequence[Measure], row: str) -> str:
    return " OR ".join(f"{row}.{m.key} BETWEEN 1 AND {_largest_withheld(form, m, row)}" for m in group)


def _largest_withheld(form: Form, measure: Measure, row: str) -> str:
    """Four; more where a shown figure says how low the count can be, so that it can still be one of four."""
    largest = SMALLEST_SHOWN - 1
    floors = [
        found[2]
        for rule in form.rules_of(RuleScope.ROW)
        if (found := _FLOOR.fullmatch(rule.expression)) and found[1] == measure.key
        if (floor := form.columns[found[2]]) and isinstance(floor, Measure) and floor.unit is not units.PERSON
    ]
    raised = [
        f"CASE WHEN {row}.{key} BETWEEN 1 AND {largest} THEN {row}.{key} + {largest - 1} END"
        for key in floors
    ]
    return f"greatest({', '.join([str(largest), *raised])})" if raised else str(largest)


def _is_told_of_district(form: Form) -> str:
    """The condition that another form withholds what it tells of a commune's district in the same days."""
    if form.key not in _TOLD_OF_DISTRICT:
        return "FALSE"
    other, counted = BY_KEY[_TOLD_OF_DISTRICT[form.key][0]], _TOLD_OF_DISTRICT[form.key][1]
    group = next(
        group for group in linked_measures(other) if any(measure.key == counted for measure in group)
    )
    withheld = (
        "SELECT own.period_key, d.province_code, d.area_code"
        f" FROM dw.fact_{other.key} o JOIN dw.dim_area d USING (area_key)"
        " JOIN dw.dim_period p USING (period_key)"
        " JOIN dw.dim_period own ON own.year = p.year AND own.period_kind <> 'A'"
        " AND own.window_start <= p.window_start AND own.window_end >= p.window_end"
        f" WHERE o.superseded_at IS NULL AND ({_small(other, group, 'o')})"
    )
    return " OR ".join(
        f"(c.period_key, place.province_code, place.{place}) IN ({withheld})"
        for place in ("parent_code", "area_code")  # the commune itself where there are no districts
    )


def _by_commune(form: Form) -> bool:
    return form.area_dimension is not None and form.area_dimension.level == "commune"


def shown(form: Form, measure: Measure, row: str) -> str:
    """The expression of a measure in a view that joins READER: null where it is withheld."""
    group = next((group for group in linked_measures(form) if measure in group), None)
    said = f"{row}.{measure.key}"
    return (
        said
        if group is None
        else f"CASE WHEN reader.sees_all OR NOT ({is_small(form, group, row)}) THEN {said} END"
    )


def is_withheld(form: Form, row: str) -> str:
    """The expression that tells whether a row has something withheld from the reader."""
    small = " OR ".join(is_small(form, group, row) for group in linked_measures(form))
    return f"NOT reader.sees_all AND ({small})" if small else "FALSE"


def share_query(forms: Sequence[Form]) -> str:
    """The query of how many counts about persons each form and period has, and how many are withheld.

    Of the areas that the reader may see.
    """
    parts = []
    for form in forms:
        groups = linked_measures(form)
        if groups:
            withheld = " + ".join(
                f"{len(group)} * count(*) FILTER (WHERE {is_small(form, group, 'f')})" for group in groups
            )
            parts.append(
                f"SELECT '{form.code}'::text AS form_code, p.period_code,"
                f" {sum(map(len, groups))} * count(*) AS counts, {withheld} AS withheld"
                f" FROM {rows_in_force(form)} f JOIN dw.dim_period p USING (period_key)"
                " JOIN dw.dim_area a ON a.area_key = f.area_key"
                f" WHERE {AREAS_SEEN} IS NULL OR a.area_code = ANY({AREAS_SEEN}::text[])"
                " GROUP BY p.period_code"
            )
    return (
        "SELECT form_code, period_code, counts, withheld,"
        f" round(100.0 * withheld / counts, 1) AS withheld_pct FROM ({' UNION ALL '.join(parts)}) told"
    )
