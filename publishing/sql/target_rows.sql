-- All rows of the target table of a plan: the province first, districts and communes by name.
SELECT
    t.*,
    a.sort_key
FROM mart.target_indicator AS t
INNER JOIN dw.dim_plan AS pl ON t.plan_code = pl.plan_code
INNER JOIN dw.dim_area AS a
    ON pl.province_code = a.province_code AND t.area_code = a.area_code AND a.is_latest
WHERE t.plan_code = :plan
ORDER BY t.area_code <> pl.province_code, a.sort_key, t.window_end, t.window_start DESC
