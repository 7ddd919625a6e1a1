-- Trigger function of fact tables. A revision may set superseded_at once; every other change is rejected.
CREATE OR REPLACE FUNCTION dw.guard_fact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.superseded_at IS NULL AND NEW.superseded_at IS NOT NULL
       AND to_jsonb(NEW) - 'superseded_at' = to_jsonb(OLD) - 'superseded_at' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of %.% may end but not change or go', TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
COMMENT ON FUNCTION dw.guard_fact() IS 'Lets a fact row be superseded once; rejects every other change.';
