-- Trigger function of fact tables, run at the commit: a row ends at the moment of a later load that accepted a report
-- of the same body, form and period, or at that of the withdrawal of its own submission. Nobody ends facts otherwise.
CREATE OR REPLACE FUNCTION dw.guard_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM audit.submission own
        JOIN audit.submission s USING (plan_code, body_code, form_code, period_code)
        JOIN audit.load l ON l.load_id = s.load_id
        WHERE own.submission_id = NEW.submission_id AND s.revision IS NOT NULL AND s.load_id > NEW.load_id
            AND NEW.superseded_at = greatest(NEW.recorded_at, l.started_at)
    ) AND NOT EXISTS (
        SELECT FROM audit.withdrawal w
        WHERE w.submission_id = NEW.submission_id
            AND NEW.superseded_at = greatest(NEW.recorded_at, w.withdrawn_at)
    ) THEN
        RAISE EXCEPTION 'a row of %.% ends with a later report or a withdrawal, and there is none',
            TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION dw.guard_end()
IS 'Rejects the end of a fact row without a later report for the same body, form and period, or a withdrawal.';
