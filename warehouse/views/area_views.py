"""Views by areas: their states over time, what became of them, and figures by the areas of today.

Where areas merged, each measure follows its kind: sums add up; yes or no, scores and codes stand where all
that merged agree, and nowhere else. What an area reported that was divided since is shown under all its
parts together, never under one of them; a district's that is no more, under its province.
"""

from schemas.declaration import Form, Measure
from schemas.forms import FORMS
from warehouse.privacy.suppression import READER, is_small, linked_measures, rows_in_force
from warehouse.views.form_views import View

# From each state of an area to where it lies today: a row per area_key. Reckoned once for a query, whatever
# the planner believes of the rest; joined to provinces from the left, so that it knows how many rows come.
_PRESENT = """
    WITH lies AS (
        SELECT d.area_key, string_agg(l.area_code, '+' ORDER BY l.area_code) AS area_codes,
            string_agg(l.area_name, ' + ' ORDER BY l.area_code) AS area_names, d.area_level,
            bool_and(l.area_level = d.area_level) OR count(*) = 1 AS of_one_level,
            min(l.province_code) AS province_code, count(*) > 1 AS is_divided
        FROM (SELECT area_key, area_key AS later_area_key FROM dw.dim_area
            UNION ALL SELECT area_key, later_area_key FROM dw.bridge_area) b
        JOIN dw.dim_area d ON d.area_key = b.area_key
        JOIN dw.dim_area l ON l.area_key = b.later_area_key
            AND l.valid_from <= audit.present()::date AND l.valid_to > audit.present()::date
        GROUP BY d.area_key, d.area_level
    ),
    present AS MATERIALIZED (
        SELECT s.area_key, CASE WHEN of_one_level THEN s.area_codes ELSE p.area_code END AS area_code,
            CASE WHEN of_one_level THEN s.area_names ELSE p.area_name END AS area_name,
            CASE WHEN of_one_level THEN s.area_level ELSE p.area_level END AS area_level,
            s.province_code, s.is_divided
        FROM lies s LEFT JOIN dw.dim_area p ON p.province_code = s.province_code
            AND p.area_code = s.province_code AND p.is_latest
    )
    SELECT * FROM present
"""
_OF_TODAY = {
    "area_code": "Area of today: code; of what was divided since, the codes of all its parts joined by +.",
    "area_name": "Area of today: name.",
    "is_divided": "Whether it was told of an area that was divided since.",
    "areas_merged": "How many areas as they were then it comprises.",
}

AREA: View = (
    "mart.area",
    "Areas: a row for each state with its days, and the area of today in which it lies.",
    f"""
SELECT a.province_code, a.area_code, a.area_name, a.area_kind, a.area_level, a.parent_code,
    up.area_name AS parent_name, a.valid_from, a.valid_to, a.is_latest, t.area_code AS area_code_today,
    t.area_name AS area_name_today, t.is_divided, a.sort_key
FROM dw.dim_area a LEFT JOIN ({_PRESENT}) t USING (area_key)
LEFT JOIN dw.dim_area up ON up.province_code = a.province_code AND up.area_code = a.parent_code
    AND up.valid_from <= a.valid_from AND up.valid_to > a.valid_from
WHERE a.valid_from < a.valid_to
""",
    {
        "province_code": "Province that reports are made to.",
        "area_code": "Official code of the area.",
        "area_name": "Name with the word before it.",
        "area_kind": "The word before the name.",
        "area_level": "Level: province, district or commune.",
        "parent_code": "Area that it lies in: code.",
        "parent_name": "Area that it lies in: name.",
        "valid_from": "First day of this state.",
        "valid_to": "First day after it.",
        "is_latest": "Whether it is the last state of what bears the code.",
        "area_code_today": "Area of today in which it lies: code; of what was divided, all parts, joined.",
        "area_name_today": "Area of today in which it lies: name.",
        "is_divided": "Whether it was divided since.",
        "sort_key": "Key that sorts names in Vietnamese order.",
    },
)

AREA_SUCCESSION: View = (
    "mart.area_succession",
    "What became of areas: merged into others, split, renamed or moved, from which day, by which decree.",
    """
SELECT s.from_day, s.old_province_code, s.old_area_code, o.area_name AS old_area_name, s.new_province_code,
    s.new_area_code, n.area_name AS new_area_name, s.kind, s.extent, s.decree
FROM dw.area_succession s
LEFT JOIN dw.dim_area o ON o.province_code = s.old_province_code AND o.area_code = s.old_area_code
    AND o.valid_from < s.from_day AND o.valid_to >= s.from_day
LEFT JOIN dw.dim_area n ON n.province_code = s.new_province_code AND n.area_code = s.new_area_code
    AND n.valid_from <= s.from_day AND n.valid_to > s.from_day
""",
    {
        "from_day": "First day on which it was so.",
        "old_province_code": "Province that the area lay in.",
        "old_area_code": "Area that was: code.",
        "old_area_name": "Area that was: name; empty where no plan of its province is loaded.",
        "new_province_code": "Province that it lies in from then on.",
        "new_area_code": "Area that it, or a part of it, lies in from then on: code.",
        "new_area_name": "Area that it, or a part of it, lies in from then on: name.",
        "kind": "merged, split, renamed or moved.",
        "extent": "whole or part: how much of the area that was.",
        "decree": "The decree that says so.",
    },
)

# Figures of several areas add up, unless a function of the target is not additive.
_ADDS_UP = "(d.additivity <> 'non_additive' OR count(*) = 1)"
TARGETS_BY_AREA_TODAY: View = (
    "mart.target_indicator_by_area_today",
    "What each target has reached by the areas of today: parts of percentages add up, percentages do not.",
    f"""
SELECT t.plan_code, t.target_code, p.area_code, p.area_name, a.area_level, t.period_code, t.window_end,
    CASE WHEN {_ADDS_UP} THEN sum(t.numerator) END AS numerator,
    CASE WHEN {_ADDS_UP} THEN sum(t.denominator) END AS denominator,
    (CASE WHEN NOT {_ADDS_UP} THEN NULL
        WHEN t.unit = 'percent' THEN 100.0 * sum(t.numerator) / nullif(sum(t.denominator), 0)
        ELSE sum(t.numerator) END)::double precision AS value,
    t.unit, bool_and(t.is_final) AS is_final, p.is_divided, count(*)::int AS areas_merged
FROM mart.target_indicator t JOIN dw.dim_plan pl USING (plan_code)
JOIN dw.dim_target d USING (plan_code, target_code)
JOIN dw.dim_area a ON a.province_code = pl.province_code AND a.area_code = t.area_code
    AND a.valid_from <= t.window_end AND a.valid_to > t.window_end
JOIN ({_PRESENT}) p USING (area_key)
GROUP BY t.plan_code, t.target_code, p.area_code, p.area_name, a.area_level, t.period_code, t.window_end,
    t.unit, p.is_divided, d.additivity
""",
    _OF_TODAY
    | {
        "plan_code": "Plan of the target.",
        "target_code": "Code of the target.",
        "area_level": "Level of the areas as they were; a former district's figures are now its province's.",
        "period_code": "Period up to whose end the figure is reckoned.",
        "window_end": "Last day of the period's window.",
        "numerator": "What is counted, added up.",
        "denominator": "What it is held against, added up.",
        "value": "The figure in the target's unit.",
        "unit": "Unit of the figure.",
        "is_final": "Whether all expected reports of all that merged are in.",
    },
)


def by_area_today(form: Form) -> View:
    """The view mart.<form>_by_area_today: rows in force by period, who told of it, and area of today."""
    place = form.area_dimension
    keys = [c for c in form.dimensions if c is not place]
    columns = [
        ("year", "p.year", "Year that the period is named after."),
        ("period_code", "p.period_code", "Period: code."),
        ("window_end", "p.window_end", "Last day of the window."),
        (
            "reported_by",
            "CASE WHEN b.body_level = 'province' THEN b.body_code ELSE b.body_level END",
            "Who told of it: a provincial body's code; district or commune for local bodies together.",
        ),
        ("area_code", "t.area_code", _OF_TODAY["area_code"]),
        ("area_name", "t.area_name", _OF_TODAY["area_name"]),
        ("is_divided", "t.is_divided", _OF_TODAY["is_divided"]),
        *((key.key, f"f.{key.key}", f"{key.label_vi}.") for key in keys),
    ]
    grouped = ", ".join(said for _, said, _ in columns)
    columns.append(("areas_merged", "count(DISTINCT f.area_key)::int", _OF_TODAY["areas_merged"]))
    columns += [(m.key, _merged(form, m), _merged_comment(m)) for m in form.measures]
    reader = f" CROSS JOIN {READER}" if linked_measures(form) else ""
    query = (
        f"SELECT {', '.join(f'{said} AS {name}' for name, said, _ in columns)}"
        f" FROM {rows_in_force(form)} f JOIN dw.dim_body b USING (body_key)"
        f" JOIN dw.dim_period p USING (period_key) JOIN ({_PRESENT}) t ON t.area_key = f.area_key{reader}"
        f" GROUP BY {grouped}{', reader.sees_all' if reader else ''}"
    )
    return (
        f"mart.{form.key}_by_area_today",
        f"Form {form.code} ({form.title}): the rows in force by the areas of today.",
        query,
        {name: comment for name, _, comment in columns},
    )


def _merged(form: Form, measure: Measure) -> str:
    """A measure over what merged, by its kind; withheld where any of what merged is withheld."""
    said = f"f.{measure.key}"
    group = next((group for group in linked_measures(form) if measure in group), None)
    if measure.is_additive:
        total = f"sum({said})" if not measure.unit.whole else f"sum({said})::bigint"
        return (
            total
            if group is None
            else f"CASE WHEN reader.sees_all OR NOT bool_or({is_small(form, group, 'f')}) THEN {total} END"
        )
    return f"CASE WHEN count(DISTINCT {said}) = 1 THEN (array_agg({said}))[1] END"


def _merged_comment(measure: Measure) -> str:
    how = "added up" if measure.is_additive else "where all that merged say the same, else empty"
    label = f"{measure.group}: {measure.label_vi}" if measure.group else measure.label_vi
    return f"{label} ({how})."


AREA_VIEWS = (AREA, AREA_SUCCESSION, TARGETS_BY_AREA_TODAY, *(by_area_today(form) for form in FORMS))
