-- The waivers of a plan in force now or, with a closed period, at its closing: the last decision about each report.
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
        AND w.event_id < coalesce(
            (
                SELECT max(e.event_id)
                FROM audit.event AS e
                WHERE e.kind = 'close' AND e.payload ->> 'plan' = :plan AND e.subject = :period
            ),
            9223372036854775807
        )
    ORDER BY w.subject ASC, w.event_id DESC
) AS last_decision
WHERE kind = 'waive'
