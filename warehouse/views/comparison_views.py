"""Views that compare: with the year before, with the year's end."""

from warehouse.privacy.suppression import target_is_seen
from warehouse.views.form_views import View

_LEAST_MONTHS = 3  # before a year's end is foretold
_OF_TARGET = {
    "plan_code": "Plan of the target.",
    "target_code": "Code of the target.",
    "area_code": "Area that the figure is about.",
    "area_name": "Name of the area.",
    "period_code": "Period up to whose end the figure is reckoned.",
    "value": "The figure, from the start of the plan year.",
    "unit": "Unit of the figure.",
}

# Areas into which others came, whole or in part, and what lies in them: all states that became them, with the
# days on which a part of such a state lies elsewhere, and whether it went on under its own province.
_SOURCES = """
asked AS MATERIALIZED (
    SELECT pl.plan_code, t.target_code, t.additivity,
        concat_ws(' / ', d ->> 'numerator', d ->> 'denominator') AS expression,
        d ->> 'denominator' = '' AND t.additivity = 'additive' AS adds_up
    FROM dw.dim_plan pl CROSS JOIN jsonb_array_elements(document -> 'targets') d
    JOIN dw.dim_target t ON t.plan_code = pl.plan_code AND t.target_code = d ->> 'code'
),
changed AS MATERIALIZED (
    SELECT DISTINCT a.province_code, a.area_code FROM dw.bridge_area s
    JOIN dw.dim_area a ON a.area_key = s.later_area_key
),
source AS MATERIALIZED (
    SELECT a.area_key AS later_area_key, e.*, range_agg(daterange(l.valid_from, l.valid_to)) FILTER (
            WHERE l.area_key <> a.area_key AND l.area_level = a.area_level) AS divided_in,
        coalesce(bool_or(l.province_code = e.province_code), FALSE) AS went_on
    FROM dw.dim_area a JOIN changed USING (province_code, area_code)
    JOIN (
        SELECT area_key, area_key AS later_area_key FROM dw.dim_area
        UNION ALL SELECT area_key, later_area_key FROM dw.bridge_area
    ) s ON s.later_area_key = a.area_key
    JOIN dw.dim_area e ON e.area_key = s.area_key AND e.area_level = a.area_level
    LEFT JOIN dw.bridge_area o ON o.area_key = e.area_key
    LEFT JOIN dw.dim_area l ON l.area_key = o.later_area_key AND l.area_level = e.area_level
    GROUP BY a.area_key, e.area_key
)
"""
# The same period of the year before, by its code, which an index finds.
_PERIOD_BEFORE = "(left(t.period_code, 4)::int - 1) || substr(t.period_code, 5)"
# What the same code told; for areas into which nothing came. A target of the year before may have counted
# persons, whatever that of this year counts.
_SAME_AREA = f"""
SELECT t.plan_code, t.target_code, t.area_code, t.area_name, t.period_code, t.value, t.unit,
    b.plan_code AS plan_before, b.period_code AS period_before, b.value AS value_before,
    t.is_final AND b.is_final AS is_final, 1 AS areas_before, TRUE AS is_like_for_like
FROM mart.target_indicator t
JOIN dw.dim_plan pl USING (plan_code)
JOIN dw.dim_plan plb ON plb.province_code = pl.province_code AND plb.year = pl.year - 1
JOIN mart.target_indicator b ON b.plan_code = plb.plan_code AND b.target_code = t.target_code
    AND b.area_code = t.area_code AND b.period_code = {_PERIOD_BEFORE} AND b.unit = t.unit
    AND {target_is_seen("b")}
WHERE (pl.province_code, t.area_code) NOT IN (SELECT province_code, area_code FROM changed)
"""
# For the others: what was told, a year before, of all that lies in them now, by the areas that were there at
# the end of the period before, and by those of other provinces that had ended within the year, whose last
# figure counts to it (those of its own count in what they became, unless they were divided). Sums add up; a
# count of places does only as a share; what was divided since is nobody's; and a province that took another
# in within this year tells of that other for a part of the year.
_CHANGED_AREA = f"""
SELECT plan_code, target_code, area_code, area_name, period_code, value, unit,
    string_agg(DISTINCT plan_before, '+' ORDER BY plan_before) AS plan_before, period_before,
    (CASE WHEN count(value_before) = 1 THEN min(value_before)
        WHEN bool_or(additivity = 'non_additive') THEN NULL
        WHEN unit = 'percent' THEN 100.0 * sum(numerator_before) / nullif(sum(denominator_before), 0)
        ELSE sum(numerator_before) END)::double precision AS value_before,
    is_final AND bool_and(is_final_before) AS is_final, count(value_before)::int AS areas_before,
    bool_and(value_before IS NOT NULL AND NOT is_taken_in AND (adds_up OR NOT has_ended))
        AND (count(*) = 1 OR bool_and(adds_up OR (is_share AND additivity <> 'non_additive')))
        AS is_like_for_like
FROM (
    SELECT w.*, coalesce(b.plan_code, l.plan_code) AS plan_before,
        CASE WHEN NOT is_divided THEN coalesce(b.value, l.value) END AS value_before,
        CASE WHEN NOT is_divided THEN coalesce(b.numerator, l.numerator) END AS numerator_before,
        CASE WHEN NOT is_divided THEN coalesce(b.denominator, l.denominator) END AS denominator_before,
        coalesce(b.is_final, l.is_final) AS is_final_before
    FROM (
        SELECT t.plan_code, t.target_code, t.area_code, t.area_name, t.period_code, t.value, t.unit,
            t.is_final, t.denominator IS NOT NULL AS is_share, asked.adds_up, asked.additivity,
            asked.expression,
            e.area_code AS code_before, e.valid_to, e.province_code <> pl.province_code AS is_foreign,
            coalesce(t.window_end <@ e.divided_in, FALSE) AS is_divided, plb.plan_code AS plan_then,
            e.valid_to <= pb.window_end AS has_ended, pb.period_code AS period_before,
            e.province_code <> pl.province_code AND e.valid_to > pl.year_start AS is_taken_in
        FROM mart.target_indicator t
        JOIN dw.dim_plan pl USING (plan_code) JOIN dw.dim_period pb ON pb.period_code = {_PERIOD_BEFORE}
        JOIN asked ON asked.plan_code = t.plan_code AND asked.target_code = t.target_code
        JOIN dw.dim_area a ON a.province_code = pl.province_code AND a.area_code = t.area_code
            AND a.valid_from <= t.window_end AND a.valid_to > t.window_end
        JOIN source e ON e.later_area_key = a.area_key AND e.valid_from <= pb.window_end
        LEFT JOIN dw.dim_plan plb ON plb.province_code = e.province_code AND plb.year = pl.year - 1
        WHERE e.valid_to > pb.window_end OR (e.valid_to > coalesce(plb.year_start, pl.year_start - 366)
            AND ((e.province_code <> pl.province_code AND NOT e.went_on) OR t.window_end <@ e.divided_in))
    ) w
    LEFT JOIN mart.target_indicator b ON NOT w.has_ended AND b.plan_code = w.plan_then
        AND b.target_code = w.target_code AND b.area_code = w.code_before AND b.unit = w.unit
        AND b.period_code = w.period_before
        AND (NOT w.is_foreign OR (b.plan_code, b.target_code, w.expression)
            IN (SELECT plan_code, target_code, expression FROM asked))
        AND {target_is_seen("b")}
    LEFT JOIN LATERAL (
        SELECT f.* FROM mart.target_indicator f
        WHERE w.has_ended AND f.plan_code = w.plan_then AND f.target_code = w.target_code
          AND f.area_code = w.code_before AND f.unit = w.unit AND f.window_end < w.valid_to
          AND (NOT w.is_foreign OR (f.plan_code, f.target_code, w.expression)
            IN (SELECT plan_code, target_code, expression FROM asked))
          AND {target_is_seen("f")}
        ORDER BY f.window_end DESC, f.period_code LIMIT 1
    ) l ON TRUE
) told
GROUP BY plan_code, target_code, area_code, area_name, period_code, value, unit, is_final, period_before
HAVING count(plan_before) > 0
"""

YEAR_ON_YEAR: View = (
    "mart.year_on_year",
    "Each figure beside that of the same target and area up to the same period of the year before.",
    f"""
WITH {_SOURCES}
SELECT plan_code, target_code, area_code, area_name, period_code, value, unit, plan_before, period_before,
    value_before, CASE WHEN is_like_for_like THEN value - value_before END AS change,
    CASE WHEN is_like_for_like THEN 100 * (value - value_before) / nullif(value_before, 0) END AS change_pct,
    is_final, areas_before, is_like_for_like
FROM ({_SAME_AREA} UNION ALL {_CHANGED_AREA}) compared
""",
    _OF_TARGET
    | {
        "plan_before": "Plan of the year before; of several provinces that became one, all, joined by +.",
        "period_before": "The same period of the year before.",
        "value_before": "The figure up to that period, of all that lies in the area now.",
        "change": "How much more it is now, in the figure's unit (percent: in points), of like with like.",
        "change_pct": "The same as a share of the figure before, in percent.",
        "is_final": "Whether all expected reports of both are in.",
        "areas_before": "How many areas, as they were then, the figure before is of.",
        "is_like_for_like": "Whether both figures tell of the same places: no part divided, missing or new.",
    },
)

FORECAST: View = (
    "mart.forecast",
    "What a figure that grows with the year comes to at its end if months go on as they did.",
    f"""
WITH monthly AS (
    SELECT t.*, substr(t.period_code, 7)::int AS number,
        t.value - coalesce(lag(t.value) OVER months, 0) AS added
    FROM mart.target_indicator t
    -- As cases these are looked up row by row, once hashed: the planner guesses badly how many rows are left
    -- when those that a reader does not see are gone, and joins them in loops.
    WHERE CASE WHEN substr(t.period_code, 6, 1) = 'M' AND t.denominator IS NULL
        THEN (t.plan_code, t.target_code) IN (
            SELECT plan_code, d ->> 'code'
            FROM dw.dim_plan CROSS JOIN jsonb_array_elements(document -> 'targets') d
            WHERE d ->> 'pace' = 'linear')
        ELSE FALSE END
    WINDOW months AS (PARTITION BY t.plan_code, t.target_code, t.area_code ORDER BY t.window_end)
),
known AS (
    SELECT *, count(added) OVER so_far AS months, avg(added) OVER so_far AS mean,
        stddev_samp(added) OVER so_far AS spread, 12 - number AS months_left
    FROM monthly
    WINDOW so_far AS (PARTITION BY plan_code, target_code, area_code ORDER BY window_end)
),
foretold AS (
    SELECT *, value + months_left * mean AS forecast,
        1.2816 * spread * sqrt(months_left + months_left ^ 2 / months) AS margin
    FROM known WHERE months >= {_LEAST_MONTHS}
)
SELECT plan_code, target_code, area_code, area_name, period_code, value, unit, months::int AS months,
    forecast, greatest(value, forecast - margin) AS forecast_low, forecast + margin AS forecast_high,
    target_value
FROM foretold
""",
    _OF_TARGET
    | {
        "months": "How many months it rests on; at least three.",
        "forecast": "The figure at the year's end if the months left bring what those so far did on average.",
        "forecast_low": "Lower end of its range of 80 %, months being independent; never below the figure.",
        "forecast_high": "Upper end of its range of 80 %.",
        "target_value": "The figure to reach by the end of the plan year.",
    },
)
