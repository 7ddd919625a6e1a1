-- Trigger function of submissions and findings, which never change. Once a purge is recorded, the findings of the
-- submission may go, and the names of its file and sheet may be emptied.
CREATE OR REPLACE FUNCTION audit.guard_submission() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM audit.purge p WHERE p.submission_id = OLD.submission_id) THEN
        IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'finding' THEN
            RETURN OLD;
        ELSIF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'submission'
            AND to_jsonb(NEW) = (to_jsonb(OLD) || '{"file_name": "", "sheet_name": ""}') THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '%.% is append-only', TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
COMMENT ON FUNCTION audit.guard_submission()
IS 'Rejects every change of submissions and findings, unless the submission is purged.';
