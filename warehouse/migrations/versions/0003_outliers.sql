DROP VIEW IF EXISTS mart.outlier;
DELETE FROM audit.shape WHERE name = 'mart.outlier';

CREATE TABLE mart.outlier (
	province_code TEXT NOT NULL,
	area_code TEXT NOT NULL,
	body_code TEXT NOT NULL,
	form_code TEXT NOT NULL,
	measure_name TEXT NOT NULL,
	period_code TEXT NOT NULL,
	value DOUBLE PRECISION NOT NULL,
	median DOUBLE PRECISION NOT NULL,
	periods INTEGER NOT NULL,
	score DOUBLE PRECISION NOT NULL,
	CONSTRAINT outlier_pkey PRIMARY KEY (province_code, body_code, form_code, measure_name, period_code)
);
COMMENT ON TABLE mart.outlier IS 'Figures far from what their body usually reports: robust statistics over eight periods or more.';
COMMENT ON COLUMN mart.outlier.province_code IS 'Province that the body reports to.';
COMMENT ON COLUMN mart.outlier.area_code IS 'Area that the body is responsible for.';
COMMENT ON COLUMN mart.outlier.body_code IS 'Body that reported.';
COMMENT ON COLUMN mart.outlier.form_code IS 'Code of the form.';
COMMENT ON COLUMN mart.outlier.measure_name IS 'Measure, added up over a report''s rows; counts about persons are left out.';
COMMENT ON COLUMN mart.outlier.period_code IS 'Period it is about.';
COMMENT ON COLUMN mart.outlier.value IS 'What it reported.';
COMMENT ON COLUMN mart.outlier.median IS 'The median of what it reported in periods of the same kind.';
COMMENT ON COLUMN mart.outlier.periods IS 'How many those are; at least eight.';
COMMENT ON COLUMN mart.outlier.score IS 'How far from the median in robust standard deviations; more than 3.5 either way.';

ALTER TABLE mart.outlier ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_area ON mart.outlier USING (
    (SELECT audit.areas_seen(current_user)) IS NULL OR area_code = ANY((SELECT audit.areas_seen(current_user))::text[])
);

-- A figure's key is looked at after each large load: a coarse look takes 20 ms at any size, the usual one 120.
ALTER TABLE mart.target_indicator ALTER plan_code SET STATISTICS 20, ALTER target_code SET STATISTICS 20,
    ALTER area_code SET STATISTICS 20, ALTER period_code SET STATISTICS 20;

-- A total of the province's year gives a small count away where it is the only one that is withheld, and so does
-- what the total grows by: of targets that count persons BI tools see nothing.
DROP POLICY no_small_counts ON mart.target_indicator;
CREATE POLICY no_small_counts ON mart.target_indicator AS RESTRICTIVE USING (
    plan_code || '/' || target_code <> ALL ((SELECT audit.targets_withheld(current_user))::text[])
);
DROP POLICY no_small_counts ON mart.target_breakdown;
CREATE POLICY no_small_counts ON mart.target_breakdown AS RESTRICTIVE USING (
    plan_code || '/' || target_code <> ALL ((SELECT audit.targets_withheld(current_user))::text[])
);
DROP POLICY no_small_counts ON mart.target_snapshot;
CREATE POLICY no_small_counts ON mart.target_snapshot AS RESTRICTIVE USING (
    plan_code || '/' || target_code <> ALL ((SELECT audit.targets_withheld(current_user))::text[])
);
COMMENT ON TABLE dw.sensitive_target IS 'Targets that count persons: BI tools see no figures of them.';
