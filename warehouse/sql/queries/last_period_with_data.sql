-- The latest period by whose end a report has been accepted; of those that end on that day the longest. It reads mart
-- alone, so that BI logins may ask it.
SELECT t.period_code
FROM mart.target_indicator AS t
INNER JOIN mart.calendar AS p USING (plan_code, period_code)
WHERE
    t.plan_code = :plan
    AND p.window_end <= (
        SELECT max(r.window_end)
        FROM mart.submission AS s
        INNER JOIN mart.calendar AS r USING (plan_code, period_code)
        WHERE s.plan_code = :plan AND s.revision IS NOT NULL AND NOT s.is_withdrawn
    )
ORDER BY p.window_end DESC, p.window_start ASC
LIMIT 1
