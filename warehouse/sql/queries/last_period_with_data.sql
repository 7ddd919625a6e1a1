-- The latest period by whose end a report has been accepted; of those that end on that day the longest.
SELECT t.period_code
FROM mart.target_indicator AS t
INNER JOIN dw.dim_period AS p USING (plan_code, period_code)
WHERE
    t.plan_code = :plan
    AND p.window_end <= (
        SELECT max(r.window_end)
        FROM audit.submission AS s
        INNER JOIN dw.dim_period AS r USING (plan_code, period_code)
        WHERE
            s.plan_code = :plan AND s.revision IS NOT NULL
            AND NOT EXISTS (SELECT FROM audit.withdrawal AS w WHERE w.submission_id = s.submission_id)
    )
ORDER BY p.window_end DESC, p.window_start ASC
LIMIT 1
