-- What the connected account may do: null where the schema or table does not exist yet.
SELECT
    current_user AS account,
    (
        SELECT has_schema_privilege(n.oid, 'USAGE')
        FROM pg_catalog.pg_namespace AS n
        WHERE n.nspname = 'mart'
    ) AS reads_mart,
    (
        SELECT has_schema_privilege(n.oid, 'USAGE')
        FROM pg_catalog.pg_namespace AS n
        WHERE n.nspname = 'dw'
    ) AS reads_dw,
    (
        SELECT has_table_privilege(c.oid, 'INSERT')
        FROM pg_catalog.pg_class AS c
        INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
        WHERE n.nspname = 'dw' AND c.relname = 'dim_plan'
    ) AS writes
