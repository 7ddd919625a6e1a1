-- Trigger function of fact tables. A revision may set superseded_at once, and a recorded purge of the submission may
-- delete its rows; every other change is rejected.
CREATE OR REPLACE FUNCTION dw.guard_fact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.superseded_at IS NULL AND NEW.superseded_at IS NOT NULL
       AND to_jsonb(NEW) - 'superseded_at' = to_jsonb(OLD) - 'superseded_at' THEN
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' AND EXISTS (
        SELECT FROM audit.purge p WHERE p.submission_id = OLD.submission_id
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'rows of %.% may end but not change or go', TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
COMMENT ON FUNCTION dw.guard_fact()
IS 'Lets a fact row be superseded once, and deleted once its submission is purged; rejects every other change.';
