-- Targets by period with the period's own part: one row per plan, target, area and period, also for periods that have
-- ended and have no figure. Figures of the year to date are named so; only figures that add up over time have a part
-- of the period. The figure before is looked up for each row, and not by a window function, which would compute all
-- rows of a plan before a reader's condition on period or area.
{% from 'macros/visibility.sql' import figures, in_seen_areas %}
CREATE VIEW mart.target_period WITH (security_barrier) AS
{% call(source) in_seen_areas() %}
WITH defined AS NOT MATERIALIZED (
    SELECT pl.plan_code, pl.province_code, pl.year, coalesce((pl.document ->> 'last_year')::int, pl.year) AS last_year,
        nullif(e -> 'periods', '[]') AS kinds, (audit.present() AT TIME ZONE pl.timezone)::date AS today,
        e ->> 'code' AS target_code, e ->> 'label_vi' AS target_name, e ->> 'label_en' AS target_name_en,
        e ->> 'unit' AS unit, e -> 'reported_levels' AS reported_levels,
        coalesce((e ->> 'valid_from')::date, '-infinity') AS valid_from,
        coalesce((e ->> 'last_day')::date, 'infinity') AS last_day
    FROM dw.dim_plan pl CROSS JOIN jsonb_array_elements(pl.document -> 'targets') AS e
    {%- if source == "suppressed" %}

    -- Figures of such targets are withheld, not missing.
    WHERE NOT EXISTS (
        SELECT FROM dw.sensitive_target s WHERE s.plan_code = pl.plan_code AND s.target_code = e ->> 'code'
    )
    {%- endif %}

)
SELECT t.plan_code, t.target_code, n.target_name, n.target_name_en, t.area_code, t.area_name, a.area_key,
    a.area_name_en, t.area_level, t.period_code, p.period_kind, t.window_start, t.window_end,
    t.numerator AS numerator_ytd, t.denominator AS denominator_ytd, t.value AS value_ytd,
    CASE WHEN d.additivity = 'additive'
        THEN t.numerator - coalesce((
            SELECT o.numerator
            FROM {{ figures(source, 'target_indicator') }} o JOIN dw.dim_period q USING (plan_code, period_code)
            WHERE o.plan_code = t.plan_code AND o.target_code = t.target_code AND o.area_code = t.area_code
                AND q.period_kind = p.period_kind AND q.year = p.year AND o.window_end < t.window_end
            ORDER BY o.window_end DESC LIMIT 1
        ), 0) END AS numerator_in_period,
    t.unit, t.target_value, t.expected_value, t.status, t.verdict, t.is_final,
    NOT EXISTS (
        SELECT FROM {{ figures(source, 'target_indicator') }} o JOIN dw.dim_period q USING (plan_code, period_code)
        WHERE o.plan_code = t.plan_code AND o.target_code = t.target_code AND o.area_code = t.area_code
            AND q.period_kind = p.period_kind AND o.window_end > t.window_end
    ) AS is_latest,
    CASE WHEN t.value IS NULL THEN 'missing' WHEN t.is_final THEN 'final' ELSE 'provisional' END AS data_state
FROM {{ figures(source, 'target_indicator') }} t JOIN dw.dim_period p USING (plan_code, period_code)
JOIN dw.dim_target d USING (plan_code, target_code)
LEFT JOIN defined n USING (plan_code, target_code)
LEFT JOIN dw.dim_area a ON a.province_code = n.province_code AND a.area_code = t.area_code
    AND a.valid_from <= t.window_end AND a.valid_to > t.window_end
UNION ALL
SELECT n.plan_code, n.target_code, n.target_name, n.target_name_en, a.area_code, a.area_name, a.area_key,
    a.area_name_en, a.area_level, p.period_code, p.period_kind, p.window_start, p.window_end, NULL, NULL, NULL, NULL,
    n.unit, NULL, NULL, 'no_data', 'undecided', FALSE, FALSE, 'missing'
FROM defined n
JOIN dw.dim_period p ON p.plan_code = n.plan_code AND p.year BETWEEN n.year AND n.last_year
    AND p.period_kind <> 'A'
    AND (n.kinds IS NULL OR n.kinds ? p.period_kind) AND p.window_end < n.today
    AND p.window_end BETWEEN n.valid_from AND n.last_day
JOIN dw.dim_area a ON a.province_code = n.province_code AND n.reported_levels ? a.area_level
    AND a.valid_from <= p.window_end AND a.valid_to > p.window_end
WHERE NOT EXISTS (
    SELECT FROM {{ figures(source, 'target_indicator') }} t
    WHERE t.plan_code = n.plan_code AND t.target_code = n.target_code AND t.area_code = a.area_code
        AND t.period_code = p.period_code
)
{% endcall %};

COMMENT ON VIEW mart.target_period IS
'The targets by period: figures of the year to date, and the part of the period where they add up over time.';
COMMENT ON COLUMN mart.target_period.plan_code IS 'Plan of the target.';
COMMENT ON COLUMN mart.target_period.target_code IS 'Code of the target.';
COMMENT ON COLUMN mart.target_period.target_name IS 'Name of the target in Vietnamese.';
COMMENT ON COLUMN mart.target_period.target_name_en IS
'Name of the target in English; empty where the plan gives none.';
COMMENT ON COLUMN mart.target_period.area_code IS 'Area: code.';
COMMENT ON COLUMN mart.target_period.area_name IS 'Area: name.';
COMMENT ON COLUMN mart.target_period.area_key IS 'Area as it was in the window: key of mart.area.';
COMMENT ON COLUMN mart.target_period.area_name_en IS 'Area: name in English.';
COMMENT ON COLUMN mart.target_period.area_level IS 'Area: level.';
COMMENT ON COLUMN mart.target_period.period_code IS 'Period.';
COMMENT ON COLUMN mart.target_period.period_kind IS
'D ten days, W week, M month, Q quarter, H half-year, Y year.';
COMMENT ON COLUMN mart.target_period.window_start IS 'First day of the period''s window.';
COMMENT ON COLUMN mart.target_period.window_end IS 'Last day of the period''s window.';
COMMENT ON COLUMN mart.target_period.numerator_ytd IS
'Numerator, from the year''s start to the end of the window; not to be added up.';
COMMENT ON COLUMN mart.target_period.denominator_ytd IS
'Denominator, from the year''s start to the end of the window; not to be added up.';
COMMENT ON COLUMN mart.target_period.value_ytd IS
'Figure, from the year''s start to the end of the window; not to be added up.';
COMMENT ON COLUMN mart.target_period.numerator_in_period IS
'Part of the numerator that belongs to this period; adds up over periods of one kind. Null where they do not add up.';
COMMENT ON COLUMN mart.target_period.unit IS 'Unit of the figure.';
COMMENT ON COLUMN mart.target_period.target_value IS 'Figure to reach; null in rows without a figure.';
COMMENT ON COLUMN mart.target_period.expected_value IS
'Figure expected by the end of the window; null in rows without a figure.';
COMMENT ON COLUMN mart.target_period.status IS 'met, on_track, behind, missed or no_data.';
COMMENT ON COLUMN mart.target_period.verdict IS 'met, not_met or undecided.';
COMMENT ON COLUMN mart.target_period.is_final IS 'Whether all expected reports were received.';
COMMENT ON COLUMN mart.target_period.is_latest IS
'Whether it is the latest period of its kind that was computed.';
COMMENT ON COLUMN mart.target_period.data_state IS
'final; provisional while reports are missing; missing where the period has ended and there is no figure.';
