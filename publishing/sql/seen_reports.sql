-- The reports of a plan that the connected reader may know of.
SELECT
    r.body_code,
    r.form_code,
    r.period_code
FROM mart.reporting_status AS r
WHERE r.plan_code = :plan
