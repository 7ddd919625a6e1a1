-- The rejected submissions of the latest ingest, whose batches all have the same moment.
SELECT
    s.submission_id,
    s.body_code,
    s.form_code,
    s.period_code,
    string_agg(DISTINCT f.code, ', ') AS codes
FROM audit.submission AS s
INNER JOIN audit.finding AS f USING (submission_id)
WHERE
    s.plan_code = :plan
    AND s.status = 'rejected'
    AND f.severity = 'error'
    AND s.ingested_at = (
        SELECT latest.ingested_at
        FROM audit.submission AS latest
        WHERE latest.plan_code = :plan
        ORDER BY latest.submission_id DESC
        LIMIT 1
    )
GROUP BY s.submission_id
ORDER BY s.submission_id
LIMIT :most
