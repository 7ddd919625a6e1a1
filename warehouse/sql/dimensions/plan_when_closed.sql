-- The document of a plan as it was loaded last before a period was closed by an event.
SELECT d.document
FROM audit.event AS p
INNER JOIN audit.plan_document AS d
    ON p.subject = d.plan_code AND d.sha256 = p.payload ->> 'sha256'
WHERE p.event_id < :event AND p.kind = 'plan' AND p.subject = :plan
ORDER BY p.event_id DESC, d.recorded_at DESC
LIMIT 1
