-- The events in order, each as the hash function reads it: the moments in microseconds since 1970.
SELECT
    event_id,
    floor(extract(EPOCH FROM occurred_at) * 1000000)::text AS occurred,
    floor(extract(EPOCH FROM recorded_at) * 1000000)::text AS recorded,
    role_name,
    account_name,
    kind,
    subject,
    payload::text AS payload,
    previous_hash,
    hash
FROM audit.event
ORDER BY event_id
