-- Recorded plan versions against the events that recorded them: one row per event or document, unmatched ones with
-- nulls on the other side.
SELECT
    coalesce(e.subject, d.plan_code) AS plan_code,
    e.event_id,
    d.recorded_at,
    d.document IS NULL AS is_missing,
    encode(sha256(convert_to(d.document, 'UTF8')), 'hex') = e.sha256 AS is_unchanged
FROM (
    SELECT event_id, subject, occurred_at, payload ->> 'sha256' AS sha256
    FROM audit.event
    WHERE kind = 'plan' AND jsonb_exists(payload, 'document_kept')
) AS e
FULL JOIN audit.plan_document AS d
    ON e.subject = d.plan_code AND e.occurred_at = d.recorded_at AND e.sha256 = d.sha256
ORDER BY e.event_id, d.recorded_at
