-- The sheets whose submissions are withdrawn, as body, hash of the file, form and period. With an event of the
-- audit chain: those withdrawn before it. Also the sheets that were never loaded because they repeated the report
-- in force.
SELECT
    s.body_code,
    s.sha256,
    s.form_code,
    s.period_code
FROM audit.withdrawal AS w
INNER JOIN audit.submission AS s USING (submission_id)
WHERE
    s.plan_code = :plan AND s.sha256 IS NOT NULL
    AND w.event_id < coalesce(CAST(:event AS bigint), 9223372036854775807)
UNION
SELECT
    s.body_code,
    s.sha256,
    s.form_code,
    s.period_code
FROM audit.submission AS s
WHERE
    s.plan_code = :plan AND s.sha256 IS NOT NULL
GROUP BY s.body_code, s.sha256, s.form_code, s.period_code
HAVING bool_and(s.status = 'duplicate')
