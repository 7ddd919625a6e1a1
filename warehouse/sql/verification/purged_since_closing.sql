-- Accepted submissions for some periods that counted at a closing and were purged since; none without a closing, which
-- is given by its event and the last submission before it.
SELECT s.submission_id
FROM audit.submission AS s
INNER JOIN audit.purge AS p ON s.submission_id = p.submission_id
LEFT JOIN audit.withdrawal AS w ON s.submission_id = w.submission_id
WHERE
    s.plan_code = :plan AND s.revision IS NOT NULL AND s.period_code = ANY(:periods)
    AND s.submission_id <= CAST(:last AS bigint)
    AND (w.event_id IS NULL OR w.event_id > CAST(:event AS bigint))
ORDER BY s.submission_id
