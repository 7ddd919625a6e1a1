"""Views that compare: with the year before, with the year's end."""

from warehouse.views import View

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

YEAR_ON_YEAR: View = (
    "mart.year_on_year",
    "Each figure beside that of the same target and area up to the same period of the year before.",
    """
SELECT t.plan_code, t.target_code, t.area_code, t.area_name, t.period_code, t.value, t.unit,
    b.plan_code AS plan_before, b.period_code AS period_before, b.value AS value_before,
    t.value - b.value AS change, 100 * (t.value - b.value) / nullif(b.value, 0) AS change_pct,
    t.is_final AND b.is_final AS is_final
FROM mart.target_indicator t
JOIN dw.dim_plan pl USING (plan_code) JOIN dw.dim_period p ON p.period_code = t.period_code
JOIN dw.dim_plan plb ON plb.province_code = pl.province_code AND plb.year = pl.year - 1
JOIN dw.dim_period pb ON pb.period_kind = p.period_kind AND pb.number = p.number AND pb.year = p.year - 1
JOIN mart.target_indicator b ON b.plan_code = plb.plan_code AND b.target_code = t.target_code
    AND b.area_code = t.area_code AND b.period_code = pb.period_code AND b.unit = t.unit
""",
    _OF_TARGET
    | {
        "plan_before": "Plan of the year before, of the same province.",
        "period_before": "The same period of the year before.",
        "value_before": "The figure up to that period.",
        "change": "How much more it is now, in the figure's unit (percent: in points).",
        "change_pct": "The same as a share of the figure before, in percent.",
        "is_final": "Whether all expected reports of both are in.",
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
