-- Results of the quality checks: one row per check and run, for monitoring. Area roles do not see it, see roles/grants.
CREATE VIEW mart.check_result AS
SELECT c.checked_at, c.plan_code, c.relation, c.check_code, c.severity, c.label_vi, c.label_en, c.outcome, c.wrong_rows
FROM audit.check_result c;

COMMENT ON VIEW mart.check_result IS
'The results of the quality checks, one row per check and run; counts only, no values.';
COMMENT ON COLUMN mart.check_result.checked_at IS 'When the checks were run, by the clock of the database.';
COMMENT ON COLUMN mart.check_result.plan_code IS 'Plan that was checked.';
COMMENT ON COLUMN mart.check_result.relation IS 'Table or view that was checked, with its schema.';
COMMENT ON COLUMN mart.check_result.check_code IS 'Code of the check.';
COMMENT ON COLUMN mart.check_result.severity IS 'critical stops a publication, warning does not.';
COMMENT ON COLUMN mart.check_result.label_vi IS 'What must hold, in Vietnamese.';
COMMENT ON COLUMN mart.check_result.label_en IS 'What must hold, in English.';
COMMENT ON COLUMN mart.check_result.outcome IS 'passed, failed, or error where it could not be evaluated.';
COMMENT ON COLUMN mart.check_result.wrong_rows IS 'How many rows are not so.';
