-- The document of a plan as it was loaded last before a period was closed.
SELECT d.document
FROM audit.event AS c
INNER JOIN audit.event AS p
    ON p.event_id < c.event_id AND p.kind = 'plan' AND p.subject = :plan
INNER JOIN audit.plan_document AS d
    ON p.subject = d.plan_code AND d.sha256 = p.payload ->> 'sha256'
WHERE c.kind = 'close' AND c.subject = :period AND c.payload ->> 'plan' = :plan
ORDER BY p.event_id DESC, d.recorded_at DESC
LIMIT 1
