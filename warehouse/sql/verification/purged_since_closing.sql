-- Accepted submissions for some periods that counted when a period was closed and were purged since.
SELECT s.submission_id
FROM audit.event AS c
INNER JOIN audit.submission AS s ON s.submission_id <= (c.payload ->> 'last_submission')::bigint
INNER JOIN audit.purge AS p ON s.submission_id = p.submission_id
LEFT JOIN audit.withdrawal AS w ON s.submission_id = w.submission_id
WHERE
    c.kind = 'close' AND c.payload ->> 'plan' = :plan AND c.subject = :period
    AND s.plan_code = :plan AND s.revision IS NOT NULL AND s.period_code = ANY(:periods)
    AND (w.event_id IS NULL OR w.event_id > c.event_id)
ORDER BY s.submission_id
