-- The hash of an event: SHA-256 over the previous hash and the event as a JSON array. Verifiers compute the same.
CREATE OR REPLACE FUNCTION audit.event_hash(
    previous_hash bytea, event_id bigint, occurred_at timestamptz, recorded_at timestamptz,
    role_name text, account_name text, kind text, subject text, payload jsonb
) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(previous_hash || convert_to(jsonb_build_array(
        event_id, floor(extract(epoch FROM occurred_at) * 1000000), floor(extract(epoch FROM recorded_at) * 1000000),
        role_name, account_name, kind, subject, payload)::text, 'UTF8'))
$$;
COMMENT ON FUNCTION audit.event_hash(bytea, bigint, timestamptz, timestamptz, text, text, text, text, jsonb)
IS 'Hash of an event: SHA-256 of the previous hash and the event as JSON.';
