-- The warehouse as it first was; later migrations go on from here. Tables of forms come from the forms.
CREATE SEQUENCE audit.submission_id_seq;

CREATE TABLE audit.drive_file (
	source_url TEXT NOT NULL,
	path TEXT NOT NULL,
	size_bytes BIGINT NOT NULL,
	modified_at TIMESTAMP WITH TIME ZONE,
	sha256 TEXT,
	seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT drive_file_pkey PRIMARY KEY (source_url, path)
);

COMMENT ON TABLE audit.drive_file IS 'The last look at each file of the drives, so that what did not change is not read again.';

COMMENT ON COLUMN audit.drive_file.source_url IS 'Drive, without credentials.';

COMMENT ON COLUMN audit.drive_file.path IS 'Path below the drive''s root.';

COMMENT ON COLUMN audit.drive_file.size_bytes IS 'Size at the last look.';

COMMENT ON COLUMN audit.drive_file.modified_at IS 'Last change at the last look, where the drive tells it.';

COMMENT ON COLUMN audit.drive_file.sha256 IS 'Hash of the content; empty where it was not read.';

COMMENT ON COLUMN audit.drive_file.seen_at IS 'When it was last read.';

CREATE TABLE audit.event (
	event_id BIGINT NOT NULL,
	occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
	kind TEXT NOT NULL,
	subject TEXT NOT NULL,
	payload JSONB NOT NULL,
	previous_hash BYTEA NOT NULL,
	hash BYTEA NOT NULL,
	CONSTRAINT event_pkey PRIMARY KEY (event_id),
	CONSTRAINT event_hash_key UNIQUE (hash)
);

COMMENT ON TABLE audit.event IS 'The append-only chain of all that changed: each event carries the hash of the one before.';

COMMENT ON COLUMN audit.event.event_id IS 'Number of the event, without gaps.';

COMMENT ON COLUMN audit.event.occurred_at IS 'When it happened.';

COMMENT ON COLUMN audit.event.kind IS 'What happened: ingest, waive, close and so on.';

COMMENT ON COLUMN audit.event.subject IS 'What it happened to.';

COMMENT ON COLUMN audit.event.payload IS 'The particulars.';

COMMENT ON COLUMN audit.event.previous_hash IS 'Hash of the event before; empty bytes for the first.';

COMMENT ON COLUMN audit.event.hash IS 'SHA-256 of the hash before and of this event.';

CREATE TABLE audit.shape (
	name TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	CONSTRAINT shape_pkey PRIMARY KEY (name)
);

COMMENT ON TABLE audit.shape IS 'From which declarations the views were made, so that only what changed is made again.';

COMMENT ON COLUMN audit.shape.name IS 'What was made from a declaration: a view, or everything.';

COMMENT ON COLUMN audit.shape.sha256 IS 'Hash of the declaration that it was made from.';

CREATE TABLE audit.submission (
	submission_id BIGINT DEFAULT nextval('audit.submission_id_seq'::regclass) NOT NULL,
	plan_code TEXT NOT NULL,
	body_code TEXT NOT NULL,
	form_code TEXT,
	period_code TEXT,
	revision INTEGER,
	status TEXT NOT NULL,
	source_url TEXT NOT NULL,
	file_name TEXT NOT NULL,
	sheet_name TEXT NOT NULL,
	sha256 TEXT,
	size_bytes BIGINT NOT NULL,
	received_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ingested_at TIMESTAMP WITH TIME ZONE NOT NULL,
	error_count INTEGER NOT NULL,
	warning_count INTEGER NOT NULL,
	column_map JSONB NOT NULL,
	CONSTRAINT submission_pkey PRIMARY KEY (submission_id),
	CONSTRAINT submission_status_check CHECK (status IN ('accepted', 'accepted_with_warnings', 'rejected', 'duplicate', 'ignored')),
	CONSTRAINT submission_revision_check CHECK ((revision IS NOT NULL) = (status IN ('accepted', 'accepted_with_warnings'))),
	CONSTRAINT submission_sound_check CHECK (revision IS NULL OR error_count = 0)
);

CREATE INDEX submission_report_idx ON audit.submission (plan_code, body_code, form_code, period_code);

CREATE UNIQUE INDEX submission_revision_idx ON audit.submission (plan_code, body_code, form_code, period_code, revision) WHERE revision IS NOT NULL;

CREATE INDEX submission_sha256_idx ON audit.submission (sha256);

COMMENT ON TABLE audit.submission IS 'What came: one row per sheet that is a form, and one per file in which no form was found.';

COMMENT ON COLUMN audit.submission.submission_id IS 'Number of the submission.';

COMMENT ON COLUMN audit.submission.plan_code IS 'Plan under which it was taken in.';

COMMENT ON COLUMN audit.submission.body_code IS 'Body whose folder it lay in.';

COMMENT ON COLUMN audit.submission.form_code IS 'Code of its form; empty where none was found.';

COMMENT ON COLUMN audit.submission.period_code IS 'Code of its period; empty where none was found.';

COMMENT ON COLUMN audit.submission.revision IS '0 for the first valid report, then 1, 2; only where accepted.';

COMMENT ON COLUMN audit.submission.status IS 'accepted, accepted_with_warnings, rejected, duplicate or ignored.';

COMMENT ON COLUMN audit.submission.source_url IS 'Drive that it was pulled from, without credentials.';

COMMENT ON COLUMN audit.submission.file_name IS 'Path below the body''s folder.';

COMMENT ON COLUMN audit.submission.sheet_name IS 'Sheet of the workbook; empty for a text table.';

COMMENT ON COLUMN audit.submission.sha256 IS 'Hash of the file''s content; empty where it was too large to read.';

COMMENT ON COLUMN audit.submission.size_bytes IS 'Size of the file in bytes.';

COMMENT ON COLUMN audit.submission.received_at IS 'When the file came: its last change on the drive.';

COMMENT ON COLUMN audit.submission.ingested_at IS 'When it was taken in.';

COMMENT ON COLUMN audit.submission.error_count IS 'How many errors were found.';

COMMENT ON COLUMN audit.submission.warning_count IS 'How many warnings were found.';

COMMENT ON COLUMN audit.submission.column_map IS 'Letter of the sheet''s column for each column of the form.';

CREATE TABLE dw.dim_area (
	area_key INTEGER GENERATED ALWAYS AS IDENTITY,
	area_code TEXT NOT NULL,
	area_name TEXT NOT NULL,
	area_kind TEXT NOT NULL,
	area_level TEXT NOT NULL,
	parent_code TEXT,
	province_code TEXT NOT NULL,
	ancestors TEXT[] NOT NULL,
	sort_key TEXT NOT NULL,
	valid_from DATE DEFAULT '0001-01-01' NOT NULL,
	valid_to DATE DEFAULT '9999-12-31' NOT NULL,
	CONSTRAINT dim_area_pkey PRIMARY KEY (area_key),
	CONSTRAINT dim_area_province_code_area_code_key UNIQUE (province_code, area_code)
);

CREATE INDEX dim_area_ancestors_idx ON dw.dim_area USING gin (ancestors);

COMMENT ON TABLE dw.dim_area IS 'Provinces, districts and communes, each with the days on which it exists.';

COMMENT ON COLUMN dw.dim_area.area_key IS 'Surrogate key of the area.';

COMMENT ON COLUMN dw.dim_area.area_code IS 'Official code of the area.';

COMMENT ON COLUMN dw.dim_area.area_name IS 'Name in Vietnamese, with the word before it.';

COMMENT ON COLUMN dw.dim_area.area_kind IS 'The word before the name: tỉnh, huyện, xã, phường and so on.';

COMMENT ON COLUMN dw.dim_area.area_level IS 'Level: province, district or commune.';

COMMENT ON COLUMN dw.dim_area.parent_code IS 'Code of the area that it lies in; empty for a province.';

COMMENT ON COLUMN dw.dim_area.province_code IS 'Code of the province that it lies in.';

COMMENT ON COLUMN dw.dim_area.ancestors IS 'Codes of the area itself and of all that it lies in, upwards.';

COMMENT ON COLUMN dw.dim_area.sort_key IS 'Key that sorts names in Vietnamese order, which the server has no locale for.';

COMMENT ON COLUMN dw.dim_area.valid_from IS 'First day on which it exists.';

COMMENT ON COLUMN dw.dim_area.valid_to IS 'First day on which it does not exist any more.';

CREATE TABLE dw.dim_form (
	form_key INTEGER GENERATED ALWAYS AS IDENTITY,
	form_code TEXT NOT NULL,
	form_name TEXT NOT NULL,
	title_vi TEXT NOT NULL,
	is_sensitive BOOLEAN NOT NULL,
	CONSTRAINT dim_form_pkey PRIMARY KEY (form_key),
	CONSTRAINT dim_form_form_code_key UNIQUE (form_code),
	CONSTRAINT dim_form_form_name_key UNIQUE (form_name)
);

COMMENT ON TABLE dw.dim_form IS 'Report forms.';

COMMENT ON COLUMN dw.dim_form.form_key IS 'Surrogate key of the form.';

COMMENT ON COLUMN dw.dim_form.form_code IS 'Code as printed: 01-PCMD.';

COMMENT ON COLUMN dw.dim_form.form_name IS 'English key of the form; its fact table is dw.fact_ and this.';

COMMENT ON COLUMN dw.dim_form.title_vi IS 'Title as printed.';

COMMENT ON COLUMN dw.dim_form.is_sensitive IS 'Whether it counts persons in need.';

CREATE TABLE dw.dim_period (
	period_key INTEGER GENERATED ALWAYS AS IDENTITY,
	period_code TEXT NOT NULL,
	period_kind TEXT NOT NULL,
	year INTEGER NOT NULL,
	number INTEGER NOT NULL,
	window_start DATE NOT NULL,
	window_end DATE NOT NULL,
	name_vi TEXT NOT NULL,
	name_en TEXT NOT NULL,
	CONSTRAINT dim_period_pkey PRIMARY KEY (period_key),
	CONSTRAINT dim_period_period_kind_check CHECK (period_kind IN ('M', 'Q', 'H', 'Y', 'A')),
	CONSTRAINT dim_period_window_check CHECK (window_start <= window_end),
	CONSTRAINT dim_period_period_code_key UNIQUE (period_code)
);

COMMENT ON TABLE dw.dim_period IS 'Reporting periods with their windows, from the 15th to the 14th.';

COMMENT ON COLUMN dw.dim_period.period_key IS 'Surrogate key of the reporting period.';

COMMENT ON COLUMN dw.dim_period.period_code IS 'Code: 2020-M03, 2020-Q1, 2020-H1, 2020-Y or 2020-A-0305.';

COMMENT ON COLUMN dw.dim_period.period_kind IS 'M month, Q quarter, H half-year, Y year, A ad hoc.';

COMMENT ON COLUMN dw.dim_period.year IS 'Year that the period is named after.';

COMMENT ON COLUMN dw.dim_period.number IS 'Which of its kind in the year; month and day for an ad hoc one.';

COMMENT ON COLUMN dw.dim_period.window_start IS 'First day of the window.';

COMMENT ON COLUMN dw.dim_period.window_end IS 'Last day of the window.';

COMMENT ON COLUMN dw.dim_period.name_vi IS 'Name in Vietnamese.';

COMMENT ON COLUMN dw.dim_period.name_en IS 'Name in English.';

CREATE TABLE dw.dim_plan (
	plan_key INTEGER GENERATED ALWAYS AS IDENTITY,
	plan_code TEXT NOT NULL,
	title TEXT NOT NULL,
	year INTEGER NOT NULL,
	province_code TEXT NOT NULL,
	year_start DATE NOT NULL,
	year_end DATE NOT NULL,
	definition_sha256 TEXT NOT NULL,
	document JSONB NOT NULL,
	CONSTRAINT dim_plan_pkey PRIMARY KEY (plan_key),
	CONSTRAINT dim_plan_plan_code_key UNIQUE (plan_code)
);

COMMENT ON TABLE dw.dim_plan IS 'Yearly plans.';

COMMENT ON COLUMN dw.dim_plan.plan_key IS 'Surrogate key of the plan.';

COMMENT ON COLUMN dw.dim_plan.plan_code IS 'Code of the plan.';

COMMENT ON COLUMN dw.dim_plan.title IS 'Title of the plan.';

COMMENT ON COLUMN dw.dim_plan.year IS 'Year of the plan.';

COMMENT ON COLUMN dw.dim_plan.province_code IS 'Code of the province.';

COMMENT ON COLUMN dw.dim_plan.year_start IS 'First day of the plan year''s window.';

COMMENT ON COLUMN dw.dim_plan.year_end IS 'Last day of the plan year''s window.';

COMMENT ON COLUMN dw.dim_plan.definition_sha256 IS 'Hash of the plan file that is loaded.';

COMMENT ON COLUMN dw.dim_plan.document IS 'The plan as it was read.';

CREATE TABLE mart.target_indicator (
	plan_code TEXT NOT NULL,
	target_code TEXT NOT NULL,
	area_code TEXT NOT NULL,
	area_name TEXT NOT NULL,
	area_level TEXT NOT NULL,
	period_code TEXT NOT NULL,
	window_start DATE NOT NULL,
	window_end DATE NOT NULL,
	numerator NUMERIC,
	denominator NUMERIC,
	value DOUBLE PRECISION,
	unit TEXT NOT NULL,
	target_value DOUBLE PRECISION NOT NULL,
	achievement_pct DOUBLE PRECISION,
	expected_value DOUBLE PRECISION NOT NULL,
	status TEXT NOT NULL,
	value_min DOUBLE PRECISION,
	value_max DOUBLE PRECISION,
	verdict TEXT NOT NULL,
	completeness_pct DOUBLE PRECISION,
	is_final BOOLEAN NOT NULL,
	computed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT target_indicator_pkey PRIMARY KEY (plan_code, target_code, area_code, period_code),
	CONSTRAINT target_indicator_status_check CHECK (status IN ('met', 'on_track', 'behind', 'missed', 'no_data')),
	CONSTRAINT target_indicator_verdict_check CHECK (verdict IN ('met', 'not_met', 'undecided'))
);

COMMENT ON TABLE mart.target_indicator IS 'What each target has reached, for each area of its scopes and each period, as known now.';

COMMENT ON COLUMN mart.target_indicator.plan_code IS 'Plan of the target.';

COMMENT ON COLUMN mart.target_indicator.target_code IS 'Code of the target.';

COMMENT ON COLUMN mart.target_indicator.area_code IS 'Area that the figure is about.';

COMMENT ON COLUMN mart.target_indicator.area_name IS 'Name of the area.';

COMMENT ON COLUMN mart.target_indicator.area_level IS 'Level of the area: province, district or commune.';

COMMENT ON COLUMN mart.target_indicator.period_code IS 'Period up to whose end the figure is reckoned.';

COMMENT ON COLUMN mart.target_indicator.window_start IS 'First day of the period''s window.';

COMMENT ON COLUMN mart.target_indicator.window_end IS 'Last day of the period''s window.';

COMMENT ON COLUMN mart.target_indicator.numerator IS 'What is counted; null where nobody has reported.';

COMMENT ON COLUMN mart.target_indicator.denominator IS 'What it is held against; null where there is none.';

COMMENT ON COLUMN mart.target_indicator.value IS 'The figure in the target''s unit; null where it cannot be told.';

COMMENT ON COLUMN mart.target_indicator.unit IS 'Unit of value and target; percent figures run from 0 to 100.';

COMMENT ON COLUMN mart.target_indicator.target_value IS 'The figure to reach by the end of the plan year.';

COMMENT ON COLUMN mart.target_indicator.achievement_pct IS 'Value as a share of the target, in percent.';

COMMENT ON COLUMN mart.target_indicator.expected_value IS 'The figure to have reached by now.';

COMMENT ON COLUMN mart.target_indicator.status IS 'met, on_track, behind, missed or no_data.';

COMMENT ON COLUMN mart.target_indicator.value_min IS 'Least the figure can be, whatever is still missing.';

COMMENT ON COLUMN mart.target_indicator.value_max IS 'Most it can be, whatever is still missing.';

COMMENT ON COLUMN mart.target_indicator.verdict IS 'met, not_met or undecided, whatever the missing reports say.';

COMMENT ON COLUMN mart.target_indicator.completeness_pct IS 'Share of the expected reports that are in.';

COMMENT ON COLUMN mart.target_indicator.is_final IS 'Whether all expected reports are in.';

COMMENT ON COLUMN mart.target_indicator.computed_at IS 'When the figure came to be what it is.';

CREATE TABLE mart.target_breakdown (
	plan_code TEXT NOT NULL,
	target_code TEXT NOT NULL,
	area_code TEXT NOT NULL,
	area_name TEXT NOT NULL,
	area_level TEXT NOT NULL,
	period_code TEXT NOT NULL,
	window_start DATE NOT NULL,
	window_end DATE NOT NULL,
	numerator NUMERIC,
	denominator NUMERIC,
	value DOUBLE PRECISION,
	unit TEXT NOT NULL,
	value_min DOUBLE PRECISION,
	value_max DOUBLE PRECISION,
	completeness_pct DOUBLE PRECISION,
	is_final BOOLEAN NOT NULL,
	computed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT target_breakdown_pkey PRIMARY KEY (plan_code, target_code, area_code, period_code)
);

COMMENT ON TABLE mart.target_breakdown IS 'The figure of a target at further levels, for which the plan sets no threshold.';

COMMENT ON COLUMN mart.target_breakdown.plan_code IS 'Plan of the target.';

COMMENT ON COLUMN mart.target_breakdown.target_code IS 'Code of the target.';

COMMENT ON COLUMN mart.target_breakdown.area_code IS 'Area that the figure is about.';

COMMENT ON COLUMN mart.target_breakdown.area_name IS 'Name of the area.';

COMMENT ON COLUMN mart.target_breakdown.area_level IS 'Level of the area: province, district or commune.';

COMMENT ON COLUMN mart.target_breakdown.period_code IS 'Period up to whose end the figure is reckoned.';

COMMENT ON COLUMN mart.target_breakdown.window_start IS 'First day of the period''s window.';

COMMENT ON COLUMN mart.target_breakdown.window_end IS 'Last day of the period''s window.';

COMMENT ON COLUMN mart.target_breakdown.numerator IS 'What is counted; null where nobody has reported.';

COMMENT ON COLUMN mart.target_breakdown.denominator IS 'What it is held against; null where there is none.';

COMMENT ON COLUMN mart.target_breakdown.value IS 'The figure in the target''s unit; null where it cannot be told.';

COMMENT ON COLUMN mart.target_breakdown.unit IS 'Unit of value and target; percent figures run from 0 to 100.';

COMMENT ON COLUMN mart.target_breakdown.value_min IS 'Least the figure can be, whatever is still missing.';

COMMENT ON COLUMN mart.target_breakdown.value_max IS 'Most it can be, whatever is still missing.';

COMMENT ON COLUMN mart.target_breakdown.completeness_pct IS 'Share of the expected reports that are in.';

COMMENT ON COLUMN mart.target_breakdown.is_final IS 'Whether all expected reports are in.';

COMMENT ON COLUMN mart.target_breakdown.computed_at IS 'When the figure came to be what it is.';

CREATE TABLE mart.target_snapshot (
	snapshot_code TEXT NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	plan_code TEXT NOT NULL,
	target_code TEXT NOT NULL,
	area_code TEXT NOT NULL,
	area_name TEXT NOT NULL,
	area_level TEXT NOT NULL,
	period_code TEXT NOT NULL,
	window_start DATE NOT NULL,
	window_end DATE NOT NULL,
	numerator NUMERIC,
	denominator NUMERIC,
	value DOUBLE PRECISION,
	unit TEXT NOT NULL,
	target_value DOUBLE PRECISION NOT NULL,
	achievement_pct DOUBLE PRECISION,
	expected_value DOUBLE PRECISION NOT NULL,
	status TEXT NOT NULL,
	value_min DOUBLE PRECISION,
	value_max DOUBLE PRECISION,
	verdict TEXT NOT NULL,
	completeness_pct DOUBLE PRECISION,
	is_final BOOLEAN NOT NULL,
	computed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT target_snapshot_pkey PRIMARY KEY (snapshot_code, plan_code, target_code, area_code, period_code),
	CONSTRAINT target_snapshot_status_check CHECK (status IN ('met', 'on_track', 'behind', 'missed', 'no_data')),
	CONSTRAINT target_snapshot_verdict_check CHECK (verdict IN ('met', 'not_met', 'undecided'))
);

COMMENT ON TABLE mart.target_snapshot IS 'The target table as it was frozen when a period was closed.';

COMMENT ON COLUMN mart.target_snapshot.snapshot_code IS 'Period that was closed.';

COMMENT ON COLUMN mart.target_snapshot.closed_at IS 'When it was closed.';

COMMENT ON COLUMN mart.target_snapshot.plan_code IS 'Plan of the target.';

COMMENT ON COLUMN mart.target_snapshot.target_code IS 'Code of the target.';

COMMENT ON COLUMN mart.target_snapshot.area_code IS 'Area that the figure is about.';

COMMENT ON COLUMN mart.target_snapshot.area_name IS 'Name of the area.';

COMMENT ON COLUMN mart.target_snapshot.area_level IS 'Level of the area: province, district or commune.';

COMMENT ON COLUMN mart.target_snapshot.period_code IS 'Period up to whose end the figure is reckoned.';

COMMENT ON COLUMN mart.target_snapshot.window_start IS 'First day of the period''s window.';

COMMENT ON COLUMN mart.target_snapshot.window_end IS 'Last day of the period''s window.';

COMMENT ON COLUMN mart.target_snapshot.numerator IS 'What is counted; null where nobody has reported.';

COMMENT ON COLUMN mart.target_snapshot.denominator IS 'What it is held against; null where there is none.';

COMMENT ON COLUMN mart.target_snapshot.value IS 'The figure in the target''s unit; null where it cannot be told.';

COMMENT ON COLUMN mart.target_snapshot.unit IS 'Unit of value and target; percent figures run from 0 to 100.';

COMMENT ON COLUMN mart.target_snapshot.target_value IS 'The figure to reach by the end of the plan year.';

COMMENT ON COLUMN mart.target_snapshot.achievement_pct IS 'Value as a share of the target, in percent.';

COMMENT ON COLUMN mart.target_snapshot.expected_value IS 'The figure to have reached by now.';

COMMENT ON COLUMN mart.target_snapshot.status IS 'met, on_track, behind, missed or no_data.';

COMMENT ON COLUMN mart.target_snapshot.value_min IS 'Least the figure can be, whatever is still missing.';

COMMENT ON COLUMN mart.target_snapshot.value_max IS 'Most it can be, whatever is still missing.';

COMMENT ON COLUMN mart.target_snapshot.verdict IS 'met, not_met or undecided, whatever the missing reports say.';

COMMENT ON COLUMN mart.target_snapshot.completeness_pct IS 'Share of the expected reports that are in.';

COMMENT ON COLUMN mart.target_snapshot.is_final IS 'Whether all expected reports are in.';

COMMENT ON COLUMN mart.target_snapshot.computed_at IS 'When the figure came to be what it is.';

CREATE TABLE audit.finding (
	submission_id BIGINT NOT NULL,
	finding_no INTEGER NOT NULL,
	severity TEXT NOT NULL,
	code TEXT NOT NULL,
	sheet_name TEXT NOT NULL,
	cell TEXT NOT NULL,
	column_key TEXT NOT NULL,
	value_shown TEXT NOT NULL,
	message_vi TEXT NOT NULL,
	message_en TEXT NOT NULL,
	CONSTRAINT finding_pkey PRIMARY KEY (submission_id, finding_no),
	CONSTRAINT finding_severity_check CHECK (severity IN ('error', 'warning')),
	CONSTRAINT finding_submission_id_fkey FOREIGN KEY(submission_id) REFERENCES audit.submission (submission_id)
);

CREATE INDEX finding_code_idx ON audit.finding (code);

COMMENT ON TABLE audit.finding IS 'What validation found in a submission.';

COMMENT ON COLUMN audit.finding.submission_id IS 'Submission it is about.';

COMMENT ON COLUMN audit.finding.finding_no IS 'Number of the finding in its submission.';

COMMENT ON COLUMN audit.finding.severity IS 'error refuses the sheet, warning does not.';

COMMENT ON COLUMN audit.finding.code IS 'Finding code, or the id of the form''s rule.';

COMMENT ON COLUMN audit.finding.sheet_name IS 'Sheet on which it stands.';

COMMENT ON COLUMN audit.finding.cell IS 'Cell in A1 notation; empty where it is about the whole sheet.';

COMMENT ON COLUMN audit.finding.column_key IS 'Column of the form; empty where it is about none.';

COMMENT ON COLUMN audit.finding.value_shown IS 'What was seen there; never what identifies a person.';

COMMENT ON COLUMN audit.finding.message_vi IS 'What is wrong and what would be right, in Vietnamese.';

COMMENT ON COLUMN audit.finding.message_en IS 'The same in English.';

CREATE TABLE dw.dim_body (
	body_key INTEGER GENERATED ALWAYS AS IDENTITY,
	body_code TEXT NOT NULL,
	body_name TEXT NOT NULL,
	short_name TEXT NOT NULL,
	body_level TEXT NOT NULL,
	province_code TEXT NOT NULL,
	area_key INTEGER NOT NULL,
	valid_from DATE DEFAULT '0001-01-01' NOT NULL,
	valid_to DATE DEFAULT '9999-12-31' NOT NULL,
	CONSTRAINT dim_body_pkey PRIMARY KEY (body_key),
	CONSTRAINT dim_body_province_code_body_code_key UNIQUE (province_code, body_code),
	CONSTRAINT dim_body_area_key_fkey FOREIGN KEY(area_key) REFERENCES dw.dim_area (area_key)
);

COMMENT ON TABLE dw.dim_body IS 'Bodies that report, each with the days on which it exists.';

COMMENT ON COLUMN dw.dim_body.body_key IS 'Surrogate key of the body.';

COMMENT ON COLUMN dw.dim_body.body_code IS 'Code of the body; its folder on the drives bears it.';

COMMENT ON COLUMN dw.dim_body.body_name IS 'Name as letterheads have it.';

COMMENT ON COLUMN dw.dim_body.short_name IS 'Short name; empty where there is none.';

COMMENT ON COLUMN dw.dim_body.body_level IS 'Level: province, district or commune.';

COMMENT ON COLUMN dw.dim_body.province_code IS 'Code of the province that it reports to.';

COMMENT ON COLUMN dw.dim_body.area_key IS 'Area that it is responsible for.';

COMMENT ON COLUMN dw.dim_body.valid_from IS 'First day on which it exists.';

COMMENT ON COLUMN dw.dim_body.valid_to IS 'First day on which it does not exist any more.';

CREATE TABLE dw.dim_measure (
	measure_key INTEGER GENERATED ALWAYS AS IDENTITY,
	form_key INTEGER NOT NULL,
	measure_name TEXT NOT NULL,
	label_vi TEXT NOT NULL,
	group_vi TEXT NOT NULL,
	unit TEXT NOT NULL,
	kind TEXT NOT NULL,
	is_additive_over_areas BOOLEAN NOT NULL,
	is_additive_over_time BOOLEAN NOT NULL,
	CONSTRAINT dim_measure_pkey PRIMARY KEY (measure_key),
	CONSTRAINT dim_measure_kind_check CHECK (kind IN ('flow', 'stock', 'opening_stock', 'flag', 'score')),
	CONSTRAINT dim_measure_form_key_measure_name_key UNIQUE (form_key, measure_name),
	CONSTRAINT dim_measure_form_key_fkey FOREIGN KEY(form_key) REFERENCES dw.dim_form (form_key)
);

COMMENT ON TABLE dw.dim_measure IS 'Measures of the forms, and the arithmetic that each allows.';

COMMENT ON COLUMN dw.dim_measure.measure_key IS 'Surrogate key of the measure.';

COMMENT ON COLUMN dw.dim_measure.form_key IS 'Form that it belongs to.';

COMMENT ON COLUMN dw.dim_measure.measure_name IS 'English key; the column of the fact table bears it.';

COMMENT ON COLUMN dw.dim_measure.label_vi IS 'Label as printed.';

COMMENT ON COLUMN dw.dim_measure.group_vi IS 'Label of the merged header cell above; empty where there is none.';

COMMENT ON COLUMN dw.dim_measure.unit IS 'Unit of measure.';

COMMENT ON COLUMN dw.dim_measure.kind IS 'flow, stock, open, flag or score: how it behaves over time.';

COMMENT ON COLUMN dw.dim_measure.is_additive_over_areas IS 'Whether figures of several areas add up.';

COMMENT ON COLUMN dw.dim_measure.is_additive_over_time IS 'Whether figures of several periods add up.';

CREATE TABLE dw.reporting_obligation (
	plan_key INTEGER NOT NULL,
	body_key INTEGER NOT NULL,
	form_key INTEGER NOT NULL,
	period_key INTEGER NOT NULL,
	due_at TIMESTAMP WITH TIME ZONE NOT NULL,
	is_optional BOOLEAN NOT NULL,
	waived_at TIMESTAMP WITH TIME ZONE,
	waived_reason TEXT,
	CONSTRAINT reporting_obligation_pkey PRIMARY KEY (plan_key, body_key, form_key, period_key),
	CONSTRAINT reporting_obligation_waiver_check CHECK ((waived_at IS NULL) = (waived_reason IS NULL)),
	CONSTRAINT reporting_obligation_plan_key_fkey FOREIGN KEY(plan_key) REFERENCES dw.dim_plan (plan_key),
	CONSTRAINT reporting_obligation_body_key_fkey FOREIGN KEY(body_key) REFERENCES dw.dim_body (body_key),
	CONSTRAINT reporting_obligation_form_key_fkey FOREIGN KEY(form_key) REFERENCES dw.dim_form (form_key),
	CONSTRAINT reporting_obligation_period_key_fkey FOREIGN KEY(period_key) REFERENCES dw.dim_period (period_key)
);

COMMENT ON TABLE dw.reporting_obligation IS 'Who owes which form for which period: a fact table without measures.';

COMMENT ON COLUMN dw.reporting_obligation.plan_key IS 'Plan that asks for the report.';

COMMENT ON COLUMN dw.reporting_obligation.body_key IS 'Body that owes it.';

COMMENT ON COLUMN dw.reporting_obligation.form_key IS 'Form that is owed.';

COMMENT ON COLUMN dw.reporting_obligation.period_key IS 'Period for which it is owed.';

COMMENT ON COLUMN dw.reporting_obligation.due_at IS 'Moment until which the report is on time.';

COMMENT ON COLUMN dw.reporting_obligation.is_optional IS 'Whether the body may report but owes nothing.';

COMMENT ON COLUMN dw.reporting_obligation.waived_at IS 'When the body was freed from this report.';

COMMENT ON COLUMN dw.reporting_obligation.waived_reason IS 'Why it was freed.';

CREATE FUNCTION audit.present() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('chitieu.now', true), '')::timestamptz, now())
$$;
COMMENT ON FUNCTION audit.present() IS 'The present moment: the setting chitieu.now, or the clock.';

CREATE FUNCTION dw.guard_fact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.superseded_at IS NULL AND NEW.superseded_at IS NOT NULL
       AND to_jsonb(NEW) - 'superseded_at' = to_jsonb(OLD) - 'superseded_at' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of %.% may end but not change or go', TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
COMMENT ON FUNCTION dw.guard_fact() IS 'Lets a fact row end once; refuses every other change.';

CREATE FUNCTION audit.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%.% is append-only', TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
COMMENT ON FUNCTION audit.refuse_change() IS 'Refuses every change of an append-only table.';

CREATE FUNCTION audit.event_hash(
    previous bytea, number bigint, at timestamptz, what text, about text, particulars jsonb
) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(previous || convert_to(jsonb_build_array(
        number, floor(extract(epoch FROM at) * 1000000), what, about, particulars)::text, 'UTF8'))
$$;
COMMENT ON FUNCTION audit.event_hash(bytea, bigint, timestamptz, text, text, jsonb)
    IS 'Hash of an event: SHA-256 of the hash before and the event as JSON.';

CREATE FUNCTION audit.append_event(what text, about text, particulars jsonb, at timestamptz)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    number bigint;
    previous bytea;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('audit.event'));
    SELECT e.event_id + 1, e.hash INTO number, previous FROM audit.event e ORDER BY e.event_id DESC LIMIT 1;
    number := coalesce(number, 1);
    previous := coalesce(previous, ''::bytea);
    INSERT INTO audit.event (event_id, occurred_at, kind, subject, payload, previous_hash, hash)
    VALUES (number, at, what, about, particulars, previous,
            audit.event_hash(previous, number, at, what, about, particulars));
    RETURN number;
END $$;
COMMENT ON FUNCTION audit.append_event(text, text, jsonb, timestamptz)
    IS 'Adds an event to the chain and returns its number.';
CREATE TRIGGER guard_rows BEFORE UPDATE OR DELETE ON audit.event FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER guard_table BEFORE TRUNCATE ON audit.event FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER guard_rows BEFORE UPDATE OR DELETE ON mart.target_snapshot FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER guard_table BEFORE TRUNCATE ON mart.target_snapshot FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
