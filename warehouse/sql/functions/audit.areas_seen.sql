-- The areas that a reader may see. Views and row policies compare area codes with the result.
-- pg_temp comes last in the path: a reader's temporary objects must never be found first.
CREATE OR REPLACE FUNCTION audit.areas_seen(reader name) RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF has_schema_privilege(reader, 'dw', 'USAGE') OR NOT EXISTS (
        SELECT FROM pg_catalog.pg_roles r
        WHERE r.rolname = 'chitieu_area' AND pg_has_role(reader, r.oid, 'USAGE')) THEN
        RETURN NULL;
    END IF;
    RETURN ARRAY(
        SELECT DISTINCT a.area_code
        FROM dw.area_access g JOIN pg_catalog.pg_roles r ON r.rolname = g.role_name
        JOIN dw.dim_area a ON a.province_code = g.province_code AND g.area_code = ANY(a.ancestors)
        WHERE pg_has_role(reader, r.oid, 'USAGE'));
END $$;
COMMENT ON FUNCTION audit.areas_seen(name)
IS 'Codes of the areas that an account may see; null (all areas) for an account without an area role.';
