-- The event that closed a period, and the hash of the chain at that moment.
SELECT
    event_id,
    encode(hash, 'hex') AS head
FROM audit.event
WHERE kind = 'close' AND subject = :period AND payload ->> 'plan' = :plan
