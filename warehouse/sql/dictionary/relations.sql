-- Tables and views with their columns and comments, in the order of :schemas: one row per column.
SELECT
    n.nspname AS schema,
    c.relname AS name,
    CASE WHEN c.relkind = 'v' THEN 'view' ELSE 'table' END AS kind,
    obj_description(c.oid) AS comment,
    a.attname AS column_name,
    format_type(a.atttypid, a.atttypmod) AS type,
    col_description(c.oid, a.attnum) AS column_comment,
    NOT a.attnotnull AND c.relkind <> 'v' AS may_be_null,
    EXISTS (
        SELECT FROM pg_index AS i
        WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY(i.indkey)
    ) AS is_key
FROM pg_class AS c
INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
INNER JOIN pg_attribute AS a ON c.oid = a.attrelid AND a.attnum > 0 AND NOT a.attisdropped
WHERE n.nspname = ANY(:schemas) AND c.relkind IN ('r', 'v', 'p') AND NOT c.relispartition
    AND c.relname NOT LIKE 'alembic%'
ORDER BY array_position(:schemas, n.nspname::text), c.relname, a.attnum
