-- The findings of some submissions of a body, each with the latest reply to it.
SELECT
    f.submission_id,
    f.finding_no,
    (
        SELECT e.payload ->> 'reason'
        FROM audit.event AS e
        WHERE e.kind = 'reply' AND e.subject = f.submission_id || '/' || f.finding_no
        ORDER BY e.event_id DESC
        LIMIT 1
    ) AS reply
FROM audit.finding AS f
INNER JOIN audit.submission AS s USING (submission_id)
WHERE s.plan_code = :plan AND s.body_code = :body AND f.submission_id = any(CAST(:submissions AS bigint []))
