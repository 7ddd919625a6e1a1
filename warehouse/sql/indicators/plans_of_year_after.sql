-- The documents of the plans that follow a plan in its province and may read its reports as those of the year before.
SELECT later.document
FROM dw.dim_plan AS later
INNER JOIN dw.dim_plan AS own ON later.province_code = own.province_code
WHERE
    own.plan_code = :plan AND later.plan_code <> own.plan_code
    AND later.year = coalesce((own.document ->> 'last_year')::int, own.year) + 1
    AND CAST(later.document -> 'targets' AS text) LIKE '%previous%'
ORDER BY later.plan_code
