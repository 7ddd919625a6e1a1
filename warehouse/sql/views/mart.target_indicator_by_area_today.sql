-- Targets by the areas of today: one row per plan, target, area of today, former level and period. Numerators and
-- denominators add up, percentages are computed from the sums; figures that do not add up are null where
-- several areas merged.
{% set adds_up = "(d.additivity <> 'non_additive' OR count(*) = 1)" %}
{% from 'macros/areas.sql' import present_areas %}
{% from 'macros/visibility.sql' import figures, in_seen_areas %}
CREATE VIEW mart.target_indicator_by_area_today WITH (security_barrier) AS
{% call(source) in_seen_areas() %}
SELECT t.plan_code, t.target_code, p.area_code, p.area_name, a.area_level, t.period_code, t.window_end,
    CASE WHEN {{ adds_up }} THEN sum(t.numerator) END AS numerator,
    CASE WHEN {{ adds_up }} THEN sum(t.denominator) END AS denominator,
    (CASE WHEN NOT {{ adds_up }} THEN NULL
        WHEN d.is_share THEN d.factor * sum(t.numerator) / nullif(sum(t.denominator), 0)
        ELSE sum(t.numerator) END)::double precision AS value,
    t.unit, bool_and(t.is_final) AS is_final, p.is_divided, count(*)::int AS areas_merged
FROM {{ figures(source, 'target_indicator') }} t JOIN dw.dim_plan pl USING (plan_code)
JOIN dw.dim_target d USING (plan_code, target_code)
JOIN dw.dim_area a ON a.province_code = pl.province_code AND a.area_code = t.area_code
    AND a.valid_from <= t.window_end AND a.valid_to > t.window_end
JOIN (
    {{ present_areas() }}
) p USING (area_key)
GROUP BY t.plan_code, t.target_code, p.area_code, p.area_name, a.area_level, t.period_code, t.window_end,
    t.unit, p.is_divided, d.additivity, d.factor, d.is_share
{% endcall %};

COMMENT ON VIEW mart.target_indicator_by_area_today IS
'The targets by the areas of today: numerators and denominators are added, percentages computed from the sums.';
COMMENT ON COLUMN mart.target_indicator_by_area_today.area_code IS
'Area of today: code; of a divided area, the codes of all parts joined by +.';
COMMENT ON COLUMN mart.target_indicator_by_area_today.area_name IS 'Area of today: name.';
COMMENT ON COLUMN mart.target_indicator_by_area_today.is_divided IS
'Whether the area was divided later.';
COMMENT ON COLUMN mart.target_indicator_by_area_today.areas_merged IS
'How many former areas the row comprises.';
COMMENT ON COLUMN mart.target_indicator_by_area_today.plan_code IS 'Plan of the target.';
COMMENT ON COLUMN mart.target_indicator_by_area_today.target_code IS 'Code of the target.';
COMMENT ON COLUMN mart.target_indicator_by_area_today.area_level IS
'Level of the areas as they were; a former district''s figures are now its province''s.';
COMMENT ON COLUMN mart.target_indicator_by_area_today.period_code IS
'Period up to whose end the figure is computed.';
COMMENT ON COLUMN mart.target_indicator_by_area_today.window_end IS 'Last day of the period''s window.';
COMMENT ON COLUMN mart.target_indicator_by_area_today.numerator IS 'Sum of the numerators.';
COMMENT ON COLUMN mart.target_indicator_by_area_today.denominator IS 'Sum of the denominators.';
COMMENT ON COLUMN mart.target_indicator_by_area_today.value IS 'The figure in the target''s unit.';
COMMENT ON COLUMN mart.target_indicator_by_area_today.unit IS 'Unit of the figure.';
COMMENT ON COLUMN mart.target_indicator_by_area_today.is_final IS
'Whether all expected reports of all merged areas are in.';
