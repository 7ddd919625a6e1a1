-- Plans: one row per loaded plan.
CREATE VIEW mart.plan AS
SELECT plan_code, title, year, province_code, year_start, year_end, timezone, definition_sha256
FROM dw.dim_plan;

COMMENT ON VIEW mart.plan IS 'The loaded plans.';
COMMENT ON COLUMN mart.plan.plan_code IS 'Code of the plan.';
COMMENT ON COLUMN mart.plan.title IS 'Title of the plan.';
COMMENT ON COLUMN mart.plan.year IS 'Year of the plan.';
COMMENT ON COLUMN mart.plan.province_code IS 'Province that it is for.';
COMMENT ON COLUMN mart.plan.year_start IS 'First day of the plan year.';
COMMENT ON COLUMN mart.plan.year_end IS 'Last day of the plan year.';
COMMENT ON COLUMN mart.plan.timezone IS 'Time zone by which its days begin.';
COMMENT ON COLUMN mart.plan.definition_sha256 IS
'Hash of the plan, the forms and the functions that figures derive from.';
