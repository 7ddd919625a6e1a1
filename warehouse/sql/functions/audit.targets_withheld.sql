-- The targets that are withheld from a reader, as plan/target. Views and row policies exclude their rows.
CREATE OR REPLACE FUNCTION audit.targets_withheld(reader name) RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF has_schema_privilege(reader, 'dw', 'USAGE') THEN
        RETURN ARRAY[]::text[];
    END IF;
    RETURN ARRAY(SELECT s.plan_code || '/' || s.target_code FROM dw.sensitive_target s);
END $$;
COMMENT ON FUNCTION audit.targets_withheld(name)
IS 'Targets (plan/target) that count persons, for an account that may not see small counts; else none.';
