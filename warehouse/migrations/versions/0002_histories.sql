CREATE TYPE dw.code_range AS RANGE (subtype = text, collation = "C");
COMMENT ON TYPE dw.code_range IS 'A range of codes; of one code alone it lets constraints compare codes beside days.';

ALTER TABLE dw.dim_area DROP CONSTRAINT dim_area_province_code_area_code_key;
ALTER TABLE dw.dim_area ADD COLUMN is_latest boolean NOT NULL DEFAULT true;
ALTER TABLE dw.dim_area ADD CONSTRAINT dim_area_days_check CHECK (valid_from <= valid_to);
ALTER TABLE dw.dim_area ADD CONSTRAINT dim_area_no_overlap EXCLUDE USING gist (
    dw.code_range(province_code, province_code, '[]') WITH =,
    dw.code_range(area_code, area_code, '[]') WITH =,
    daterange(valid_from, valid_to) WITH &&
) DEFERRABLE INITIALLY DEFERRED;
CREATE UNIQUE INDEX dim_area_latest_idx ON dw.dim_area (province_code, area_code) WHERE is_latest;
COMMENT ON TABLE dw.dim_area IS 'Provinces, districts and communes: a row for each state of an area, with its days.';
COMMENT ON COLUMN dw.dim_area.valid_from IS 'First day of this state.';
COMMENT ON COLUMN dw.dim_area.valid_to IS 'First day after it; the same as valid_from once no plan tells of this state any more.';
COMMENT ON COLUMN dw.dim_area.is_latest IS 'Whether it is the last state of what bears the code.';

ALTER TABLE dw.dim_body DROP CONSTRAINT dim_body_province_code_body_code_key;
ALTER TABLE dw.dim_body ADD COLUMN is_latest boolean NOT NULL DEFAULT true;
ALTER TABLE dw.dim_body ADD CONSTRAINT dim_body_days_check CHECK (valid_from <= valid_to);
ALTER TABLE dw.dim_body ADD CONSTRAINT dim_body_no_overlap EXCLUDE USING gist (
    dw.code_range(province_code, province_code, '[]') WITH =,
    dw.code_range(body_code, body_code, '[]') WITH =,
    daterange(valid_from, valid_to) WITH &&
) DEFERRABLE INITIALLY DEFERRED;
CREATE UNIQUE INDEX dim_body_latest_idx ON dw.dim_body (province_code, body_code) WHERE is_latest;
COMMENT ON TABLE dw.dim_body IS 'Bodies that report: a row for each state of a body, with its days.';
COMMENT ON COLUMN dw.dim_body.valid_from IS 'First day of this state.';
COMMENT ON COLUMN dw.dim_body.valid_to IS 'First day after it; the same as valid_from once no plan tells of this state any more.';
COMMENT ON COLUMN dw.dim_body.is_latest IS 'Whether it is the last state of what bears the code.';

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
COMMENT ON TABLE dw.area_succession IS 'What became of areas: merged into others, split, renamed or moved; as the plans say it.';
COMMENT ON COLUMN dw.area_succession.from_day IS 'First day on which it was so.';
COMMENT ON COLUMN dw.area_succession.old_province_code IS 'Province that the area lay in.';
COMMENT ON COLUMN dw.area_succession.old_area_code IS 'Code of the area that was.';
COMMENT ON COLUMN dw.area_succession.new_province_code IS 'Province that it lies in from then on.';
COMMENT ON COLUMN dw.area_succession.new_area_code IS 'Code of the area that it, or a part of it, lies in from then on.';
COMMENT ON COLUMN dw.area_succession.kind IS 'merged, split, renamed or moved.';
COMMENT ON COLUMN dw.area_succession.extent IS 'whole or part: how much of the area that was.';
COMMENT ON COLUMN dw.area_succession.decree IS 'The decree that says so.';

CREATE TABLE dw.bridge_area (
    area_key INTEGER NOT NULL,
    later_area_key INTEGER NOT NULL,
    CONSTRAINT bridge_area_pkey PRIMARY KEY (area_key, later_area_key),
    CONSTRAINT bridge_area_area_key_fkey FOREIGN KEY(area_key) REFERENCES dw.dim_area (area_key),
    CONSTRAINT bridge_area_later_area_key_fkey FOREIGN KEY(later_area_key) REFERENCES dw.dim_area (area_key)
);
CREATE INDEX bridge_area_later_area_key_idx ON dw.bridge_area (later_area_key);
COMMENT ON TABLE dw.bridge_area IS 'From areas as they were to areas as they came to be, over all mergers and divisions.';
COMMENT ON COLUMN dw.bridge_area.area_key IS 'Area as it was.';
COMMENT ON COLUMN dw.bridge_area.later_area_key IS 'Each later state that it, or a part of it, came to lie in.';

ALTER TABLE audit.submission ADD COLUMN is_declared_correction boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN audit.submission.is_declared_correction IS 'Whether the sheet says of itself that it corrects an earlier report.';
COMMENT ON COLUMN dw.dim_period.number IS 'Which of its kind in the year; 0 for an ad hoc one.';

CREATE TABLE dw.area_access (
    role_name TEXT NOT NULL,
    province_code TEXT NOT NULL,
    area_code TEXT NOT NULL,
    CONSTRAINT area_reader_pkey PRIMARY KEY (role_name)
);
COMMENT ON TABLE dw.area_access IS 'Which role sees which area alone, with all that lies in it.';
COMMENT ON COLUMN dw.area_access.role_name IS 'Role of the server; made by chitieu role.';
COMMENT ON COLUMN dw.area_access.province_code IS 'Province that the area lies in.';
COMMENT ON COLUMN dw.area_access.area_code IS 'Code of the area.';

CREATE FUNCTION audit.areas_seen(who name) RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF has_schema_privilege(who, 'dw', 'USAGE') OR NOT EXISTS (
        SELECT FROM pg_roles r WHERE r.rolname = 'chitieu_area' AND pg_has_role(who, r.oid, 'USAGE')) THEN
        RETURN NULL;
    END IF;
    RETURN ARRAY(SELECT DISTINCT a.area_code FROM dw.area_access g JOIN pg_roles r ON r.rolname = g.role_name
        JOIN dw.dim_area a ON a.province_code = g.province_code AND g.area_code = ANY(a.ancestors)
        WHERE pg_has_role(who, r.oid, 'USAGE'));
END $$;
COMMENT ON FUNCTION audit.areas_seen(name)
    IS 'The codes of the areas that an account may see; null for all, which is who has no role of an area.';

CREATE TABLE dw.sensitive_target (
    plan_code TEXT NOT NULL,
    target_code TEXT NOT NULL,
    CONSTRAINT person_target_pkey PRIMARY KEY (plan_code, target_code)
);
COMMENT ON TABLE dw.sensitive_target IS 'Targets that count persons: BI tools see them for the whole province and year alone.';
COMMENT ON COLUMN dw.sensitive_target.plan_code IS 'Plan of the target.';
COMMENT ON COLUMN dw.sensitive_target.target_code IS 'Code of the target.';

CREATE FUNCTION audit.targets_withheld(who name) RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF has_schema_privilege(who, 'dw', 'USAGE') THEN
        RETURN ARRAY[]::text[];
    END IF;
    RETURN ARRAY(SELECT plan_code || '/' || target_code FROM dw.sensitive_target);
END $$;
COMMENT ON FUNCTION audit.targets_withheld(name)
    IS 'The targets (plan/target) that count persons, where an account may not see small counts; else none.';

ALTER TABLE mart.target_indicator ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_area ON mart.target_indicator USING (
    (SELECT audit.areas_seen(current_user)) IS NULL OR area_code = ANY((SELECT audit.areas_seen(current_user))::text[])
);
CREATE POLICY no_small_counts ON mart.target_indicator AS RESTRICTIVE USING (
    plan_code || '/' || target_code <> ALL ((SELECT audit.targets_withheld(current_user))::text[])
    OR (area_level = 'province' AND period_code LIKE '%-Y'
        AND coalesce(numerator, 0) NOT BETWEEN 1 AND 4 AND coalesce(denominator, 0) NOT BETWEEN 1 AND 4)
);
ALTER TABLE mart.target_breakdown ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_area ON mart.target_breakdown USING (
    (SELECT audit.areas_seen(current_user)) IS NULL OR area_code = ANY((SELECT audit.areas_seen(current_user))::text[])
);
CREATE POLICY no_small_counts ON mart.target_breakdown AS RESTRICTIVE USING (
    plan_code || '/' || target_code <> ALL ((SELECT audit.targets_withheld(current_user))::text[])
    OR (area_level = 'province' AND period_code LIKE '%-Y'
        AND coalesce(numerator, 0) NOT BETWEEN 1 AND 4 AND coalesce(denominator, 0) NOT BETWEEN 1 AND 4)
);
ALTER TABLE mart.target_snapshot ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_area ON mart.target_snapshot USING (
    (SELECT audit.areas_seen(current_user)) IS NULL OR area_code = ANY((SELECT audit.areas_seen(current_user))::text[])
);
CREATE POLICY no_small_counts ON mart.target_snapshot AS RESTRICTIVE USING (
    plan_code || '/' || target_code <> ALL ((SELECT audit.targets_withheld(current_user))::text[])
    OR (area_level = 'province' AND period_code LIKE '%-Y'
        AND coalesce(numerator, 0) NOT BETWEEN 1 AND 4 AND coalesce(denominator, 0) NOT BETWEEN 1 AND 4)
);

ALTER TABLE dw.dim_measure ADD COLUMN label_en text NOT NULL DEFAULT '';
COMMENT ON COLUMN dw.dim_measure.label_en IS 'Label in English.';
-- The code lists of a warehouse made before; a new one gets them whole once the migrations have run.
DO $$ DECLARE list text; BEGIN
    FOR list IN SELECT table_name FROM information_schema.columns WHERE table_schema = 'dw'
        AND column_name = 'label_vi' AND starts_with(table_name, 'dim_') AND table_name <> 'dim_measure' LOOP
        EXECUTE format('ALTER TABLE dw.%I ADD COLUMN label_en text NOT NULL DEFAULT %L', list, '');
        EXECUTE format('COMMENT ON COLUMN dw.%I.label_en IS %L', list, 'Label in English.');
    END LOOP;
END $$;
