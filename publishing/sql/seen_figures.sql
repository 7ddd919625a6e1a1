-- The figures of a plan as the connected reader sees them.
SELECT
    t.target_code,
    t.area_code,
    t.period_code,
    t.numerator,
    t.denominator,
    t.value,
    t.achievement_pct,
    t.expected_value,
    t.status,
    t.value_min,
    t.value_max,
    t.verdict,
    t.completeness_pct,
    t.is_final
FROM mart.target_indicator AS t
WHERE t.plan_code = :plan
