CREATE TABLE mart.target_indicator_history (
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
	superseded_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT target_indicator_history_pkey PRIMARY KEY (plan_code, period_code, target_code, area_code, computed_at, superseded_at),
	CONSTRAINT target_indicator_history_status_check CHECK (status IN ('met', 'on_track', 'behind', 'missed', 'no_data')),
	CONSTRAINT target_indicator_history_verdict_check CHECK (verdict IN ('met', 'not_met', 'undecided'))
);
COMMENT ON TABLE mart.target_indicator_history IS 'What the target table said before it said otherwise, from computed_at to superseded_at.';
COMMENT ON COLUMN mart.target_indicator_history.plan_code IS 'Plan of the target.';
COMMENT ON COLUMN mart.target_indicator_history.target_code IS 'Code of the target.';
COMMENT ON COLUMN mart.target_indicator_history.area_code IS 'Area that the figure is about.';
COMMENT ON COLUMN mart.target_indicator_history.area_name IS 'Name of the area.';
COMMENT ON COLUMN mart.target_indicator_history.area_level IS 'Level of the area: province, district or commune.';
COMMENT ON COLUMN mart.target_indicator_history.period_code IS 'Period up to whose end the figure is reckoned.';
COMMENT ON COLUMN mart.target_indicator_history.window_start IS 'First day of the period''s window.';
COMMENT ON COLUMN mart.target_indicator_history.window_end IS 'Last day of the period''s window.';
COMMENT ON COLUMN mart.target_indicator_history.numerator IS 'What is counted; null where nobody has reported.';
COMMENT ON COLUMN mart.target_indicator_history.denominator IS 'What it is held against; null where there is none.';
COMMENT ON COLUMN mart.target_indicator_history.value IS 'The figure in the target''s unit; null where it cannot be told.';
COMMENT ON COLUMN mart.target_indicator_history.unit IS 'Unit of value and target; percent figures run from 0 to 100.';
COMMENT ON COLUMN mart.target_indicator_history.target_value IS 'The figure to reach by the end of the plan year.';
COMMENT ON COLUMN mart.target_indicator_history.achievement_pct IS 'Value as a share of the target, in percent.';
COMMENT ON COLUMN mart.target_indicator_history.expected_value IS 'The figure to have reached by now.';
COMMENT ON COLUMN mart.target_indicator_history.status IS 'met, on_track, behind, missed or no_data.';
COMMENT ON COLUMN mart.target_indicator_history.value_min IS 'Least the figure can be, whatever is still missing.';
COMMENT ON COLUMN mart.target_indicator_history.value_max IS 'Most it can be, whatever is still missing.';
COMMENT ON COLUMN mart.target_indicator_history.verdict IS 'met, not_met or undecided, whatever the missing reports say.';
COMMENT ON COLUMN mart.target_indicator_history.completeness_pct IS 'Share of the expected reports that are in.';
COMMENT ON COLUMN mart.target_indicator_history.is_final IS 'Whether all expected reports are in.';
COMMENT ON COLUMN mart.target_indicator_history.computed_at IS 'When the figure came to be what it is.';
COMMENT ON COLUMN mart.target_indicator_history.superseded_at IS 'When the table came to say otherwise.';

CREATE TABLE mart.target_breakdown_history (
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
	superseded_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT target_breakdown_history_pkey PRIMARY KEY (plan_code, period_code, target_code, area_code, computed_at, superseded_at)
);
COMMENT ON TABLE mart.target_breakdown_history IS 'What was said of figures at further levels before, from computed_at to superseded_at.';
COMMENT ON COLUMN mart.target_breakdown_history.plan_code IS 'Plan of the target.';
COMMENT ON COLUMN mart.target_breakdown_history.target_code IS 'Code of the target.';
COMMENT ON COLUMN mart.target_breakdown_history.area_code IS 'Area that the figure is about.';
COMMENT ON COLUMN mart.target_breakdown_history.area_name IS 'Name of the area.';
COMMENT ON COLUMN mart.target_breakdown_history.area_level IS 'Level of the area: province, district or commune.';
COMMENT ON COLUMN mart.target_breakdown_history.period_code IS 'Period up to whose end the figure is reckoned.';
COMMENT ON COLUMN mart.target_breakdown_history.window_start IS 'First day of the period''s window.';
COMMENT ON COLUMN mart.target_breakdown_history.window_end IS 'Last day of the period''s window.';
COMMENT ON COLUMN mart.target_breakdown_history.numerator IS 'What is counted; null where nobody has reported.';
COMMENT ON COLUMN mart.target_breakdown_history.denominator IS 'What it is held against; null where there is none.';
COMMENT ON COLUMN mart.target_breakdown_history.value IS 'The figure in the target''s unit; null where it cannot be told.';
COMMENT ON COLUMN mart.target_breakdown_history.unit IS 'Unit of value and target; percent figures run from 0 to 100.';
COMMENT ON COLUMN mart.target_breakdown_history.value_min IS 'Least the figure can be, whatever is still missing.';
COMMENT ON COLUMN mart.target_breakdown_history.value_max IS 'Most it can be, whatever is still missing.';
COMMENT ON COLUMN mart.target_breakdown_history.completeness_pct IS 'Share of the expected reports that are in.';
COMMENT ON COLUMN mart.target_breakdown_history.is_final IS 'Whether all expected reports are in.';
COMMENT ON COLUMN mart.target_breakdown_history.computed_at IS 'When the figure came to be what it is.';
COMMENT ON COLUMN mart.target_breakdown_history.superseded_at IS 'When the table came to say otherwise.';

CREATE TABLE audit.indicator_coverage (
	plan_code TEXT NOT NULL,
	period_code TEXT NOT NULL,
	covered_since TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT told_period_pkey PRIMARY KEY (plan_code, period_code)
);
COMMENT ON TABLE audit.indicator_coverage IS 'Since when the target table, with its past, tells of a period: before that it is reckoned anew.';
COMMENT ON COLUMN audit.indicator_coverage.plan_code IS 'Code of the plan.';
COMMENT ON COLUMN audit.indicator_coverage.period_code IS 'Period whose window has ended.';
COMMENT ON COLUMN audit.indicator_coverage.covered_since IS 'When the target table first told of it in full.';

CREATE TABLE audit.revision_cause (
	plan_code TEXT NOT NULL,
	target_code TEXT NOT NULL,
	area_code TEXT NOT NULL,
	period_code TEXT NOT NULL,
	submission_id BIGINT NOT NULL,
	load_id BIGINT NOT NULL,
	is_declared_correction BOOLEAN NOT NULL,
	CONSTRAINT revision_cause_pkey PRIMARY KEY (plan_code, target_code, area_code, period_code, submission_id),
	CONSTRAINT revision_cause_submission_id_fkey FOREIGN KEY(submission_id) REFERENCES audit.submission (submission_id),
	CONSTRAINT revision_cause_load_id_fkey FOREIGN KEY(load_id) REFERENCES audit.load (load_id) DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE audit.revision_cause IS 'Which submissions a figure moved with after its period was closed.';
COMMENT ON COLUMN audit.revision_cause.plan_code IS 'Plan of the target.';
COMMENT ON COLUMN audit.revision_cause.target_code IS 'Code of the target.';
COMMENT ON COLUMN audit.revision_cause.area_code IS 'Area that the figure is about.';
COMMENT ON COLUMN audit.revision_cause.period_code IS 'Closed period up to whose end it is reckoned.';
COMMENT ON COLUMN audit.revision_cause.submission_id IS 'Submission it moved with.';
COMMENT ON COLUMN audit.revision_cause.load_id IS 'Load that the row belongs to.';
COMMENT ON COLUMN audit.revision_cause.is_declared_correction IS 'Whether that calls itself a correction of an earlier one.';

CREATE TABLE dw.dim_target (
	plan_code TEXT NOT NULL,
	target_code TEXT NOT NULL,
	additivity TEXT NOT NULL,
	CONSTRAINT dim_target_pkey PRIMARY KEY (plan_code, target_code),
	CONSTRAINT dim_target_additivity_check CHECK (additivity IN ('additive', 'semi_additive', 'non_additive'))
);
COMMENT ON TABLE dw.dim_target IS 'Targets of the loaded plans, with what their aggregation functions allow.';
COMMENT ON COLUMN dw.dim_target.plan_code IS 'Plan of the target.';
COMMENT ON COLUMN dw.dim_target.target_code IS 'Code of the target.';
COMMENT ON COLUMN dw.dim_target.additivity IS 'How its figures add up: additive, semi_additive (over areas as part of a share) or non_additive.';

CREATE TABLE audit.plan_document (
	plan_code TEXT NOT NULL,
	recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
	sha256 TEXT NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT plan_document_pkey PRIMARY KEY (plan_code, recorded_at, sha256)
);
COMMENT ON TABLE audit.plan_document IS 'All that a plan ever said: a row each time that it, or a form, was not as it had been.';
COMMENT ON COLUMN audit.plan_document.plan_code IS 'Code of the plan.';
COMMENT ON COLUMN audit.plan_document.recorded_at IS 'When it was loaded.';
COMMENT ON COLUMN audit.plan_document.sha256 IS 'Hash of the document, which the audit chain bears too.';
COMMENT ON COLUMN audit.plan_document.document IS 'The plan as it was read, as JSON.';

CREATE TRIGGER guard_rows BEFORE UPDATE OR DELETE ON mart.target_indicator_history FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER guard_table BEFORE TRUNCATE ON mart.target_indicator_history FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

CREATE TRIGGER guard_rows BEFORE UPDATE OR DELETE ON mart.target_breakdown_history FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER guard_table BEFORE TRUNCATE ON mart.target_breakdown_history FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

CREATE TRIGGER guard_rows BEFORE UPDATE OR DELETE ON audit.revision_cause FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER guard_table BEFORE TRUNCATE ON audit.revision_cause FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

CREATE TRIGGER guard_rows BEFORE UPDATE OR DELETE ON audit.plan_document FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER guard_table BEFORE TRUNCATE ON audit.plan_document FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();


ALTER TABLE mart.target_indicator_history ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_area ON mart.target_indicator_history USING (
    (SELECT audit.areas_seen(current_user)) IS NULL OR area_code = ANY((SELECT audit.areas_seen(current_user))::text[])
);
CREATE POLICY no_small_counts ON mart.target_indicator_history AS RESTRICTIVE USING (
    plan_code || '/' || target_code <> ALL ((SELECT audit.targets_withheld(current_user))::text[])
);

ALTER TABLE mart.target_breakdown_history ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_area ON mart.target_breakdown_history USING (
    (SELECT audit.areas_seen(current_user)) IS NULL OR area_code = ANY((SELECT audit.areas_seen(current_user))::text[])
);
CREATE POLICY no_small_counts ON mart.target_breakdown_history AS RESTRICTIVE USING (
    plan_code || '/' || target_code <> ALL ((SELECT audit.targets_withheld(current_user))::text[])
);

-- Whoever changes a figure, by whatever client: what it was stays.
CREATE FUNCTION audit.keep_changed_figures() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- What stood for no time at all, as between two batches of one run, nobody can have seen.
    EXECUTE format('INSERT INTO mart.%I SELECT o.*, coalesce(n.computed_at, audit.present())'
        ' FROM was o LEFT JOIN has_become n USING (plan_code, target_code, area_code, period_code)'
        ' WHERE n.computed_at IS DISTINCT FROM o.computed_at ON CONFLICT DO NOTHING',
        TG_TABLE_NAME || '_history');
    RETURN NULL;
END $$;
COMMENT ON FUNCTION audit.keep_changed_figures()
    IS 'Keeps what a target table said of figures that changed, in the table of its past.';

CREATE FUNCTION audit.keep_removed_figures() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format('INSERT INTO mart.%I SELECT o.*, audit.present() FROM was o'
        ' WHERE o.computed_at <> audit.present() ON CONFLICT DO NOTHING', TG_TABLE_NAME || '_history');
    RETURN NULL;
END $$;
COMMENT ON FUNCTION audit.keep_removed_figures()
    IS 'Keeps what a target table said of figures that went, in the table of its past.';

CREATE FUNCTION audit.remove_unasked_figures(plan text, at timestamptz) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    present text := coalesce(current_setting('chitieu.now', true), '');
    removed bigint;
BEGIN
    PERFORM set_config('chitieu.now', at::text, true);
    WITH asked AS MATERIALIZED (
        SELECT d ->> 'code' AS target_code, d -> 'reported_levels' AS reported_levels,
            d -> 'breakdown_levels' AS breakdown_levels,
            a.area_code,
            greatest((d ->> 'valid_from')::date, a.valid_from) AS first_day,
            least((d ->> 'last_day')::date, a.valid_to - 1) AS last_day
        FROM dw.dim_plan pl CROSS JOIN jsonb_array_elements(pl.document -> 'targets') d
        JOIN dw.dim_area a ON a.province_code = pl.province_code WHERE pl.plan_code = plan
    ), figures AS (
        DELETE FROM mart.target_indicator t WHERE t.plan_code = plan AND NOT EXISTS (
            SELECT FROM asked q WHERE q.target_code = t.target_code AND q.area_code = t.area_code
              AND q.reported_levels ? t.area_level AND t.window_end BETWEEN q.first_day AND q.last_day)
        RETURNING 1
    ), parts AS (
        DELETE FROM mart.target_breakdown t WHERE t.plan_code = plan AND NOT EXISTS (
            SELECT FROM asked q WHERE q.target_code = t.target_code AND q.area_code = t.area_code
              AND q.breakdown_levels ? t.area_level AND t.window_end BETWEEN q.first_day AND q.last_day)
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM figures) + (SELECT count(*) FROM parts) INTO removed;
    PERFORM set_config('chitieu.now', present, true);
    RETURN removed;
END $$;
COMMENT ON FUNCTION audit.remove_unasked_figures(text, timestamptz)
    IS 'Takes away the figures of targets, areas and days that a loaded plan does not have; says how many.';
CREATE TRIGGER keep_changed AFTER UPDATE ON mart.target_indicator
    REFERENCING OLD TABLE AS was NEW TABLE AS has_become
    FOR EACH STATEMENT EXECUTE FUNCTION audit.keep_changed_figures();
CREATE TRIGGER keep_removed AFTER DELETE ON mart.target_indicator
    REFERENCING OLD TABLE AS was FOR EACH STATEMENT EXECUTE FUNCTION audit.keep_removed_figures();
CREATE TRIGGER guard_table BEFORE TRUNCATE ON mart.target_indicator
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

CREATE TRIGGER keep_changed AFTER UPDATE ON mart.target_breakdown
    REFERENCING OLD TABLE AS was NEW TABLE AS has_become
    FOR EACH STATEMENT EXECUTE FUNCTION audit.keep_changed_figures();
CREATE TRIGGER keep_removed AFTER DELETE ON mart.target_breakdown
    REFERENCING OLD TABLE AS was FOR EACH STATEMENT EXECUTE FUNCTION audit.keep_removed_figures();
CREATE TRIGGER guard_table BEFORE TRUNCATE ON mart.target_breakdown
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

ALTER TABLE dw.dim_plan ADD COLUMN timezone text;
UPDATE dw.dim_plan SET timezone = document -> 'calendar' ->> 'timezone';
ALTER TABLE dw.dim_plan ALTER timezone SET NOT NULL;
COMMENT ON COLUMN dw.dim_plan.timezone IS 'Time zone by which its days begin.';

-- A figure that has not changed since was the same; what it was before, nobody kept.
INSERT INTO audit.indicator_coverage
SELECT plan_code, period_code, max(computed_at) FROM mart.target_indicator GROUP BY plan_code, period_code;

-- What figures moved with that had moved before: all that they draw on and that came since, as it was told then.
DO $$ BEGIN IF to_regclass('mart.revision_log') IS NOT NULL THEN
    INSERT INTO audit.revision_cause
    SELECT l.plan_code, l.target_code, l.area_code, l.period_code, s.submission_id, s.is_declared_correction
    FROM mart.revision_log l CROSS JOIN unnest(l.submission_ids) AS moved (submission_id)
    JOIN audit.submission s USING (submission_id);
END IF; END $$;

-- A period is closed once, and who asks what was frozen looks its closing up.
CREATE UNIQUE INDEX event_closing_idx ON audit.event ((payload ->> 'plan'), subject) WHERE kind = 'close';

-- What these answered is answered by the target table with its past, and by functions made anew.
DO $$ DECLARE made record; BEGIN
    DROP FUNCTION IF EXISTS mart.target_indicator_as_of(timestamptz);
    DROP FUNCTION IF EXISTS mart.target_indicator_as_of(timestamptz, text, text);
    FOR made IN SELECT p.oid::regprocedure AS name FROM pg_proc p
        WHERE p.pronamespace = 'dw'::regnamespace AND p.proname LIKE 'targets\_of\_%' LOOP
        EXECUTE format('DROP FUNCTION %s', made.name);
    END LOOP;
END $$;
