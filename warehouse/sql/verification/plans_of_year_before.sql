-- The documents of the plans of a province that end with the year before a plan.
SELECT e.document
FROM dw.dim_plan AS e
INNER JOIN dw.dim_plan AS own ON e.province_code = own.province_code
WHERE
    own.plan_code = :plan AND e.plan_code <> own.plan_code
    AND coalesce((e.document ->> 'last_year')::int, e.year) = own.year - 1
ORDER BY e.plan_code
