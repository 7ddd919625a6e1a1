-- The frozen figures of a plan as the connected reader sees them.
SELECT
    f.snapshot_code,
    f.target_code,
    f.area_code,
    f.edition,
    f.numerator,
    f.denominator,
    f.value
FROM mart.target_snapshot AS f
WHERE f.plan_code = :plan
