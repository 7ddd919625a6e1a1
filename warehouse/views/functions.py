"""Functions and triggers of the database: the promises that it keeps for every client."""

SCHEMAS = """
CREATE SCHEMA IF NOT EXISTS dw;
CREATE SCHEMA IF NOT EXISTS mart;
CREATE SCHEMA IF NOT EXISTS audit;
COMMENT ON SCHEMA dw IS 'The star schema: dimensions and facts.';
COMMENT ON SCHEMA mart IS 'What BI tools read.';
COMMENT ON SCHEMA audit IS 'Submissions, findings and the chain of events.';
"""

FUNCTIONS = """
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
"""


def guard_statements(table: str, function: str) -> str:
    """The triggers that let a function guard a table ("schema.name") against UPDATE, DELETE and TRUNCATE."""
    return (
        f"CREATE TRIGGER guard_rows BEFORE UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {function}();\n"
        f"CREATE TRIGGER guard_table BEFORE TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();\n"
    )
