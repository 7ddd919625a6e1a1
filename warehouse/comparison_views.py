"""Views that compare: with the year before, with the year's end, with what a body usually reports."""

from schemas import units
from schemas.declaration import Form
from schemas.forms import FORMS
from warehouse.views import View

_LEAST_HISTORY = 8  # periods of a body and measure before any is called unusual
_LEAST_MONTHS = 3  # before a year's end is foretold
_UNUSUAL = 3.5
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
    SELECT t.*, p.number, t.value - coalesce(lag(t.value) OVER months, 0) AS added
    FROM mart.target_indicator t JOIN dw.dim_period p USING (period_code)
    JOIN dw.dim_plan pl USING (plan_code)
    WHERE p.period_kind = 'M' AND t.denominator IS NULL AND EXISTS (
        SELECT FROM jsonb_array_elements(pl.document -> 'targets') d
        WHERE d ->> 'code' = t.target_code AND d ->> 'pace' = 'linear')
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


def _told_by_bodies(form: Form) -> str:
    """What each body told in each period of each measure that adds up and counts no persons."""
    measures = [m.key for m in form.measures if m.is_additive and m.is_number and m.unit is not units.PERSON]
    if not measures:
        return ""
    sums = ", ".join(f"sum({key})::double precision AS {key}" for key in measures)
    listed = ", ".join(f"('{key}', s.{key})" for key in measures)
    return (
        f"SELECT '{form.code}'::text AS form_code, m.measure_name, s.body_key, s.period_key, m.value"
        f" FROM (SELECT body_key, period_key, {sums} FROM dw.fact_{form.key}"
        " WHERE superseded_at IS NULL GROUP BY body_key, period_key) s"
        f" CROSS JOIN LATERAL (VALUES {listed}) AS m(measure_name, value)"
    )


# Modified z-scores after Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993): from the median, by
# the median absolute deviation, or by the mean one where more than half of the figures are the same.
OUTLIER: View = (
    "mart.outlier",
    "Figures far from what their body usually reports, by robust statistics over at least eight periods.",
    f"""
WITH told AS (
    SELECT t.form_code, t.measure_name, b.province_code, b.body_code, p.period_kind, p.period_code, t.value
    FROM ({" UNION ALL ".join(query for form in FORMS if (query := _told_by_bodies(form)))}) t
    JOIN dw.dim_period p USING (period_key) JOIN dw.dim_body b USING (body_key)
),
usual AS (
    SELECT form_code, measure_name, body_code, count(*)::int AS periods,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY value) AS median,
        array_agg(period_code) AS period_codes, array_agg(value) AS figures
    FROM told GROUP BY form_code, measure_name, province_code, body_code, period_kind
    HAVING count(*) >= {_LEAST_HISTORY}
)
SELECT u.form_code, u.measure_name, u.body_code, t.period_code, t.value, u.median, u.periods,
    (t.value - u.median) / s.spread AS score
FROM usual u
CROSS JOIN LATERAL (
    SELECT coalesce(nullif(1.4826 * percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(x - u.median)), 0),
        nullif(1.253314 * avg(abs(x - u.median)), 0)) AS spread
    FROM unnest(u.figures) AS x
) s
CROSS JOIN LATERAL unnest(u.period_codes, u.figures) AS t(period_code, value)
WHERE abs((t.value - u.median) / s.spread) > {_UNUSUAL}
""",
    {
        "form_code": "Code of the form.",
        "measure_name": "Measure, added up over the rows of a report; counts about persons are left out.",
        "body_code": "Body that reported.",
        "period_code": "Period it is about.",
        "value": "What it reported.",
        "median": "The median of what it reported in periods of the same kind.",
        "periods": "How many those are; at least eight.",
        "score": "How far from the median in robust standard deviations; more than 3.5 either way.",
    },
)
