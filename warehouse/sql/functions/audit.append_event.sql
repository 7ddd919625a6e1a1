-- The only way to add an event: the writer has no INSERT on audit.event. Events are numbered without gaps.
CREATE OR REPLACE FUNCTION audit.append_event(kind text, subject text, payload jsonb, occurred_at timestamptz)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    next_id pg_catalog.int8;
    last_hash pg_catalog.bytea;
BEGIN
    INSERT INTO audit.lock (what) VALUES ('event') ON CONFLICT DO NOTHING;
    PERFORM FROM audit.lock l WHERE l.what = 'event' FOR UPDATE;
    SELECT e.event_id + 1, e.hash INTO next_id, last_hash FROM audit.event e ORDER BY e.event_id DESC LIMIT 1;
    next_id := coalesce(next_id, 1);
    last_hash := coalesce(last_hash, ''::pg_catalog.bytea);
    INSERT INTO audit.event (event_id, occurred_at, kind, subject, payload, previous_hash, hash)
    VALUES (next_id, append_event.occurred_at, append_event.kind, append_event.subject, append_event.payload,
            last_hash, audit.event_hash(last_hash, next_id, append_event.occurred_at, append_event.kind,
                                        append_event.subject, append_event.payload));
    RETURN next_id;
END $$;
COMMENT ON FUNCTION audit.append_event(text, text, jsonb, timestamptz)
IS 'Adds an event to the chain and returns its number.';
