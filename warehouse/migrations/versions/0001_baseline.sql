-- The tables of a new warehouse: types, sequences, tables, indexes and comments.
-- Written by `python -m warehouse.migrations.baseline`; do not edit. Tables of forms and code lists,
-- functions, triggers and views are not migrated: warehouse.migrations.upgrade creates them.

-- Types that the tables need. Part of the baseline migration.
CREATE TYPE dw.code_range AS RANGE (subtype = text, collation = "C");
COMMENT ON TYPE dw.code_range
IS 'A range of codes. A range of one code lets an exclusion constraint compare codes and days.';

CREATE SEQUENCE audit.submission_id_seq;

CREATE TABLE audit.check_result (
    checked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    plan_code TEXT NOT NULL,
    relation TEXT NOT NULL,
    check_code TEXT NOT NULL,
    severity TEXT NOT NULL,
    label_vi TEXT NOT NULL,
    label_en TEXT NOT NULL,
    outcome TEXT NOT NULL,
    wrong_rows BIGINT NOT NULL,
    CONSTRAINT check_result_pkey PRIMARY KEY (plan_code, checked_at, check_code),
    CONSTRAINT check_result_severity_check CHECK (severity IN ('critical', 'warning')),
    CONSTRAINT check_result_outcome_check CHECK (outcome IN ('passed', 'failed', 'error'))
);

COMMENT ON TABLE audit.check_result IS 'The results of the quality checks, one row per check and run; counts only, no values.';

COMMENT ON COLUMN audit.check_result.checked_at IS 'When the checks were run, by the clock of the database.';

COMMENT ON COLUMN audit.check_result.plan_code IS 'Plan that was checked.';

COMMENT ON COLUMN audit.check_result.relation IS 'Table or view that was checked, with its schema.';

COMMENT ON COLUMN audit.check_result.check_code IS 'Code of the check.';

COMMENT ON COLUMN audit.check_result.severity IS 'critical stops a publication, warning does not.';

COMMENT ON COLUMN audit.check_result.label_vi IS 'What must hold, in Vietnamese.';

COMMENT ON COLUMN audit.check_result.label_en IS 'What must hold, in English.';

COMMENT ON COLUMN audit.check_result.outcome IS 'passed, failed, or error where it could not be evaluated.';

COMMENT ON COLUMN audit.check_result.wrong_rows IS 'How many rows are not so.';

CREATE TABLE audit.drive_file (
    source_url TEXT NOT NULL,
    path TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    modified_at TIMESTAMP WITH TIME ZONE,
    sha256 TEXT,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    judged_plans TEXT[] DEFAULT '{}'::text[] NOT NULL,
    judge_again_on DATE,
    CONSTRAINT drive_file_pkey PRIMARY KEY (source_url, path)
);

COMMENT ON TABLE audit.drive_file IS 'The last listing of the drives, so that unchanged files are not read again.';

COMMENT ON COLUMN audit.drive_file.source_url IS 'Drive, without credentials.';

COMMENT ON COLUMN audit.drive_file.path IS 'Path below the drive''s root.';

COMMENT ON COLUMN audit.drive_file.size_bytes IS 'Size at the last listing.';

COMMENT ON COLUMN audit.drive_file.modified_at IS 'Last change at the last listing, where the drive has it.';

COMMENT ON COLUMN audit.drive_file.sha256 IS 'Hash of the content; empty where it was not read.';

COMMENT ON COLUMN audit.drive_file.seen_at IS 'When it was last read.';

COMMENT ON COLUMN audit.drive_file.judged_plans IS 'Plans for which it was judged: code and hash of the definition, with a space between.';

COMMENT ON COLUMN audit.drive_file.judge_again_on IS 'Day on which it is judged again, because the period of a sheet begins then.';

CREATE TABLE audit.drive_freshness (
    drive TEXT NOT NULL,
    attempted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    is_listed BOOLEAN NOT NULL,
    listed_at TIMESTAMP WITH TIME ZONE,
    files INTEGER,
    newest_file_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT drive_freshness_pkey PRIMARY KEY (drive)
);

COMMENT ON TABLE audit.drive_freshness IS 'The state of each drive at the last ingest that named it.';

COMMENT ON COLUMN audit.drive_freshness.drive IS 'URL of the drive, without credentials.';

COMMENT ON COLUMN audit.drive_freshness.attempted_at IS 'When an ingest last tried to list it, by the clock of the database.';

COMMENT ON COLUMN audit.drive_freshness.is_listed IS 'Whether it could be listed then; the log of the ingest has the reason.';

COMMENT ON COLUMN audit.drive_freshness.listed_at IS 'When it could last be listed; null: never.';

COMMENT ON COLUMN audit.drive_freshness.files IS 'Files in the folders of bodies when it was last listed.';

COMMENT ON COLUMN audit.drive_freshness.newest_file_at IS 'When the newest of them was modified.';

CREATE TABLE audit.event (
    event_id BIGINT NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    role_name TEXT NOT NULL,
    account_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    payload JSONB NOT NULL,
    previous_hash BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT event_pkey PRIMARY KEY (event_id),
    CONSTRAINT event_hash_key UNIQUE (hash)
);

CREATE UNIQUE INDEX event_closing_idx ON audit.event ((payload ->> 'plan'), subject, kind, (payload ->> 'edition')) WHERE kind IN ('close', 'reopen');

COMMENT ON TABLE audit.event IS 'The append-only chain of all changes: each event has the hash of the previous one.';

COMMENT ON COLUMN audit.event.event_id IS 'Number of the event, without gaps.';

COMMENT ON COLUMN audit.event.occurred_at IS 'When it happened; CHITIEU_NOW may set it.';

COMMENT ON COLUMN audit.event.recorded_at IS 'When the database recorded it, by its own clock; later than the event before.';

COMMENT ON COLUMN audit.event.role_name IS 'Role of the database that recorded it.';

COMMENT ON COLUMN audit.event.account_name IS 'Account of the operating system, as the client states it.';

COMMENT ON COLUMN audit.event.kind IS 'What happened: ingest, waive, close, reopen and so on.';

COMMENT ON COLUMN audit.event.subject IS 'What it happened to.';

COMMENT ON COLUMN audit.event.payload IS 'The particulars, with the reason where one was given.';

COMMENT ON COLUMN audit.event.previous_hash IS 'Hash of the event before; empty bytes for the first.';

COMMENT ON COLUMN audit.event.hash IS 'SHA-256 of the hash before and of this event.';

CREATE TABLE audit.indicator_coverage (
    plan_code TEXT NOT NULL,
    period_code TEXT NOT NULL,
    covered_since TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT indicator_coverage_pkey PRIMARY KEY (plan_code, period_code)
);

COMMENT ON TABLE audit.indicator_coverage IS 'Since when the target table, with its history, covers a period.';

COMMENT ON COLUMN audit.indicator_coverage.plan_code IS 'Code of the plan.';

COMMENT ON COLUMN audit.indicator_coverage.period_code IS 'Period whose window has ended.';

COMMENT ON COLUMN audit.indicator_coverage.covered_since IS 'When the target table first had all its figures.';

CREATE TABLE audit.load (
    load_id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    kind TEXT NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE NOT NULL,
    plan_code TEXT NOT NULL,
    software_version TEXT NOT NULL,
    plan_sha256 TEXT NOT NULL,
    forms_sha256 TEXT NOT NULL,
    CONSTRAINT load_pkey PRIMARY KEY (load_id),
    CONSTRAINT load_kind_check CHECK (kind IN ('ingest', 'backfill', 'materialize', 'plan', 'withdraw'))
);

COMMENT ON TABLE audit.load IS 'The batches that were loaded, each in one transaction.';

COMMENT ON COLUMN audit.load.load_id IS 'Number of the load.';

COMMENT ON COLUMN audit.load.kind IS 'What was done: ingest, backfill, materialize, plan or withdraw.';

COMMENT ON COLUMN audit.load.started_at IS 'Present moment of the load, which its rows carry.';

COMMENT ON COLUMN audit.load.finished_at IS 'When it was done.';

COMMENT ON COLUMN audit.load.plan_code IS 'Plan under which it was done.';

COMMENT ON COLUMN audit.load.software_version IS 'Version of the software that did it.';

COMMENT ON COLUMN audit.load.plan_sha256 IS 'SHA-256 of the plan as it was read; see audit.plan_document.';

COMMENT ON COLUMN audit.load.forms_sha256 IS 'SHA-256 of the declarations of the forms.';

CREATE TABLE audit.lock (
    what TEXT NOT NULL,
    CONSTRAINT lock_pkey PRIMARY KEY (what)
);

COMMENT ON TABLE audit.lock IS 'Rows that the pipeline locks, so that one process at a time loads or publishes.';

COMMENT ON COLUMN audit.lock.what IS 'What only one process may do at a time.';

CREATE TABLE audit.plan_document (
    plan_code TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sha256 TEXT NOT NULL,
    document TEXT NOT NULL,
    CONSTRAINT plan_document_pkey PRIMARY KEY (plan_code, recorded_at, sha256)
);

COMMENT ON TABLE audit.plan_document IS 'Versions of plans: one row each time that a plan, or a form, changed.';

COMMENT ON COLUMN audit.plan_document.plan_code IS 'Code of the plan.';

COMMENT ON COLUMN audit.plan_document.recorded_at IS 'When it was loaded.';

COMMENT ON COLUMN audit.plan_document.sha256 IS 'Hash of the document, which is in the audit chain too.';

COMMENT ON COLUMN audit.plan_document.document IS 'The plan as it was read, as JSON.';

CREATE TABLE audit.schema_fingerprint (
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    CONSTRAINT schema_fingerprint_pkey PRIMARY KEY (name)
);

COMMENT ON TABLE audit.schema_fingerprint IS 'What the objects of the database were created from; only changed ones are created again.';

COMMENT ON COLUMN audit.schema_fingerprint.name IS 'View, function, or file of triggers or policies.';

COMMENT ON COLUMN audit.schema_fingerprint.sha256 IS 'Hash of the statements that created it.';

CREATE TABLE dw.area_access (
    role_name TEXT NOT NULL,
    province_code TEXT NOT NULL,
    area_code TEXT NOT NULL,
    CONSTRAINT area_access_pkey PRIMARY KEY (role_name)
);

COMMENT ON TABLE dw.area_access IS 'The one area that a role may see, with all that lies in it.';

COMMENT ON COLUMN dw.area_access.role_name IS 'Role of the server, created by chitieu role.';

COMMENT ON COLUMN dw.area_access.province_code IS 'Province that the area lies in.';

COMMENT ON COLUMN dw.area_access.area_code IS 'Code of the area.';

CREATE TABLE dw.area_succession (
    from_day DATE NOT NULL,
    old_province_code TEXT NOT NULL,
    old_area_code TEXT NOT NULL,
    new_province_code TEXT NOT NULL,
    new_area_code TEXT NOT NULL,
    kind TEXT NOT NULL,
    extent TEXT NOT NULL,
    decree TEXT NOT NULL,
    CONSTRAINT area_succession_pkey PRIMARY KEY (from_day, old_province_code, old_area_code, new_province_code, new_area_code),
    CONSTRAINT area_succession_kind_check CHECK (kind IN ('merged', 'split', 'renamed', 'moved')),
    CONSTRAINT area_succession_extent_check CHECK (extent IN ('whole', 'part'))
);

COMMENT ON TABLE dw.area_succession IS 'Changes of areas: merged into others, split, renamed or moved; as the plans declare them.';

COMMENT ON COLUMN dw.area_succession.from_day IS 'First day of the change.';

COMMENT ON COLUMN dw.area_succession.old_province_code IS 'Province of the old area.';

COMMENT ON COLUMN dw.area_succession.old_area_code IS 'Code of the old area.';

COMMENT ON COLUMN dw.area_succession.new_province_code IS 'Province of the new area.';

COMMENT ON COLUMN dw.area_succession.new_area_code IS 'Code of the new area, in which the old one or a part of it lies.';

COMMENT ON COLUMN dw.area_succession.kind IS 'merged, split, renamed or moved.';

COMMENT ON COLUMN dw.area_succession.extent IS 'whole or part: how much of the old area.';

COMMENT ON COLUMN dw.area_succession.decree IS 'The decree that ordered it.';

CREATE TABLE dw.dim_area (
    area_key INTEGER GENERATED ALWAYS AS IDENTITY,
    area_code TEXT NOT NULL,
    area_name TEXT NOT NULL,
    area_name_en TEXT NOT NULL,
    area_kind TEXT NOT NULL,
    area_level TEXT NOT NULL,
    parent_code TEXT,
    province_code TEXT NOT NULL,
    ancestors TEXT[] NOT NULL,
    sort_key TEXT NOT NULL,
    valid_from DATE DEFAULT '0001-01-01' NOT NULL,
    valid_to DATE DEFAULT '9999-12-31' NOT NULL,
    is_latest BOOLEAN DEFAULT true NOT NULL,
    CONSTRAINT dim_area_pkey PRIMARY KEY (area_key),
    CONSTRAINT dim_area_days_check CHECK (valid_from <= valid_to),
    CONSTRAINT dim_area_no_overlap EXCLUDE USING gist (dw.code_range(province_code, province_code, '[]') WITH =, dw.code_range(area_code, area_code, '[]') WITH =, daterange(valid_from, valid_to) WITH &&) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX dim_area_ancestors_idx ON dw.dim_area USING gin (ancestors);

CREATE UNIQUE INDEX dim_area_latest_idx ON dw.dim_area (province_code, area_code) WHERE is_latest;

COMMENT ON TABLE dw.dim_area IS 'Provinces, districts and communes: one row per state of an area, with its days.';

COMMENT ON COLUMN dw.dim_area.area_key IS 'Surrogate key of the area.';

COMMENT ON COLUMN dw.dim_area.area_code IS 'Official code of the area.';

COMMENT ON COLUMN dw.dim_area.area_name IS 'Name in Vietnamese, with the word before it.';

COMMENT ON COLUMN dw.dim_area.area_name_en IS 'Name in English: without diacritics, the kind of area last.';

COMMENT ON COLUMN dw.dim_area.area_kind IS 'The word before the name: tỉnh, huyện, xã, phường and so on.';

COMMENT ON COLUMN dw.dim_area.area_level IS 'Level: province, district or commune.';

COMMENT ON COLUMN dw.dim_area.parent_code IS 'Code of the area that it lies in; empty for a province.';

COMMENT ON COLUMN dw.dim_area.province_code IS 'Code of the province that it lies in.';

COMMENT ON COLUMN dw.dim_area.ancestors IS 'Codes of the area itself and of all that it lies in, upwards.';

COMMENT ON COLUMN dw.dim_area.sort_key IS 'Key that sorts names in Vietnamese order, which the server has no locale for.';

COMMENT ON COLUMN dw.dim_area.valid_from IS 'First day of this state.';

COMMENT ON COLUMN dw.dim_area.valid_to IS 'First day after it; equal to valid_from once no plan has this state any more.';

COMMENT ON COLUMN dw.dim_area.is_latest IS 'Whether it is the last state of the code.';

CREATE TABLE dw.dim_form (
    form_key INTEGER GENERATED ALWAYS AS IDENTITY,
    form_code TEXT NOT NULL,
    form_name TEXT NOT NULL,
    title_vi TEXT NOT NULL,
    title_en TEXT NOT NULL,
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

COMMENT ON COLUMN dw.dim_form.title_en IS 'Title in English; empty where the form has none.';

COMMENT ON COLUMN dw.dim_form.is_sensitive IS 'Whether it counts persons in need.';

CREATE TABLE dw.dim_form_set (
    form_set_code TEXT NOT NULL,
    version TEXT NOT NULL,
    title_vi TEXT NOT NULL,
    title_en TEXT NOT NULL,
    forms_sha256 TEXT NOT NULL,
    files JSONB NOT NULL,
    CONSTRAINT dim_form_set_pkey PRIMARY KEY (form_set_code)
);

COMMENT ON TABLE dw.dim_form_set IS 'Form sets: the forms of a programme, which the plans name.';

COMMENT ON COLUMN dw.dim_form_set.form_set_code IS 'Code of the form set.';

COMMENT ON COLUMN dw.dim_form_set.version IS 'Version, as its file states it.';

COMMENT ON COLUMN dw.dim_form_set.title_vi IS 'Title.';

COMMENT ON COLUMN dw.dim_form_set.title_en IS 'Title in English; empty where it has none.';

COMMENT ON COLUMN dw.dim_form_set.forms_sha256 IS 'SHA-256 of the declarations of its forms.';

COMMENT ON COLUMN dw.dim_form_set.files IS 'Its files by name, as they were read.';

CREATE TABLE dw.dim_target (
    plan_code TEXT NOT NULL,
    target_code TEXT NOT NULL,
    additivity TEXT NOT NULL,
    factor DOUBLE PRECISION NOT NULL,
    is_share BOOLEAN NOT NULL,
    form_codes TEXT[] DEFAULT '{}' NOT NULL,
    CONSTRAINT dim_target_pkey PRIMARY KEY (plan_code, target_code),
    CONSTRAINT dim_target_additivity_check CHECK (additivity IN ('additive', 'semi_additive', 'non_additive'))
);

COMMENT ON TABLE dw.dim_target IS 'Targets of the loaded plans, with what their aggregation functions allow.';

COMMENT ON COLUMN dw.dim_target.plan_code IS 'Plan of the target.';

COMMENT ON COLUMN dw.dim_target.target_code IS 'Code of the target.';

COMMENT ON COLUMN dw.dim_target.additivity IS 'How its figures add up: additive, semi_additive (over areas as part of a share) or non_additive.';

COMMENT ON COLUMN dw.dim_target.factor IS 'By what numerator / denominator is multiplied: 100 for percent.';

COMMENT ON COLUMN dw.dim_target.is_share IS 'Whether it has a denominator.';

COMMENT ON COLUMN dw.dim_target.form_codes IS 'Forms that its expressions read.';

CREATE TABLE dw.outlier (
    province_code TEXT NOT NULL,
    area_code TEXT NOT NULL,
    body_code TEXT NOT NULL,
    form_code TEXT NOT NULL,
    measure_name TEXT NOT NULL,
    plan_code TEXT NOT NULL,
    period_code TEXT NOT NULL,
    value DOUBLE PRECISION NOT NULL,
    median DOUBLE PRECISION NOT NULL,
    periods INTEGER NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    CONSTRAINT outlier_pkey PRIMARY KEY (province_code, body_code, form_code, measure_name, plan_code, period_code)
);

COMMENT ON TABLE dw.outlier IS 'Figures far from what their body usually reports: robust statistics over eight periods or more.';

COMMENT ON COLUMN dw.outlier.province_code IS 'Province that the body reports to.';

COMMENT ON COLUMN dw.outlier.area_code IS 'Area that the body is responsible for.';

COMMENT ON COLUMN dw.outlier.body_code IS 'Body that reported.';

COMMENT ON COLUMN dw.outlier.form_code IS 'Code of the form.';

COMMENT ON COLUMN dw.outlier.measure_name IS 'Measure, added up over a report''s rows; counts about persons are left out.';

COMMENT ON COLUMN dw.outlier.plan_code IS 'Plan under which it was reported.';

COMMENT ON COLUMN dw.outlier.period_code IS 'Period it is about.';

COMMENT ON COLUMN dw.outlier.value IS 'What it reported.';

COMMENT ON COLUMN dw.outlier.median IS 'The median of what it reported in periods of the same kind.';

COMMENT ON COLUMN dw.outlier.periods IS 'How many those are; at least eight.';

COMMENT ON COLUMN dw.outlier.score IS 'Distance from the median in robust standard deviations; more than 3.5 either way.';

CREATE TABLE dw.person_total (
    plan_code TEXT NOT NULL,
    form_code TEXT NOT NULL,
    measure_name TEXT NOT NULL,
    reported_by TEXT NOT NULL,
    area_code TEXT NOT NULL,
    period_code TEXT NOT NULL,
    window_start DATE NOT NULL,
    window_end DATE NOT NULL,
    value BIGINT NOT NULL,
    includes_withheld BOOLEAN NOT NULL,
    published_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT person_total_pkey PRIMARY KEY (plan_code, period_code, form_code, measure_name, reported_by)
);

COMMENT ON TABLE dw.person_total IS 'Sums of persons over a province, by closed quarter and year, that give no withheld count away.';

COMMENT ON COLUMN dw.person_total.plan_code IS 'Plan under which the period was closed.';

COMMENT ON COLUMN dw.person_total.form_code IS 'Code of the form.';

COMMENT ON COLUMN dw.person_total.measure_name IS 'Count of persons that is added up.';

COMMENT ON COLUMN dw.person_total.reported_by IS 'Who reported: code of a provincial body; district or commune for local bodies.';

COMMENT ON COLUMN dw.person_total.area_code IS 'Code of the province.';

COMMENT ON COLUMN dw.person_total.period_code IS 'Quarter or year that was closed.';

COMMENT ON COLUMN dw.person_total.window_start IS 'First day of the period''s window.';

COMMENT ON COLUMN dw.person_total.window_end IS 'Last day of the period''s window.';

COMMENT ON COLUMN dw.person_total.value IS 'Sum over all rows of the reports inside the window, as known when it was closed.';

COMMENT ON COLUMN dw.person_total.includes_withheld IS 'Whether counts that BI tools do not see are in the sum.';

COMMENT ON COLUMN dw.person_total.published_at IS 'When the period was closed.';

CREATE TABLE dw.sensitive_target (
    plan_code TEXT NOT NULL,
    target_code TEXT NOT NULL,
    CONSTRAINT sensitive_target_pkey PRIMARY KEY (plan_code, target_code)
);

COMMENT ON TABLE dw.sensitive_target IS 'Targets that count persons: BI tools see no figures of them.';

COMMENT ON COLUMN dw.sensitive_target.plan_code IS 'Plan of the target.';

COMMENT ON COLUMN dw.sensitive_target.target_code IS 'Code of the target.';

CREATE TABLE dw.target_breakdown (
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
    is_sensitive BOOLEAN NOT NULL,
    CONSTRAINT target_breakdown_pkey PRIMARY KEY (plan_code, target_code, area_code, period_code, is_sensitive)
)
 PARTITION BY LIST (is_sensitive);

COMMENT ON TABLE dw.target_breakdown IS 'The figure of a target at further levels, for which the plan sets no threshold.';

COMMENT ON COLUMN dw.target_breakdown.plan_code IS 'Plan of the target.';

COMMENT ON COLUMN dw.target_breakdown.target_code IS 'Code of the target.';

COMMENT ON COLUMN dw.target_breakdown.area_code IS 'Area that the figure is about.';

COMMENT ON COLUMN dw.target_breakdown.area_name IS 'Name of the area.';

COMMENT ON COLUMN dw.target_breakdown.area_level IS 'Level of the area.';

COMMENT ON COLUMN dw.target_breakdown.period_code IS 'Period up to whose end the figure is computed.';

COMMENT ON COLUMN dw.target_breakdown.window_start IS 'First day of the period''s window.';

COMMENT ON COLUMN dw.target_breakdown.window_end IS 'Last day of the period''s window.';

COMMENT ON COLUMN dw.target_breakdown.numerator IS 'Numerator; null where nobody has reported.';

COMMENT ON COLUMN dw.target_breakdown.denominator IS 'Denominator; null where there is none.';

COMMENT ON COLUMN dw.target_breakdown.value IS 'The figure in the target''s unit; null where it is unknown.';

COMMENT ON COLUMN dw.target_breakdown.unit IS 'Unit of value and target; percent figures run from 0 to 100.';

COMMENT ON COLUMN dw.target_breakdown.value_min IS 'Lower bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_breakdown.value_max IS 'Upper bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_breakdown.completeness_pct IS 'Share of the expected reports that are in.';

COMMENT ON COLUMN dw.target_breakdown.is_final IS 'Whether all expected reports are in.';

COMMENT ON COLUMN dw.target_breakdown.computed_at IS 'When the figure became what it is.';

COMMENT ON COLUMN dw.target_breakdown.is_sensitive IS 'Whether the target counted persons, whose figures BI tools do not see.';

CREATE TABLE dw.target_breakdown_open PARTITION OF dw.target_breakdown FOR VALUES IN (False);

COMMENT ON TABLE dw.target_breakdown_open IS 'The part of dw.target_breakdown with other targets, which BI tools see.';

COMMENT ON COLUMN dw.target_breakdown_open.plan_code IS 'Plan of the target.';

COMMENT ON COLUMN dw.target_breakdown_open.target_code IS 'Code of the target.';

COMMENT ON COLUMN dw.target_breakdown_open.area_code IS 'Area that the figure is about.';

COMMENT ON COLUMN dw.target_breakdown_open.area_name IS 'Name of the area.';

COMMENT ON COLUMN dw.target_breakdown_open.area_level IS 'Level of the area.';

COMMENT ON COLUMN dw.target_breakdown_open.period_code IS 'Period up to whose end the figure is computed.';

COMMENT ON COLUMN dw.target_breakdown_open.window_start IS 'First day of the period''s window.';

COMMENT ON COLUMN dw.target_breakdown_open.window_end IS 'Last day of the period''s window.';

COMMENT ON COLUMN dw.target_breakdown_open.numerator IS 'Numerator; null where nobody has reported.';

COMMENT ON COLUMN dw.target_breakdown_open.denominator IS 'Denominator; null where there is none.';

COMMENT ON COLUMN dw.target_breakdown_open.value IS 'The figure in the target''s unit; null where it is unknown.';

COMMENT ON COLUMN dw.target_breakdown_open.unit IS 'Unit of value and target; percent figures run from 0 to 100.';

COMMENT ON COLUMN dw.target_breakdown_open.value_min IS 'Lower bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_breakdown_open.value_max IS 'Upper bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_breakdown_open.completeness_pct IS 'Share of the expected reports that are in.';

COMMENT ON COLUMN dw.target_breakdown_open.is_final IS 'Whether all expected reports are in.';

COMMENT ON COLUMN dw.target_breakdown_open.computed_at IS 'When the figure became what it is.';

COMMENT ON COLUMN dw.target_breakdown_open.is_sensitive IS 'Whether the target counted persons, whose figures BI tools do not see.';

CREATE TABLE dw.target_breakdown_sensitive PARTITION OF dw.target_breakdown FOR VALUES IN (True);

COMMENT ON TABLE dw.target_breakdown_sensitive IS 'The part of dw.target_breakdown with targets that count persons.';

COMMENT ON COLUMN dw.target_breakdown_sensitive.plan_code IS 'Plan of the target.';

COMMENT ON COLUMN dw.target_breakdown_sensitive.target_code IS 'Code of the target.';

COMMENT ON COLUMN dw.target_breakdown_sensitive.area_code IS 'Area that the figure is about.';

COMMENT ON COLUMN dw.target_breakdown_sensitive.area_name IS 'Name of the area.';

COMMENT ON COLUMN dw.target_breakdown_sensitive.area_level IS 'Level of the area.';

COMMENT ON COLUMN dw.target_breakdown_sensitive.period_code IS 'Period up to whose end the figure is computed.';

COMMENT ON COLUMN dw.target_breakdown_sensitive.window_start IS 'First day of the period''s window.';

COMMENT ON COLUMN dw.target_breakdown_sensitive.window_end IS 'Last day of the period''s window.';

COMMENT ON COLUMN dw.target_breakdown_sensitive.numerator IS 'Numerator; null where nobody has reported.';

COMMENT ON COLUMN dw.target_breakdown_sensitive.denominator IS 'Denominator; null where there is none.';

COMMENT ON COLUMN dw.target_breakdown_sensitive.value IS 'The figure in the target''s unit; null where it is unknown.';

COMMENT ON COLUMN dw.target_breakdown_sensitive.unit IS 'Unit of value and target; percent figures run from 0 to 100.';

COMMENT ON COLUMN dw.target_breakdown_sensitive.value_min IS 'Lower bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_breakdown_sensitive.value_max IS 'Upper bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_breakdown_sensitive.completeness_pct IS 'Share of the expected reports that are in.';

COMMENT ON COLUMN dw.target_breakdown_sensitive.is_final IS 'Whether all expected reports are in.';

COMMENT ON COLUMN dw.target_breakdown_sensitive.computed_at IS 'When the figure became what it is.';

COMMENT ON COLUMN dw.target_breakdown_sensitive.is_sensitive IS 'Whether the target counted persons, whose figures BI tools do not see.';

CREATE TABLE dw.target_breakdown_history (
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
    is_sensitive BOOLEAN NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT target_breakdown_history_pkey PRIMARY KEY (plan_code, period_code, target_code, area_code, computed_at, superseded_at, is_sensitive)
)
 PARTITION BY LIST (is_sensitive);

CREATE INDEX target_breakdown_history_superseded_idx ON dw.target_breakdown_history USING brin (superseded_at);

COMMENT ON TABLE dw.target_breakdown_history IS 'Former figures at further levels, each from computed_at to superseded_at.';

COMMENT ON COLUMN dw.target_breakdown_history.plan_code IS 'Plan of the target.';

COMMENT ON COLUMN dw.target_breakdown_history.target_code IS 'Code of the target.';

COMMENT ON COLUMN dw.target_breakdown_history.area_code IS 'Area that the figure is about.';

COMMENT ON COLUMN dw.target_breakdown_history.area_name IS 'Name of the area.';

COMMENT ON COLUMN dw.target_breakdown_history.area_level IS 'Level of the area.';

COMMENT ON COLUMN dw.target_breakdown_history.period_code IS 'Period up to whose end the figure is computed.';

COMMENT ON COLUMN dw.target_breakdown_history.window_start IS 'First day of the period''s window.';

COMMENT ON COLUMN dw.target_breakdown_history.window_end IS 'Last day of the period''s window.';

COMMENT ON COLUMN dw.target_breakdown_history.numerator IS 'Numerator; null where nobody has reported.';

COMMENT ON COLUMN dw.target_breakdown_history.denominator IS 'Denominator; null where there is none.';

COMMENT ON COLUMN dw.target_breakdown_history.value IS 'The figure in the target''s unit; null where it is unknown.';

COMMENT ON COLUMN dw.target_breakdown_history.unit IS 'Unit of value and target; percent figures run from 0 to 100.';

COMMENT ON COLUMN dw.target_breakdown_history.value_min IS 'Lower bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_breakdown_history.value_max IS 'Upper bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_breakdown_history.completeness_pct IS 'Share of the expected reports that are in.';

COMMENT ON COLUMN dw.target_breakdown_history.is_final IS 'Whether all expected reports are in.';

COMMENT ON COLUMN dw.target_breakdown_history.computed_at IS 'When the figure became what it is.';

COMMENT ON COLUMN dw.target_breakdown_history.is_sensitive IS 'Whether the target counted persons, whose figures BI tools do not see.';

COMMENT ON COLUMN dw.target_breakdown_history.superseded_at IS 'When the row was replaced or deleted.';

CREATE TABLE dw.target_breakdown_history_open PARTITION OF dw.target_breakdown_history FOR VALUES IN (False);

COMMENT ON TABLE dw.target_breakdown_history_open IS 'The part of dw.target_breakdown_history with other targets, which BI tools see.';

COMMENT ON COLUMN dw.target_breakdown_history_open.plan_code IS 'Plan of the target.';

COMMENT ON COLUMN dw.target_breakdown_history_open.target_code IS 'Code of the target.';

COMMENT ON COLUMN dw.target_breakdown_history_open.area_code IS 'Area that the figure is about.';

COMMENT ON COLUMN dw.target_breakdown_history_open.area_name IS 'Name of the area.';

COMMENT ON COLUMN dw.target_breakdown_history_open.area_level IS 'Level of the area.';

COMMENT ON COLUMN dw.target_breakdown_history_open.period_code IS 'Period up to whose end the figure is computed.';

COMMENT ON COLUMN dw.target_breakdown_history_open.window_start IS 'First day of the period''s window.';

COMMENT ON COLUMN dw.target_breakdown_history_open.window_end IS 'Last day of the period''s window.';

COMMENT ON COLUMN dw.target_breakdown_history_open.numerator IS 'Numerator; null where nobody has reported.';

COMMENT ON COLUMN dw.target_breakdown_history_open.denominator IS 'Denominator; null where there is none.';

COMMENT ON COLUMN dw.target_breakdown_history_open.value IS 'The figure in the target''s unit; null where it is unknown.';

COMMENT ON COLUMN dw.target_breakdown_history_open.unit IS 'Unit of value and target; percent figures run from 0 to 100.';

COMMENT ON COLUMN dw.target_breakdown_history_open.value_min IS 'Lower bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_breakdown_history_open.value_max IS 'Upper bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_breakdown_history_open.completeness_pct IS 'Share of the expected reports that are in.';

COMMENT ON COLUMN dw.target_breakdown_history_open.is_final IS 'Whether all expected reports are in.';

COMMENT ON COLUMN dw.target_breakdown_history_open.computed_at IS 'When the figure became what it is.';

COMMENT ON COLUMN dw.target_breakdown_history_open.is_sensitive IS 'Whether the target counted persons, whose figures BI tools do not see.';

COMMENT ON COLUMN dw.target_breakdown_history_open.superseded_at IS 'When the row was replaced or deleted.';

CREATE TABLE dw.target_breakdown_history_sensitive PARTITION OF dw.target_breakdown_history FOR VALUES IN (True);

COMMENT ON TABLE dw.target_breakdown_history_sensitive IS 'The part of dw.target_breakdown_history with targets that count persons.';

COMMENT ON COLUMN dw.target_breakdown_history_sensitive.plan_code IS 'Plan of the target.';

COMMENT ON COLUMN dw.target_breakdown_history_sensitive.target_code IS 'Code of the target.';

COMMENT ON COLUMN dw.target_breakdown_history_sensitive.area_code IS 'Area that the figure is about.';

COMMENT ON COLUMN dw.target_breakdown_history_sensitive.area_name IS 'Name of the area.';

COMMENT ON COLUMN dw.target_breakdown_history_sensitive.area_level IS 'Level of the area.';

COMMENT ON COLUMN dw.target_breakdown_history_sensitive.period_code IS 'Period up to whose end the figure is computed.';

COMMENT ON COLUMN dw.target_breakdown_history_sensitive.window_start IS 'First day of the period''s window.';

COMMENT ON COLUMN dw.target_breakdown_history_sensitive.window_end IS 'Last day of the period''s window.';

COMMENT ON COLUMN dw.target_breakdown_history_sensitive.numerator IS 'Numerator; null where nobody has reported.';

COMMENT ON COLUMN dw.target_breakdown_history_sensitive.denominator IS 'Denominator; null where there is none.';

COMMENT ON COLUMN dw.target_breakdown_history_sensitive.value IS 'The figure in the target''s unit; null where it is unknown.';

COMMENT ON COLUMN dw.target_breakdown_history_sensitive.unit IS 'Unit of value and target; percent figures run from 0 to 100.';

COMMENT ON COLUMN dw.target_breakdown_history_sensitive.value_min IS 'Lower bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_breakdown_history_sensitive.value_max IS 'Upper bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_breakdown_history_sensitive.completeness_pct IS 'Share of the expected reports that are in.';

COMMENT ON COLUMN dw.target_breakdown_history_sensitive.is_final IS 'Whether all expected reports are in.';

COMMENT ON COLUMN dw.target_breakdown_history_sensitive.computed_at IS 'When the figure became what it is.';

COMMENT ON COLUMN dw.target_breakdown_history_sensitive.is_sensitive IS 'Whether the target counted persons, whose figures BI tools do not see.';

COMMENT ON COLUMN dw.target_breakdown_history_sensitive.superseded_at IS 'When the row was replaced or deleted.';

CREATE TABLE dw.target_indicator (
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
    is_sensitive BOOLEAN NOT NULL,
    CONSTRAINT target_indicator_pkey PRIMARY KEY (plan_code, target_code, area_code, period_code, is_sensitive),
    CONSTRAINT target_indicator_status_check CHECK (status IN ('met', 'on_track', 'behind', 'missed', 'no_data')),
    CONSTRAINT target_indicator_verdict_check CHECK (verdict IN ('met', 'not_met', 'undecided'))
)
 PARTITION BY LIST (is_sensitive);

CREATE INDEX target_indicator_area_idx ON dw.target_indicator (area_code);

COMMENT ON TABLE dw.target_indicator IS 'The figures of each target for each area of its reported levels and each period, as known now.';

COMMENT ON COLUMN dw.target_indicator.plan_code IS 'Plan of the target.';

COMMENT ON COLUMN dw.target_indicator.target_code IS 'Code of the target.';

COMMENT ON COLUMN dw.target_indicator.area_code IS 'Area that the figure is about.';

COMMENT ON COLUMN dw.target_indicator.area_name IS 'Name of the area.';

COMMENT ON COLUMN dw.target_indicator.area_level IS 'Level of the area.';

COMMENT ON COLUMN dw.target_indicator.period_code IS 'Period up to whose end the figure is computed.';

COMMENT ON COLUMN dw.target_indicator.window_start IS 'First day of the period''s window.';

COMMENT ON COLUMN dw.target_indicator.window_end IS 'Last day of the period''s window.';

COMMENT ON COLUMN dw.target_indicator.numerator IS 'Numerator; null where nobody has reported.';

COMMENT ON COLUMN dw.target_indicator.denominator IS 'Denominator; null where there is none.';

COMMENT ON COLUMN dw.target_indicator.value IS 'The figure in the target''s unit; null where it is unknown.';

COMMENT ON COLUMN dw.target_indicator.unit IS 'Unit of value and target; percent figures run from 0 to 100.';

COMMENT ON COLUMN dw.target_indicator.target_value IS 'The figure to reach or not to exceed; the lower end of a range.';

COMMENT ON COLUMN dw.target_indicator.achievement_pct IS 'Value as a share of the target, in percent.';

COMMENT ON COLUMN dw.target_indicator.expected_value IS 'The figure to have reached by now.';

COMMENT ON COLUMN dw.target_indicator.status IS 'met, on_track, behind, missed or no_data.';

COMMENT ON COLUMN dw.target_indicator.value_min IS 'Lower bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_indicator.value_max IS 'Upper bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_indicator.verdict IS 'met, not_met or undecided over all values of the missing reports.';

COMMENT ON COLUMN dw.target_indicator.completeness_pct IS 'Share of the expected reports that are in.';

COMMENT ON COLUMN dw.target_indicator.is_final IS 'Whether all expected reports are in.';

COMMENT ON COLUMN dw.target_indicator.computed_at IS 'When the figure became what it is.';

COMMENT ON COLUMN dw.target_indicator.is_sensitive IS 'Whether the target counted persons, whose figures BI tools do not see.';

CREATE TABLE dw.target_indicator_open PARTITION OF dw.target_indicator FOR VALUES IN (False);

COMMENT ON TABLE dw.target_indicator_open IS 'The part of dw.target_indicator with other targets, which BI tools see.';

COMMENT ON COLUMN dw.target_indicator_open.plan_code IS 'Plan of the target.';

COMMENT ON COLUMN dw.target_indicator_open.target_code IS 'Code of the target.';

COMMENT ON COLUMN dw.target_indicator_open.area_code IS 'Area that the figure is about.';

COMMENT ON COLUMN dw.target_indicator_open.area_name IS 'Name of the area.';

COMMENT ON COLUMN dw.target_indicator_open.area_level IS 'Level of the area.';

COMMENT ON COLUMN dw.target_indicator_open.period_code IS 'Period up to whose end the figure is computed.';

COMMENT ON COLUMN dw.target_indicator_open.window_start IS 'First day of the period''s window.';

COMMENT ON COLUMN dw.target_indicator_open.window_end IS 'Last day of the period''s window.';

COMMENT ON COLUMN dw.target_indicator_open.numerator IS 'Numerator; null where nobody has reported.';

COMMENT ON COLUMN dw.target_indicator_open.denominator IS 'Denominator; null where there is none.';

COMMENT ON COLUMN dw.target_indicator_open.value IS 'The figure in the target''s unit; null where it is unknown.';

COMMENT ON COLUMN dw.target_indicator_open.unit IS 'Unit of value and target; percent figures run from 0 to 100.';

COMMENT ON COLUMN dw.target_indicator_open.target_value IS 'The figure to reach or not to exceed; the lower end of a range.';

COMMENT ON COLUMN dw.target_indicator_open.achievement_pct IS 'Value as a share of the target, in percent.';

COMMENT ON COLUMN dw.target_indicator_open.expected_value IS 'The figure to have reached by now.';

COMMENT ON COLUMN dw.target_indicator_open.status IS 'met, on_track, behind, missed or no_data.';

COMMENT ON COLUMN dw.target_indicator_open.value_min IS 'Lower bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_indicator_open.value_max IS 'Upper bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_indicator_open.verdict IS 'met, not_met or undecided over all values of the missing reports.';

COMMENT ON COLUMN dw.target_indicator_open.completeness_pct IS 'Share of the expected reports that are in.';

COMMENT ON COLUMN dw.target_indicator_open.is_final IS 'Whether all expected reports are in.';

COMMENT ON COLUMN dw.target_indicator_open.computed_at IS 'When the figure became what it is.';

COMMENT ON COLUMN dw.target_indicator_open.is_sensitive IS 'Whether the target counted persons, whose figures BI tools do not see.';

CREATE TABLE dw.target_indicator_sensitive PARTITION OF dw.target_indicator FOR VALUES IN (True);

COMMENT ON TABLE dw.target_indicator_sensitive IS 'The part of dw.target_indicator with targets that count persons.';

COMMENT ON COLUMN dw.target_indicator_sensitive.plan_code IS 'Plan of the target.';

COMMENT ON COLUMN dw.target_indicator_sensitive.target_code IS 'Code of the target.';

COMMENT ON COLUMN dw.target_indicator_sensitive.area_code IS 'Area that the figure is about.';

COMMENT ON COLUMN dw.target_indicator_sensitive.area_name IS 'Name of the area.';

COMMENT ON COLUMN dw.target_indicator_sensitive.area_level IS 'Level of the area.';

COMMENT ON COLUMN dw.target_indicator_sensitive.period_code IS 'Period up to whose end the figure is computed.';

COMMENT ON COLUMN dw.target_indicator_sensitive.window_start IS 'First day of the period''s window.';

COMMENT ON COLUMN dw.target_indicator_sensitive.window_end IS 'Last day of the period''s window.';

COMMENT ON COLUMN dw.target_indicator_sensitive.numerator IS 'Numerator; null where nobody has reported.';

COMMENT ON COLUMN dw.target_indicator_sensitive.denominator IS 'Denominator; null where there is none.';

COMMENT ON COLUMN dw.target_indicator_sensitive.value IS 'The figure in the target''s unit; null where it is unknown.';

COMMENT ON COLUMN dw.target_indicator_sensitive.unit IS 'Unit of value and target; percent figures run from 0 to 100.';

COMMENT ON COLUMN dw.target_indicator_sensitive.target_value IS 'The figure to reach or not to exceed; the lower end of a range.';

COMMENT ON COLUMN dw.target_indicator_sensitive.achievement_pct IS 'Value as a share of the target, in percent.';

COMMENT ON COLUMN dw.target_indicator_sensitive.expected_value IS 'The figure to have reached by now.';

COMMENT ON COLUMN dw.target_indicator_sensitive.status IS 'met, on_track, behind, missed or no_data.';

COMMENT ON COLUMN dw.target_indicator_sensitive.value_min IS 'Lower bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_indicator_sensitive.value_max IS 'Upper bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_indicator_sensitive.verdict IS 'met, not_met or undecided over all values of the missing reports.';

COMMENT ON COLUMN dw.target_indicator_sensitive.completeness_pct IS 'Share of the expected reports that are in.';

COMMENT ON COLUMN dw.target_indicator_sensitive.is_final IS 'Whether all expected reports are in.';

COMMENT ON COLUMN dw.target_indicator_sensitive.computed_at IS 'When the figure became what it is.';

COMMENT ON COLUMN dw.target_indicator_sensitive.is_sensitive IS 'Whether the target counted persons, whose figures BI tools do not see.';

CREATE TABLE dw.target_indicator_history (
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
    is_sensitive BOOLEAN NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT target_indicator_history_pkey PRIMARY KEY (plan_code, period_code, target_code, area_code, computed_at, superseded_at, is_sensitive),
    CONSTRAINT target_indicator_history_status_check CHECK (status IN ('met', 'on_track', 'behind', 'missed', 'no_data')),
    CONSTRAINT target_indicator_history_verdict_check CHECK (verdict IN ('met', 'not_met', 'undecided'))
)
 PARTITION BY LIST (is_sensitive);

CREATE INDEX target_indicator_history_superseded_idx ON dw.target_indicator_history USING brin (superseded_at);

COMMENT ON TABLE dw.target_indicator_history IS 'Former rows of the target table, each from computed_at to superseded_at.';

COMMENT ON COLUMN dw.target_indicator_history.plan_code IS 'Plan of the target.';

COMMENT ON COLUMN dw.target_indicator_history.target_code IS 'Code of the target.';

COMMENT ON COLUMN dw.target_indicator_history.area_code IS 'Area that the figure is about.';

COMMENT ON COLUMN dw.target_indicator_history.area_name IS 'Name of the area.';

COMMENT ON COLUMN dw.target_indicator_history.area_level IS 'Level of the area.';

COMMENT ON COLUMN dw.target_indicator_history.period_code IS 'Period up to whose end the figure is computed.';

COMMENT ON COLUMN dw.target_indicator_history.window_start IS 'First day of the period''s window.';

COMMENT ON COLUMN dw.target_indicator_history.window_end IS 'Last day of the period''s window.';

COMMENT ON COLUMN dw.target_indicator_history.numerator IS 'Numerator; null where nobody has reported.';

COMMENT ON COLUMN dw.target_indicator_history.denominator IS 'Denominator; null where there is none.';

COMMENT ON COLUMN dw.target_indicator_history.value IS 'The figure in the target''s unit; null where it is unknown.';

COMMENT ON COLUMN dw.target_indicator_history.unit IS 'Unit of value and target; percent figures run from 0 to 100.';

COMMENT ON COLUMN dw.target_indicator_history.target_value IS 'The figure to reach or not to exceed; the lower end of a range.';

COMMENT ON COLUMN dw.target_indicator_history.achievement_pct IS 'Value as a share of the target, in percent.';

COMMENT ON COLUMN dw.target_indicator_history.expected_value IS 'The figure to have reached by now.';

COMMENT ON COLUMN dw.target_indicator_history.status IS 'met, on_track, behind, missed or no_data.';

COMMENT ON COLUMN dw.target_indicator_history.value_min IS 'Lower bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_indicator_history.value_max IS 'Upper bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_indicator_history.verdict IS 'met, not_met or undecided over all values of the missing reports.';

COMMENT ON COLUMN dw.target_indicator_history.completeness_pct IS 'Share of the expected reports that are in.';

COMMENT ON COLUMN dw.target_indicator_history.is_final IS 'Whether all expected reports are in.';

COMMENT ON COLUMN dw.target_indicator_history.computed_at IS 'When the figure became what it is.';

COMMENT ON COLUMN dw.target_indicator_history.is_sensitive IS 'Whether the target counted persons, whose figures BI tools do not see.';

COMMENT ON COLUMN dw.target_indicator_history.superseded_at IS 'When the row was replaced or deleted.';

CREATE TABLE dw.target_indicator_history_open PARTITION OF dw.target_indicator_history FOR VALUES IN (False);

COMMENT ON TABLE dw.target_indicator_history_open IS 'The part of dw.target_indicator_history with other targets, which BI tools see.';

COMMENT ON COLUMN dw.target_indicator_history_open.plan_code IS 'Plan of the target.';

COMMENT ON COLUMN dw.target_indicator_history_open.target_code IS 'Code of the target.';

COMMENT ON COLUMN dw.target_indicator_history_open.area_code IS 'Area that the figure is about.';

COMMENT ON COLUMN dw.target_indicator_history_open.area_name IS 'Name of the area.';

COMMENT ON COLUMN dw.target_indicator_history_open.area_level IS 'Level of the area.';

COMMENT ON COLUMN dw.target_indicator_history_open.period_code IS 'Period up to whose end the figure is computed.';

COMMENT ON COLUMN dw.target_indicator_history_open.window_start IS 'First day of the period''s window.';

COMMENT ON COLUMN dw.target_indicator_history_open.window_end IS 'Last day of the period''s window.';

COMMENT ON COLUMN dw.target_indicator_history_open.numerator IS 'Numerator; null where nobody has reported.';

COMMENT ON COLUMN dw.target_indicator_history_open.denominator IS 'Denominator; null where there is none.';

COMMENT ON COLUMN dw.target_indicator_history_open.value IS 'The figure in the target''s unit; null where it is unknown.';

COMMENT ON COLUMN dw.target_indicator_history_open.unit IS 'Unit of value and target; percent figures run from 0 to 100.';

COMMENT ON COLUMN dw.target_indicator_history_open.target_value IS 'The figure to reach or not to exceed; the lower end of a range.';

COMMENT ON COLUMN dw.target_indicator_history_open.achievement_pct IS 'Value as a share of the target, in percent.';

COMMENT ON COLUMN dw.target_indicator_history_open.expected_value IS 'The figure to have reached by now.';

COMMENT ON COLUMN dw.target_indicator_history_open.status IS 'met, on_track, behind, missed or no_data.';

COMMENT ON COLUMN dw.target_indicator_history_open.value_min IS 'Lower bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_indicator_history_open.value_max IS 'Upper bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_indicator_history_open.verdict IS 'met, not_met or undecided over all values of the missing reports.';

COMMENT ON COLUMN dw.target_indicator_history_open.completeness_pct IS 'Share of the expected reports that are in.';

COMMENT ON COLUMN dw.target_indicator_history_open.is_final IS 'Whether all expected reports are in.';

COMMENT ON COLUMN dw.target_indicator_history_open.computed_at IS 'When the figure became what it is.';

COMMENT ON COLUMN dw.target_indicator_history_open.is_sensitive IS 'Whether the target counted persons, whose figures BI tools do not see.';

COMMENT ON COLUMN dw.target_indicator_history_open.superseded_at IS 'When the row was replaced or deleted.';

CREATE TABLE dw.target_indicator_history_sensitive PARTITION OF dw.target_indicator_history FOR VALUES IN (True);

COMMENT ON TABLE dw.target_indicator_history_sensitive IS 'The part of dw.target_indicator_history with targets that count persons.';

COMMENT ON COLUMN dw.target_indicator_history_sensitive.plan_code IS 'Plan of the target.';

COMMENT ON COLUMN dw.target_indicator_history_sensitive.target_code IS 'Code of the target.';

COMMENT ON COLUMN dw.target_indicator_history_sensitive.area_code IS 'Area that the figure is about.';

COMMENT ON COLUMN dw.target_indicator_history_sensitive.area_name IS 'Name of the area.';

COMMENT ON COLUMN dw.target_indicator_history_sensitive.area_level IS 'Level of the area.';

COMMENT ON COLUMN dw.target_indicator_history_sensitive.period_code IS 'Period up to whose end the figure is computed.';

COMMENT ON COLUMN dw.target_indicator_history_sensitive.window_start IS 'First day of the period''s window.';

COMMENT ON COLUMN dw.target_indicator_history_sensitive.window_end IS 'Last day of the period''s window.';

COMMENT ON COLUMN dw.target_indicator_history_sensitive.numerator IS 'Numerator; null where nobody has reported.';

COMMENT ON COLUMN dw.target_indicator_history_sensitive.denominator IS 'Denominator; null where there is none.';

COMMENT ON COLUMN dw.target_indicator_history_sensitive.value IS 'The figure in the target''s unit; null where it is unknown.';

COMMENT ON COLUMN dw.target_indicator_history_sensitive.unit IS 'Unit of value and target; percent figures run from 0 to 100.';

COMMENT ON COLUMN dw.target_indicator_history_sensitive.target_value IS 'The figure to reach or not to exceed; the lower end of a range.';

COMMENT ON COLUMN dw.target_indicator_history_sensitive.achievement_pct IS 'Value as a share of the target, in percent.';

COMMENT ON COLUMN dw.target_indicator_history_sensitive.expected_value IS 'The figure to have reached by now.';

COMMENT ON COLUMN dw.target_indicator_history_sensitive.status IS 'met, on_track, behind, missed or no_data.';

COMMENT ON COLUMN dw.target_indicator_history_sensitive.value_min IS 'Lower bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_indicator_history_sensitive.value_max IS 'Upper bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_indicator_history_sensitive.verdict IS 'met, not_met or undecided over all values of the missing reports.';

COMMENT ON COLUMN dw.target_indicator_history_sensitive.completeness_pct IS 'Share of the expected reports that are in.';

COMMENT ON COLUMN dw.target_indicator_history_sensitive.is_final IS 'Whether all expected reports are in.';

COMMENT ON COLUMN dw.target_indicator_history_sensitive.computed_at IS 'When the figure became what it is.';

COMMENT ON COLUMN dw.target_indicator_history_sensitive.is_sensitive IS 'Whether the target counted persons, whose figures BI tools do not see.';

COMMENT ON COLUMN dw.target_indicator_history_sensitive.superseded_at IS 'When the row was replaced or deleted.';

CREATE TABLE dw.target_snapshot (
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
    is_sensitive BOOLEAN NOT NULL,
    edition INTEGER DEFAULT '1' NOT NULL,
    CONSTRAINT target_snapshot_pkey PRIMARY KEY (snapshot_code, plan_code, edition, target_code, area_code, period_code, is_sensitive),
    CONSTRAINT target_snapshot_status_check CHECK (status IN ('met', 'on_track', 'behind', 'missed', 'no_data')),
    CONSTRAINT target_snapshot_verdict_check CHECK (verdict IN ('met', 'not_met', 'undecided')),
    CONSTRAINT target_snapshot_edition_check CHECK (edition > 0)
)
 PARTITION BY LIST (is_sensitive);

CREATE INDEX target_snapshot_figure_idx ON dw.target_snapshot (plan_code, target_code, area_code, period_code);

COMMENT ON TABLE dw.target_snapshot IS 'The target table as frozen at each closing of a period; the highest edition is the latest.';

COMMENT ON COLUMN dw.target_snapshot.snapshot_code IS 'Period that was closed.';

COMMENT ON COLUMN dw.target_snapshot.closed_at IS 'When it was closed.';

COMMENT ON COLUMN dw.target_snapshot.plan_code IS 'Plan of the target.';

COMMENT ON COLUMN dw.target_snapshot.target_code IS 'Code of the target.';

COMMENT ON COLUMN dw.target_snapshot.area_code IS 'Area that the figure is about.';

COMMENT ON COLUMN dw.target_snapshot.area_name IS 'Name of the area.';

COMMENT ON COLUMN dw.target_snapshot.area_level IS 'Level of the area.';

COMMENT ON COLUMN dw.target_snapshot.period_code IS 'Period up to whose end the figure is computed.';

COMMENT ON COLUMN dw.target_snapshot.window_start IS 'First day of the period''s window.';

COMMENT ON COLUMN dw.target_snapshot.window_end IS 'Last day of the period''s window.';

COMMENT ON COLUMN dw.target_snapshot.numerator IS 'Numerator; null where nobody has reported.';

COMMENT ON COLUMN dw.target_snapshot.denominator IS 'Denominator; null where there is none.';

COMMENT ON COLUMN dw.target_snapshot.value IS 'The figure in the target''s unit; null where it is unknown.';

COMMENT ON COLUMN dw.target_snapshot.unit IS 'Unit of value and target; percent figures run from 0 to 100.';

COMMENT ON COLUMN dw.target_snapshot.target_value IS 'The figure to reach or not to exceed; the lower end of a range.';

COMMENT ON COLUMN dw.target_snapshot.achievement_pct IS 'Value as a share of the target, in percent.';

COMMENT ON COLUMN dw.target_snapshot.expected_value IS 'The figure to have reached by now.';

COMMENT ON COLUMN dw.target_snapshot.status IS 'met, on_track, behind, missed or no_data.';

COMMENT ON COLUMN dw.target_snapshot.value_min IS 'Lower bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_snapshot.value_max IS 'Upper bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_snapshot.verdict IS 'met, not_met or undecided over all values of the missing reports.';

COMMENT ON COLUMN dw.target_snapshot.completeness_pct IS 'Share of the expected reports that are in.';

COMMENT ON COLUMN dw.target_snapshot.is_final IS 'Whether all expected reports are in.';

COMMENT ON COLUMN dw.target_snapshot.computed_at IS 'When the figure became what it is.';

COMMENT ON COLUMN dw.target_snapshot.is_sensitive IS 'Whether the target counted persons, whose figures BI tools do not see.';

COMMENT ON COLUMN dw.target_snapshot.edition IS 'Number of the closing: 1, and one more after each reopening.';

CREATE TABLE dw.target_snapshot_open PARTITION OF dw.target_snapshot FOR VALUES IN (False);

COMMENT ON TABLE dw.target_snapshot_open IS 'The part of dw.target_snapshot with other targets, which BI tools see.';

COMMENT ON COLUMN dw.target_snapshot_open.snapshot_code IS 'Period that was closed.';

COMMENT ON COLUMN dw.target_snapshot_open.closed_at IS 'When it was closed.';

COMMENT ON COLUMN dw.target_snapshot_open.plan_code IS 'Plan of the target.';

COMMENT ON COLUMN dw.target_snapshot_open.target_code IS 'Code of the target.';

COMMENT ON COLUMN dw.target_snapshot_open.area_code IS 'Area that the figure is about.';

COMMENT ON COLUMN dw.target_snapshot_open.area_name IS 'Name of the area.';

COMMENT ON COLUMN dw.target_snapshot_open.area_level IS 'Level of the area.';

COMMENT ON COLUMN dw.target_snapshot_open.period_code IS 'Period up to whose end the figure is computed.';

COMMENT ON COLUMN dw.target_snapshot_open.window_start IS 'First day of the period''s window.';

COMMENT ON COLUMN dw.target_snapshot_open.window_end IS 'Last day of the period''s window.';

COMMENT ON COLUMN dw.target_snapshot_open.numerator IS 'Numerator; null where nobody has reported.';

COMMENT ON COLUMN dw.target_snapshot_open.denominator IS 'Denominator; null where there is none.';

COMMENT ON COLUMN dw.target_snapshot_open.value IS 'The figure in the target''s unit; null where it is unknown.';

COMMENT ON COLUMN dw.target_snapshot_open.unit IS 'Unit of value and target; percent figures run from 0 to 100.';

COMMENT ON COLUMN dw.target_snapshot_open.target_value IS 'The figure to reach or not to exceed; the lower end of a range.';

COMMENT ON COLUMN dw.target_snapshot_open.achievement_pct IS 'Value as a share of the target, in percent.';

COMMENT ON COLUMN dw.target_snapshot_open.expected_value IS 'The figure to have reached by now.';

COMMENT ON COLUMN dw.target_snapshot_open.status IS 'met, on_track, behind, missed or no_data.';

COMMENT ON COLUMN dw.target_snapshot_open.value_min IS 'Lower bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_snapshot_open.value_max IS 'Upper bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_snapshot_open.verdict IS 'met, not_met or undecided over all values of the missing reports.';

COMMENT ON COLUMN dw.target_snapshot_open.completeness_pct IS 'Share of the expected reports that are in.';

COMMENT ON COLUMN dw.target_snapshot_open.is_final IS 'Whether all expected reports are in.';

COMMENT ON COLUMN dw.target_snapshot_open.computed_at IS 'When the figure became what it is.';

COMMENT ON COLUMN dw.target_snapshot_open.is_sensitive IS 'Whether the target counted persons, whose figures BI tools do not see.';

COMMENT ON COLUMN dw.target_snapshot_open.edition IS 'Number of the closing: 1, and one more after each reopening.';

CREATE TABLE dw.target_snapshot_sensitive PARTITION OF dw.target_snapshot FOR VALUES IN (True);

COMMENT ON TABLE dw.target_snapshot_sensitive IS 'The part of dw.target_snapshot with targets that count persons.';

COMMENT ON COLUMN dw.target_snapshot_sensitive.snapshot_code IS 'Period that was closed.';

COMMENT ON COLUMN dw.target_snapshot_sensitive.closed_at IS 'When it was closed.';

COMMENT ON COLUMN dw.target_snapshot_sensitive.plan_code IS 'Plan of the target.';

COMMENT ON COLUMN dw.target_snapshot_sensitive.target_code IS 'Code of the target.';

COMMENT ON COLUMN dw.target_snapshot_sensitive.area_code IS 'Area that the figure is about.';

COMMENT ON COLUMN dw.target_snapshot_sensitive.area_name IS 'Name of the area.';

COMMENT ON COLUMN dw.target_snapshot_sensitive.area_level IS 'Level of the area.';

COMMENT ON COLUMN dw.target_snapshot_sensitive.period_code IS 'Period up to whose end the figure is computed.';

COMMENT ON COLUMN dw.target_snapshot_sensitive.window_start IS 'First day of the period''s window.';

COMMENT ON COLUMN dw.target_snapshot_sensitive.window_end IS 'Last day of the period''s window.';

COMMENT ON COLUMN dw.target_snapshot_sensitive.numerator IS 'Numerator; null where nobody has reported.';

COMMENT ON COLUMN dw.target_snapshot_sensitive.denominator IS 'Denominator; null where there is none.';

COMMENT ON COLUMN dw.target_snapshot_sensitive.value IS 'The figure in the target''s unit; null where it is unknown.';

COMMENT ON COLUMN dw.target_snapshot_sensitive.unit IS 'Unit of value and target; percent figures run from 0 to 100.';

COMMENT ON COLUMN dw.target_snapshot_sensitive.target_value IS 'The figure to reach or not to exceed; the lower end of a range.';

COMMENT ON COLUMN dw.target_snapshot_sensitive.achievement_pct IS 'Value as a share of the target, in percent.';

COMMENT ON COLUMN dw.target_snapshot_sensitive.expected_value IS 'The figure to have reached by now.';

COMMENT ON COLUMN dw.target_snapshot_sensitive.status IS 'met, on_track, behind, missed or no_data.';

COMMENT ON COLUMN dw.target_snapshot_sensitive.value_min IS 'Lower bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_snapshot_sensitive.value_max IS 'Upper bound over all missing reports; null: none.';

COMMENT ON COLUMN dw.target_snapshot_sensitive.verdict IS 'met, not_met or undecided over all values of the missing reports.';

COMMENT ON COLUMN dw.target_snapshot_sensitive.completeness_pct IS 'Share of the expected reports that are in.';

COMMENT ON COLUMN dw.target_snapshot_sensitive.is_final IS 'Whether all expected reports are in.';

COMMENT ON COLUMN dw.target_snapshot_sensitive.computed_at IS 'When the figure became what it is.';

COMMENT ON COLUMN dw.target_snapshot_sensitive.is_sensitive IS 'Whether the target counted persons, whose figures BI tools do not see.';

COMMENT ON COLUMN dw.target_snapshot_sensitive.edition IS 'Number of the closing: 1, and one more after each reopening.';

CREATE TABLE audit.submission (
    submission_id BIGINT DEFAULT nextval('audit.submission_id_seq'::regclass) NOT NULL,
    load_id BIGINT NOT NULL,
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
    roles JSONB DEFAULT '[]'::jsonb NOT NULL,
    stated_units JSONB DEFAULT '[]'::jsonb NOT NULL,
    is_declared_correction BOOLEAN DEFAULT false NOT NULL,
    part_set BIGINT,
    part_no INTEGER DEFAULT 0 NOT NULL,
    CONSTRAINT submission_pkey PRIMARY KEY (submission_id),
    CONSTRAINT submission_status_check CHECK (status IN ('accepted', 'accepted_with_warnings', 'rejected', 'duplicate', 'ignored')),
    CONSTRAINT submission_part_check CHECK ((part_set IS NULL) = (part_no = 0)),
    CONSTRAINT submission_revision_check CHECK ((revision IS NOT NULL) = (status IN ('accepted', 'accepted_with_warnings'))),
    CONSTRAINT submission_valid_check CHECK (revision IS NULL OR error_count = 0),
    CONSTRAINT submission_load_id_fkey FOREIGN KEY(load_id) REFERENCES audit.load (load_id) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX submission_load_idx ON audit.submission (load_id);

CREATE INDEX submission_part_idx ON audit.submission (body_code) WHERE part_set IS NOT NULL;

CREATE INDEX submission_report_idx ON audit.submission (plan_code, body_code, form_code, period_code);

CREATE UNIQUE INDEX submission_revision_idx ON audit.submission (plan_code, body_code, form_code, period_code, revision, part_no) WHERE revision IS NOT NULL;

CREATE INDEX submission_sha256_idx ON audit.submission (sha256);

COMMENT ON TABLE audit.submission IS 'Submissions: one row per sheet that is a form, and one per file in which no form was found.';

COMMENT ON COLUMN audit.submission.submission_id IS 'Number of the submission.';

COMMENT ON COLUMN audit.submission.load_id IS 'Load that the row belongs to.';

COMMENT ON COLUMN audit.submission.plan_code IS 'Plan under which it was ingested.';

COMMENT ON COLUMN audit.submission.body_code IS 'Body whose folder it lay in.';

COMMENT ON COLUMN audit.submission.form_code IS 'Code of its form; empty where none was found.';

COMMENT ON COLUMN audit.submission.period_code IS 'Code of its period; empty where none was found.';

COMMENT ON COLUMN audit.submission.revision IS '0 for the first valid report, then 1, 2, the same for its parts; only where accepted.';

COMMENT ON COLUMN audit.submission.status IS 'accepted, accepted_with_warnings, rejected, duplicate or ignored.';

COMMENT ON COLUMN audit.submission.source_url IS 'Drive that it was pulled from, without credentials.';

COMMENT ON COLUMN audit.submission.file_name IS 'Path below the body''s folder.';

COMMENT ON COLUMN audit.submission.sheet_name IS 'Sheet of the workbook; empty for a text table.';

COMMENT ON COLUMN audit.submission.sha256 IS 'Hash of the file''s content; empty where it was too large to read.';

COMMENT ON COLUMN audit.submission.size_bytes IS 'Size of the file in bytes.';

COMMENT ON COLUMN audit.submission.received_at IS 'When the file was received: its last change on the drive.';

COMMENT ON COLUMN audit.submission.ingested_at IS 'When it was ingested.';

COMMENT ON COLUMN audit.submission.error_count IS 'How many errors were found.';

COMMENT ON COLUMN audit.submission.warning_count IS 'How many warnings were found.';

COMMENT ON COLUMN audit.submission.column_map IS 'Letter of the sheet''s column for each column of the form.';

COMMENT ON COLUMN audit.submission.roles IS 'Ranges of cells by their role (letterhead, header, measure and so on); one object per sheet.';

COMMENT ON COLUMN audit.submission.stated_units IS 'Units that the sheet states where they differ from the measure''s: key, cell, unit and factor.';

COMMENT ON COLUMN audit.submission.is_declared_correction IS 'Whether the sheet declares itself a correction of an earlier report.';

COMMENT ON COLUMN audit.submission.part_set IS 'First submission of the parts that make up the report; empty where this one is all of it.';

COMMENT ON COLUMN audit.submission.part_no IS 'Number of the part in its set, 0 without parts; a later one of the same number replaces it.';

CREATE TABLE dw.area_path (
    area_key INTEGER NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL,
    area_code TEXT NOT NULL,
    area_name TEXT NOT NULL,
    area_name_en TEXT NOT NULL,
    area_level TEXT NOT NULL,
    province_code TEXT NOT NULL,
    province_name TEXT,
    province_name_en TEXT,
    district_code TEXT,
    district_name TEXT,
    district_name_en TEXT,
    commune_code TEXT,
    commune_name TEXT,
    commune_name_en TEXT,
    CONSTRAINT area_path_pkey PRIMARY KEY (area_key, valid_from),
    CONSTRAINT area_path_area_key_fkey FOREIGN KEY(area_key) REFERENCES dw.dim_area (area_key)
);

COMMENT ON TABLE dw.area_path IS 'Each area with the areas above it, by days: the hierarchy as columns.';

COMMENT ON COLUMN dw.area_path.area_key IS 'State of an area.';

COMMENT ON COLUMN dw.area_path.valid_from IS 'First day on which the areas above it have these names.';

COMMENT ON COLUMN dw.area_path.valid_to IS 'First day after it; the rows of an area cover all days.';

COMMENT ON COLUMN dw.area_path.area_code IS 'Code of the area.';

COMMENT ON COLUMN dw.area_path.area_name IS 'Name of the area.';

COMMENT ON COLUMN dw.area_path.area_name_en IS 'Name of the area in English.';

COMMENT ON COLUMN dw.area_path.area_level IS 'Level: province, district or commune.';

COMMENT ON COLUMN dw.area_path.province_code IS 'Code of the province.';

COMMENT ON COLUMN dw.area_path.province_name IS 'Name of the province; empty without one.';

COMMENT ON COLUMN dw.area_path.province_name_en IS 'Name in English of the province; empty without one.';

COMMENT ON COLUMN dw.area_path.district_code IS 'Code of the district; empty without one.';

COMMENT ON COLUMN dw.area_path.district_name IS 'Name of the district; empty without one.';

COMMENT ON COLUMN dw.area_path.district_name_en IS 'Name in English of the district; empty without one.';

COMMENT ON COLUMN dw.area_path.commune_code IS 'Code of the commune; empty without one.';

COMMENT ON COLUMN dw.area_path.commune_name IS 'Name of the commune; empty without one.';

COMMENT ON COLUMN dw.area_path.commune_name_en IS 'Name in English of the commune; empty without one.';

CREATE TABLE dw.bridge_area (
    area_key INTEGER NOT NULL,
    later_area_key INTEGER NOT NULL,
    CONSTRAINT bridge_area_pkey PRIMARY KEY (area_key, later_area_key),
    CONSTRAINT bridge_area_area_key_fkey FOREIGN KEY(area_key) REFERENCES dw.dim_area (area_key),
    CONSTRAINT bridge_area_later_area_key_fkey FOREIGN KEY(later_area_key) REFERENCES dw.dim_area (area_key)
);

CREATE INDEX bridge_area_later_area_key_idx ON dw.bridge_area (later_area_key);

COMMENT ON TABLE dw.bridge_area IS 'From areas as they were to their successors, over all mergers and divisions.';

COMMENT ON COLUMN dw.bridge_area.area_key IS 'Area as it was.';

COMMENT ON COLUMN dw.bridge_area.later_area_key IS 'Each later state in which it, or a part of it, lies.';

CREATE TABLE dw.dim_body (
    body_key INTEGER GENERATED ALWAYS AS IDENTITY,
    body_code TEXT NOT NULL,
    body_name TEXT NOT NULL,
    body_name_en TEXT NOT NULL,
    short_name TEXT NOT NULL,
    body_level TEXT NOT NULL,
    province_code TEXT NOT NULL,
    area_key INTEGER NOT NULL,
    valid_from DATE DEFAULT '0001-01-01' NOT NULL,
    valid_to DATE DEFAULT '9999-12-31' NOT NULL,
    is_latest BOOLEAN DEFAULT true NOT NULL,
    CONSTRAINT dim_body_pkey PRIMARY KEY (body_key),
    CONSTRAINT dim_body_days_check CHECK (valid_from <= valid_to),
    CONSTRAINT dim_body_no_overlap EXCLUDE USING gist (dw.code_range(province_code, province_code, '[]') WITH =, dw.code_range(body_code, body_code, '[]') WITH =, daterange(valid_from, valid_to) WITH &&) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT dim_body_area_key_fkey FOREIGN KEY(area_key) REFERENCES dw.dim_area (area_key)
);

CREATE UNIQUE INDEX dim_body_latest_idx ON dw.dim_body (province_code, body_code) WHERE is_latest;

COMMENT ON TABLE dw.dim_body IS 'Bodies that report: one row per state of a body, with its days.';

COMMENT ON COLUMN dw.dim_body.body_key IS 'Surrogate key of the body.';

COMMENT ON COLUMN dw.dim_body.body_code IS 'Code of the body; its folder on the drives bears it.';

COMMENT ON COLUMN dw.dim_body.body_name IS 'Name as letterheads have it.';

COMMENT ON COLUMN dw.dim_body.body_name_en IS 'Name in English; without diacritics where the plan gives none.';

COMMENT ON COLUMN dw.dim_body.short_name IS 'Short name; empty where there is none.';

COMMENT ON COLUMN dw.dim_body.body_level IS 'Level: province, district or commune.';

COMMENT ON COLUMN dw.dim_body.province_code IS 'Code of the province that it reports to.';

COMMENT ON COLUMN dw.dim_body.area_key IS 'Area that it is responsible for.';

COMMENT ON COLUMN dw.dim_body.valid_from IS 'First day of this state.';

COMMENT ON COLUMN dw.dim_body.valid_to IS 'First day after it; equal to valid_from once no plan has this state any more.';

COMMENT ON COLUMN dw.dim_body.is_latest IS 'Whether it is the last state of the code.';

CREATE TABLE dw.dim_measure (
    measure_key INTEGER GENERATED ALWAYS AS IDENTITY,
    form_key INTEGER NOT NULL,
    measure_name TEXT NOT NULL,
    label_vi TEXT NOT NULL,
    label_en TEXT DEFAULT '' NOT NULL,
    group_vi TEXT NOT NULL,
    unit TEXT NOT NULL,
    kind TEXT NOT NULL,
    is_additive_over_areas BOOLEAN NOT NULL,
    is_additive_over_time BOOLEAN NOT NULL,
    is_additive_over_codes BOOLEAN NOT NULL,
    CONSTRAINT dim_measure_pkey PRIMARY KEY (measure_key),
    CONSTRAINT dim_measure_kind_check CHECK (kind IN ('flow', 'stock', 'opening_stock', 'flag', 'score')),
    CONSTRAINT dim_measure_form_key_measure_name_key UNIQUE (form_key, measure_name),
    CONSTRAINT dim_measure_form_key_fkey FOREIGN KEY(form_key) REFERENCES dw.dim_form (form_key)
);

COMMENT ON TABLE dw.dim_measure IS 'Measures of the forms and their additivity.';

COMMENT ON COLUMN dw.dim_measure.measure_key IS 'Surrogate key of the measure.';

COMMENT ON COLUMN dw.dim_measure.form_key IS 'Form that it belongs to.';

COMMENT ON COLUMN dw.dim_measure.measure_name IS 'English key; the column of the fact table bears it.';

COMMENT ON COLUMN dw.dim_measure.label_vi IS 'Label as printed.';

COMMENT ON COLUMN dw.dim_measure.label_en IS 'Label in English.';

COMMENT ON COLUMN dw.dim_measure.group_vi IS 'Label of the merged header cell above; empty where there is none.';

COMMENT ON COLUMN dw.dim_measure.unit IS 'Unit of measure.';

COMMENT ON COLUMN dw.dim_measure.kind IS 'flow, stock, opening_stock, flag or score: how it adds up over time.';

COMMENT ON COLUMN dw.dim_measure.is_additive_over_areas IS 'Whether figures of several areas add up.';

COMMENT ON COLUMN dw.dim_measure.is_additive_over_time IS 'Whether figures of several periods add up.';

COMMENT ON COLUMN dw.dim_measure.is_additive_over_codes IS 'Whether figures of several codes of the form add up.';

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
    timezone TEXT NOT NULL,
    form_set_code TEXT NOT NULL,
    CONSTRAINT dim_plan_pkey PRIMARY KEY (plan_key),
    CONSTRAINT dim_plan_plan_code_key UNIQUE (plan_code),
    CONSTRAINT dim_plan_form_set_code_fkey FOREIGN KEY(form_set_code) REFERENCES dw.dim_form_set (form_set_code)
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

COMMENT ON COLUMN dw.dim_plan.timezone IS 'Time zone by which its days begin.';

COMMENT ON COLUMN dw.dim_plan.form_set_code IS 'Form set of the plan.';

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

COMMENT ON COLUMN audit.finding.severity IS 'error rejects the sheet, warning does not.';

COMMENT ON COLUMN audit.finding.code IS 'Finding code, or the id of the form''s rule.';

COMMENT ON COLUMN audit.finding.sheet_name IS 'Sheet of the finding.';

COMMENT ON COLUMN audit.finding.cell IS 'Cell in A1 notation; empty where it is about the whole sheet.';

COMMENT ON COLUMN audit.finding.column_key IS 'Column of the form; empty where it is about none.';

COMMENT ON COLUMN audit.finding.value_shown IS 'Value of the cell; never one that identifies a person.';

COMMENT ON COLUMN audit.finding.message_vi IS 'What is wrong and what would be right, in Vietnamese.';

COMMENT ON COLUMN audit.finding.message_en IS 'The same in English.';

CREATE TABLE audit.purge (
    submission_id BIGINT NOT NULL,
    purged_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reason TEXT NOT NULL,
    event_id BIGINT NOT NULL,
    load_id BIGINT NOT NULL,
    CONSTRAINT purge_pkey PRIMARY KEY (submission_id),
    CONSTRAINT purge_submission_id_fkey FOREIGN KEY(submission_id) REFERENCES audit.submission (submission_id),
    CONSTRAINT purge_load_id_fkey FOREIGN KEY(load_id) REFERENCES audit.load (load_id) DEFERRABLE INITIALLY DEFERRED
);

COMMENT ON TABLE audit.purge IS 'Submissions whose content, values and findings were erased, because a person was found in them.';

COMMENT ON COLUMN audit.purge.submission_id IS 'Submission whose content was erased.';

COMMENT ON COLUMN audit.purge.purged_at IS 'When it was erased.';

COMMENT ON COLUMN audit.purge.reason IS 'Why it was erased.';

COMMENT ON COLUMN audit.purge.event_id IS 'Event of the audit chain that recorded it.';

COMMENT ON COLUMN audit.purge.load_id IS 'Load that the row belongs to.';

CREATE TABLE audit.revision_cause (
    plan_code TEXT NOT NULL,
    target_code TEXT NOT NULL,
    area_code TEXT NOT NULL,
    period_code TEXT NOT NULL,
    submission_id BIGINT NOT NULL,
    load_id BIGINT NOT NULL,
    is_declared_correction BOOLEAN NOT NULL,
    CONSTRAINT revision_cause_pkey PRIMARY KEY (plan_code, target_code, area_code, period_code, submission_id, load_id),
    CONSTRAINT revision_cause_submission_id_fkey FOREIGN KEY(submission_id) REFERENCES audit.submission (submission_id),
    CONSTRAINT revision_cause_load_id_fkey FOREIGN KEY(load_id) REFERENCES audit.load (load_id) DEFERRABLE INITIALLY DEFERRED
);

COMMENT ON TABLE audit.revision_cause IS 'Which submissions changed a figure after its period was closed.';

COMMENT ON COLUMN audit.revision_cause.plan_code IS 'Plan of the target.';

COMMENT ON COLUMN audit.revision_cause.target_code IS 'Code of the target.';

COMMENT ON COLUMN audit.revision_cause.area_code IS 'Area that the figure is about.';

COMMENT ON COLUMN audit.revision_cause.period_code IS 'Closed period up to whose end it is computed.';

COMMENT ON COLUMN audit.revision_cause.submission_id IS 'Submission that did.';

COMMENT ON COLUMN audit.revision_cause.load_id IS 'Load that the row belongs to.';

COMMENT ON COLUMN audit.revision_cause.is_declared_correction IS 'Whether that submission declares itself a correction.';

CREATE TABLE audit.withdrawal (
    submission_id BIGINT NOT NULL,
    withdrawn_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reason TEXT NOT NULL,
    restored_ids BIGINT[] NOT NULL,
    event_id BIGINT NOT NULL,
    load_id BIGINT NOT NULL,
    CONSTRAINT withdrawal_pkey PRIMARY KEY (submission_id),
    CONSTRAINT withdrawal_submission_id_fkey FOREIGN KEY(submission_id) REFERENCES audit.submission (submission_id),
    CONSTRAINT withdrawal_load_id_fkey FOREIGN KEY(load_id) REFERENCES audit.load (load_id) DEFERRABLE INITIALLY DEFERRED
);

COMMENT ON TABLE audit.withdrawal IS 'Accepted submissions that were taken back.';

COMMENT ON COLUMN audit.withdrawal.submission_id IS 'Submission that was taken back.';

COMMENT ON COLUMN audit.withdrawal.withdrawn_at IS 'When it was taken back.';

COMMENT ON COLUMN audit.withdrawal.reason IS 'Why it was taken back.';

COMMENT ON COLUMN audit.withdrawal.restored_ids IS 'Submissions that are in force again: none, one, or the parts of a report.';

COMMENT ON COLUMN audit.withdrawal.event_id IS 'Event of the audit chain that recorded it.';

COMMENT ON COLUMN audit.withdrawal.load_id IS 'Load that the row belongs to.';

CREATE TABLE dw.dim_period (
    period_key INTEGER GENERATED ALWAYS AS IDENTITY,
    plan_code TEXT NOT NULL,
    period_code TEXT NOT NULL,
    period_kind TEXT NOT NULL,
    year INTEGER NOT NULL,
    period_number INTEGER NOT NULL,
    window_start DATE NOT NULL,
    window_end DATE NOT NULL,
    name_vi TEXT NOT NULL,
    name_en TEXT NOT NULL,
    CONSTRAINT dim_period_pkey PRIMARY KEY (period_key),
    CONSTRAINT dim_period_period_kind_check CHECK (period_kind IN ('D', 'W', 'M', 'Q', 'H', 'Y', 'A')),
    CONSTRAINT dim_period_window_check CHECK (window_start <= window_end),
    CONSTRAINT dim_period_plan_code_period_code_key UNIQUE (plan_code, period_code),
    CONSTRAINT dim_period_plan_code_fkey FOREIGN KEY(plan_code) REFERENCES dw.dim_plan (plan_code)
);

COMMENT ON TABLE dw.dim_period IS 'Reporting periods of each plan with their windows, which its calendar decides.';

COMMENT ON COLUMN dw.dim_period.period_key IS 'Surrogate key of the reporting period.';

COMMENT ON COLUMN dw.dim_period.plan_code IS 'Plan whose calendar it is of.';

COMMENT ON COLUMN dw.dim_period.period_code IS 'Code: 2020-M03, 2020-Q1, 2020-H1, 2020-Y or 2020-A-0305.';

COMMENT ON COLUMN dw.dim_period.period_kind IS 'D ten days, W week, M month, Q quarter, H half-year, Y year, A ad hoc.';

COMMENT ON COLUMN dw.dim_period.year IS 'Year that the period is named after.';

COMMENT ON COLUMN dw.dim_period.period_number IS 'Number of the month, quarter or half in the year; 0 for other kinds.';

COMMENT ON COLUMN dw.dim_period.window_start IS 'First day of the window.';

COMMENT ON COLUMN dw.dim_period.window_end IS 'Last day of the window.';

COMMENT ON COLUMN dw.dim_period.name_vi IS 'Name in Vietnamese.';

COMMENT ON COLUMN dw.dim_period.name_en IS 'Name in English.';

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

COMMENT ON TABLE dw.reporting_obligation IS 'Obligations to report, by body, form and period: a fact table without measures.';

COMMENT ON COLUMN dw.reporting_obligation.plan_key IS 'Plan that asks for the report.';

COMMENT ON COLUMN dw.reporting_obligation.body_key IS 'Body that owes it.';

COMMENT ON COLUMN dw.reporting_obligation.form_key IS 'Form that is owed.';

COMMENT ON COLUMN dw.reporting_obligation.period_key IS 'Period for which it is owed.';

COMMENT ON COLUMN dw.reporting_obligation.due_at IS 'Moment until which the report is on time.';

COMMENT ON COLUMN dw.reporting_obligation.is_optional IS 'Whether the body may report but owes nothing.';

COMMENT ON COLUMN dw.reporting_obligation.waived_at IS 'When the body was freed from this report.';

COMMENT ON COLUMN dw.reporting_obligation.waived_reason IS 'Why it was freed.';
