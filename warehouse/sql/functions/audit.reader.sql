-- What kind of reader the current account is: it decides which branch of a view of mart it gets. The functions run
-- with the reader's own rights, so neither can call the other: readers have no access to the schema audit.
{% macro kind() -%}
BEGIN
    IF has_schema_privilege('dw', 'USAGE') THEN
        RETURN 'all';
    ELSIF EXISTS (SELECT FROM pg_roles r WHERE r.rolname = 'chitieu_area' AND pg_has_role(r.oid, 'USAGE')) THEN
        RETURN 'area';
    END IF;
    RETURN 'bi';
END
{%- endmacro %}
CREATE OR REPLACE FUNCTION audit.reader() RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
{{ kind() }} $$;
COMMENT ON FUNCTION audit.reader() IS 'The kind of reader that the current account is: all, bi or area.';

-- The same, declared IMMUTABLE though it depends on the role: so the planner evaluates it, and removes the branches
-- of other readers before it makes a plan, whose estimates would show what they contain. No result is wrong by it:
-- each branch checks audit.reader() as well, and a plan that was made for another role gives no rows.
CREATE OR REPLACE FUNCTION audit.reader_at_planning() RETURNS text LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
{{ kind() }} $$;
COMMENT ON FUNCTION audit.reader_at_planning() IS 'As audit.reader(), as a constant to the planner.';
