-- The waivers of a plan in force now or, with an event of the audit chain, before it: the last decision about each
-- report.
SELECT
    subject,
    occurred_at,
    reason
FROM (
    SELECT DISTINCT ON (w.subject)
        w.subject,
        w.kind,
        w.occurred_at,
        w.payload ->> 'reason' AS reason
    FROM audit.event AS w
    WHERE
        w.kind IN ('waive', 'unwaive') AND w.payload ->> 'plan' = :plan
        AND w.event_id < coalesce(CAST(:event AS bigint), 9223372036854775807)
    ORDER BY w.subject ASC, w.event_id DESC
) AS last_decision
WHERE kind = 'waive'
