-- The value at the year's end if months continue as they did: one row per plan, target, area and month from the third
-- month of a plan year on, for targets with a linear pace that accumulate over the year. The range is 80 % (1.2816
-- standard deviations), months being independent.
{% from 'macros/visibility.sql' import figures, in_seen_areas %}
CREATE VIEW mart.forecast WITH (security_barrier) AS
{% call(source) in_seen_areas() %}
WITH monthly AS (
    SELECT t.*, round((y.window_end - t.window_end) / 30.4375)::int AS months_left,
        y.year, t.value - coalesce(lag(t.value) OVER months, 0) AS added
    FROM {{ figures(source, 'target_indicator') }} t
    JOIN dw.dim_period y ON y.plan_code = t.plan_code AND y.period_kind = 'Y'
        AND t.window_end BETWEEN y.window_start AND y.window_end
    -- As cases these are looked up row by row, once hashed: the planner guesses badly how many rows are left
    -- when those that a reader does not see are gone, and joins them in loops.
    WHERE CASE WHEN t.period_code ~ '^\d{4}-M\d\d$' AND t.denominator IS NULL
        THEN (t.plan_code, t.target_code) IN (
            SELECT plan_code, d ->> 'code'
            FROM dw.dim_plan CROSS JOIN jsonb_array_elements(document -> 'targets') d
            JOIN dw.dim_target n USING (plan_code)
            WHERE d ->> 'pace' = 'linear' AND n.target_code = d ->> 'code' AND n.additivity = 'additive'
                AND d ->> 'numerator' !~ 'over\s*=\s*(period|plan)')
        ELSE FALSE END
    WINDOW months AS (PARTITION BY t.plan_code, t.target_code, t.area_code, y.year ORDER BY t.window_end)
),
known AS (
    SELECT *, count(added) OVER so_far AS months, avg(added) OVER so_far AS mean,
        stddev_samp(added) OVER so_far AS spread
    FROM monthly
    WINDOW so_far AS (PARTITION BY plan_code, target_code, area_code, year ORDER BY window_end)
),
projected AS (
    SELECT *, value + months_left * mean AS forecast,
        1.2816 * spread * sqrt(months_left + months_left ^ 2 / months) AS margin
    FROM known WHERE months >= 3
)
SELECT plan_code, target_code, area_code, area_name, period_code, value, unit, months::int AS months,
    forecast, greatest(value, forecast - margin) AS forecast_low, forecast + margin AS forecast_high,
    target_value
FROM projected
{% endcall %};

COMMENT ON VIEW mart.forecast IS
'The value of a growing figure at the year''s end if months continue as they did.';
COMMENT ON COLUMN mart.forecast.plan_code IS 'Plan of the target.';
COMMENT ON COLUMN mart.forecast.target_code IS 'Code of the target.';
COMMENT ON COLUMN mart.forecast.area_code IS 'Area that the figure is about.';
COMMENT ON COLUMN mart.forecast.area_name IS 'Name of the area.';
COMMENT ON COLUMN mart.forecast.period_code IS 'Period up to whose end the figure is computed.';
COMMENT ON COLUMN mart.forecast.value IS 'The figure, from the start of the plan year.';
COMMENT ON COLUMN mart.forecast.unit IS 'Unit of the figure.';
COMMENT ON COLUMN mart.forecast.months IS 'How many months it is based on; at least three.';
COMMENT ON COLUMN mart.forecast.forecast IS
'The figure at the year''s end if the remaining months equal the average so far.';
COMMENT ON COLUMN mart.forecast.forecast_low IS
'Lower end of its 80 % range, months being independent; never below the figure.';
COMMENT ON COLUMN mart.forecast.forecast_high IS 'Upper end of its 80 % range.';
COMMENT ON COLUMN mart.forecast.target_value IS 'The figure to reach by the end of the plan year.';
