-- Events of the audit chain up to the last one before a publication, the latest first.
SELECT
    event_id,
    occurred_at,
    kind,
    subject,
    encode(hash, 'hex') AS hash
FROM audit.event
WHERE event_id <= (SELECT max(p.event_id) FROM audit.event AS p WHERE p.kind <> 'publish')
ORDER BY event_id DESC
