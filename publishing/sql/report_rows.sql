-- The state of every report of a plan: provincial bodies first, then local bodies by name.
SELECT r.*
FROM mart.reporting_status AS r
INNER JOIN dw.dim_plan AS pl ON r.plan_code = pl.plan_code
LEFT JOIN dw.dim_body AS b
    ON pl.province_code = b.province_code AND r.body_code = b.body_code AND b.is_latest
LEFT JOIN dw.dim_area AS a ON b.area_key = a.area_key
WHERE r.plan_code = :plan
ORDER BY b.body_level DESC NULLS LAST, a.sort_key, r.body_code, r.form_code
