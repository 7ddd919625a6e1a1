-- Targets by period with the period's own part: one row per plan, target, area and period. Figures of the year to date
-- are named so; only figures that add up over time have a part of the period.
{% from 'macros/visibility.sql' import figures, in_seen_areas %}
CREATE VIEW mart.target_period WITH (security_barrier) AS
{% call(source) in_seen_areas() %}
SELECT t.plan_code, t.target_code, n.target_name, t.area_code, t.area_name, t.area_level, t.period_code,
    p.period_kind, t.window_start, t.window_end, t.numerator AS numerator_ytd, t.denominator AS denominator_ytd,
    t.value AS value_ytd,
    CASE WHEN d.additivity = 'additive'
        THEN t.numerator - coalesce(lag(t.numerator) OVER earlier, 0) END AS numerator_in_period,
    t.unit, t.target_value, t.expected_value, t.status, t.verdict, t.is_final,
    t.window_end = max(t.window_end) OVER (
        PARTITION BY t.plan_code, t.target_code, t.area_code, p.period_kind
    ) AS is_latest
FROM {{ figures(source, 'target_indicator') }} t JOIN dw.dim_period p USING (period_code)
JOIN dw.dim_target d USING (plan_code, target_code)
LEFT JOIN (
    SELECT pl.plan_code, e ->> 'code' AS target_code, e ->> 'label_vi' AS target_name
    FROM dw.dim_plan pl CROSS JOIN jsonb_array_elements(pl.document -> 'targets') AS e
) n USING (plan_code, target_code)
WINDOW earlier AS (
    PARTITION BY t.plan_code, t.target_code, t.area_code, p.period_kind ORDER BY t.window_end
)
{% endcall %};

COMMENT ON VIEW mart.target_period IS
'The targets by period: figures of the year to date, and the part of the period where they add up over time.';
COMMENT ON COLUMN mart.target_period.plan_code IS 'Plan of the target.';
COMMENT ON COLUMN mart.target_period.target_code IS 'Code of the target.';
COMMENT ON COLUMN mart.target_period.target_name IS 'Name of the target in Vietnamese.';
COMMENT ON COLUMN mart.target_period.area_code IS 'Area: code.';
COMMENT ON COLUMN mart.target_period.area_name IS 'Area: name.';
COMMENT ON COLUMN mart.target_period.area_level IS 'Area: level.';
COMMENT ON COLUMN mart.target_period.period_code IS 'Period.';
COMMENT ON COLUMN mart.target_period.period_kind IS 'M month, Q quarter, H half-year, Y year.';
COMMENT ON COLUMN mart.target_period.window_start IS 'First day of the period''s window.';
COMMENT ON COLUMN mart.target_period.window_end IS 'Last day of the period''s window.';
COMMENT ON COLUMN mart.target_period.numerator_ytd IS
'Numerator, from the year''s start to the end of the window; not to be added up.';
COMMENT ON COLUMN mart.target_period.denominator_ytd IS 'Denominator, in the same way.';
COMMENT ON COLUMN mart.target_period.value_ytd IS
'Figure, from the year''s start to the end of the window; not to be added up.';
COMMENT ON COLUMN mart.target_period.numerator_in_period IS
'Part of the numerator that belongs to this period; adds up over periods of one kind. Null where they do not add up.';
COMMENT ON COLUMN mart.target_period.unit IS 'Unit of the figure.';
COMMENT ON COLUMN mart.target_period.target_value IS 'Figure to reach.';
COMMENT ON COLUMN mart.target_period.expected_value IS 'Figure expected by the end of the window.';
COMMENT ON COLUMN mart.target_period.status IS 'met, on_track, behind, missed or no_data.';
COMMENT ON COLUMN mart.target_period.verdict IS 'met, not_met or undecided.';
COMMENT ON COLUMN mart.target_period.is_final IS 'Whether all expected reports were received.';
COMMENT ON COLUMN mart.target_period.is_latest IS 'Whether it is the latest period of its kind.';
