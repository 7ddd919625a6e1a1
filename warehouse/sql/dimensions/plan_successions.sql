-- The successions that the loaded plans list; of two plans with the same one, the later plan's counts.
SELECT
    province_code,
    document -> 'successions' AS successions
FROM dw.dim_plan
WHERE jsonb_array_length(coalesce(document -> 'successions', '[]')) > 0
ORDER BY year, plan_code
