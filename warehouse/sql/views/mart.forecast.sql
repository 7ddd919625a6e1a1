-- What a figure that grows with the year comes to at its end if months go on as they did.
{% from 'macros/visibility.sql' import in_seen_areas %}
CREATE VIEW mart.forecast WITH (security_barrier) AS
{% call in_seen_areas(has_targets=true) %}
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
    FROM known WHERE months >= 3
)
SELECT plan_code, target_code, area_code, area_name, period_code, value, unit, months::int AS months,
    forecast, greatest(value, forecast - margin) AS forecast_low, forecast + margin AS forecast_high,
    target_value
FROM foretold
{% endcall %};

COMMENT ON VIEW mart.forecast IS
'What a figure that grows with the year comes to at its end if months go on as they did.';
COMMENT ON COLUMN mart.forecast.plan_code IS 'Plan of the target.';
COMMENT ON COLUMN mart.forecast.target_code IS 'Code of the target.';
COMMENT ON COLUMN mart.forecast.area_code IS 'Area that the figure is about.';
COMMENT ON COLUMN mart.forecast.area_name IS 'Name of the area.';
COMMENT ON COLUMN mart.forecast.period_code IS 'Period up to whose end the figure is reckoned.';
COMMENT ON COLUMN mart.forecast.value IS 'The figure, from the start of the plan year.';
COMMENT ON COLUMN mart.forecast.unit IS 'Unit of the figure.';
COMMENT ON COLUMN mart.forecast.months IS 'How many months it rests on; at least three.';
COMMENT ON COLUMN mart.forecast.forecast IS
'The figure at the year''s end if the months left bring what those so far did on average.';
COMMENT ON COLUMN mart.forecast.forecast_low IS
'Lower end of its range of 80 %, months being independent; never below the figure.';
COMMENT ON COLUMN mart.forecast.forecast_high IS 'Upper end of its range of 80 %.';
COMMENT ON COLUMN mart.forecast.target_value IS 'The figure to reach by the end of the plan year.';
