-- The errors of the rejected submissions of some periods up to a submission: in how many each code occurs.
SELECT
    f.code,
    count(DISTINCT f.submission_id) AS submissions
FROM audit.finding AS f
INNER JOIN audit.submission AS s USING (submission_id)
INNER JOIN dw.dim_period AS p USING (plan_code, period_code)
WHERE
    s.plan_code = :plan AND s.status = 'rejected' AND f.severity = 'error' AND s.submission_id <= :last
    AND p.window_end BETWEEN CAST(:start AS date) AND CAST(:end AS date)
    AND p.window_end - p.window_start <= CAST(:end AS date) - CAST(:start AS date)
GROUP BY f.code
ORDER BY submissions DESC, f.code
