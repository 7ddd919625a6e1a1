-- The only way to add an event: the writer has no INSERT on audit.event. Events are numbered without gaps, and each is
-- recorded later than the one before, also where the server's clock was set back. The role is the one that logged in;
-- the account of the operating system is what the client states in the setting chitieu.account. The payload gets a
-- random salt: the head of the chain is published, and guesses at what an event contains could be compared with it.
CREATE OR REPLACE FUNCTION audit.append_event(kind text, subject text, payload jsonb, occurred_at timestamptz)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    last audit.event;
    moment pg_catalog.timestamptz;
    last_hash pg_catalog.bytea;
    salted pg_catalog.jsonb := append_event.payload || jsonb_build_object('salt', gen_random_uuid());
    account pg_catalog.text := coalesce(current_setting('chitieu.account', true), '');
BEGIN
    INSERT INTO audit.lock (what) VALUES ('event') ON CONFLICT DO NOTHING;
    PERFORM FROM audit.lock l WHERE l.what = 'event' FOR UPDATE;
    SELECT * INTO last FROM audit.event e ORDER BY e.event_id DESC LIMIT 1;
    last.event_id := coalesce(last.event_id, 0) + 1;
    last_hash := coalesce(last.hash, ''::pg_catalog.bytea);
    moment := greatest(clock_timestamp(), last.recorded_at + interval '1 microsecond');
    INSERT INTO audit.event (event_id, occurred_at, recorded_at, role_name, account_name, kind, subject, payload,
        previous_hash, hash)
    VALUES (last.event_id, append_event.occurred_at, moment, session_user, account, append_event.kind,
        append_event.subject, salted, last_hash,
        audit.event_hash(last_hash, last.event_id, append_event.occurred_at, moment, session_user, account,
            append_event.kind, append_event.subject, salted));
    RETURN last.event_id;
END $$;
COMMENT ON FUNCTION audit.append_event(text, text, jsonb, timestamptz)
IS 'Adds an event to the chain and returns its number.';
