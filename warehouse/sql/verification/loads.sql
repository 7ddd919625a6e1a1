-- Loads against the events that recorded them: one row per load or event, unmatched ones with nulls on the other side.
SELECT
    coalesce(l.load_id, e.load_id) AS load_id,
    e.event_id,
    l.load_id IS NULL AS is_missing,
    ARRAY(
        SELECT c.name
        FROM jsonb_object_keys(to_jsonb(l)) AS c (name)
        WHERE to_jsonb(l) -> c.name IS DISTINCT FROM e.payload -> c.name
        ORDER BY c.name
    ) AS differing
FROM audit.load AS l
FULL JOIN (
    SELECT
        event_id,
        payload,
        (payload ->> 'load_id')::bigint AS load_id
    FROM audit.event
    WHERE kind = 'load'
) AS e ON l.load_id = e.load_id
ORDER BY 1, 2
