-- What readers could do to the server that only its administrator can prevent, each with the statement.
SELECT
    'A reader that blocks the pipeline cannot be ended' AS what,
    format('GRANT pg_signal_backend TO %I;', owner.rolname) AS statement
FROM pg_namespace AS n
INNER JOIN pg_roles AS owner ON n.nspowner = owner.oid
WHERE n.nspname = 'audit' AND NOT pg_has_role(owner.oid, 'pg_signal_backend', 'USAGE')
UNION ALL
SELECT
    'Every account may create temporary tables' AS what,
    format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC;', current_database()) AS statement
FROM pg_database AS d
WHERE
    d.datname = current_database()
    AND EXISTS (
        SELECT FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) AS a
        WHERE a.grantee = 0 AND a.privilege_type = 'TEMPORARY'
    )
UNION ALL
SELECT
    k.what,
    string_agg(format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC;', f.oid::regprocedure), ' ') AS statement
FROM pg_proc AS f
INNER JOIN (
    VALUES
    ('Every account may create large objects', '^lo_(create|creat|from_bytea)$'),
    ('Every account may fill the lock table of the server', '^pg_(try_)?advisory_'),
    ('Every account may fill the write-ahead log', '^pg_logical_emit_message$')
) AS k (what, functions) ON f.proname ~ k.functions
WHERE
    f.pronamespace = 'pg_catalog'::regnamespace
    AND EXISTS (
        SELECT FROM aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) AS a
        WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE'
    )
GROUP BY k.what
UNION ALL
SELECT
    'A query of any account may fill the disk with temporary files' AS what,
    format('ALTER DATABASE %I SET temp_file_limit = ''4GB'';', current_database()) AS statement
WHERE current_setting('temp_file_limit') = '-1'
UNION ALL
SELECT
    'Every account may connect to other databases of the server, where nothing is taken from it' AS what,
    string_agg(format('REVOKE CONNECT ON DATABASE %I FROM PUBLIC;', d.datname), ' ' ORDER BY d.datname) AS statement
FROM pg_database AS d
WHERE
    d.datallowconn AND d.datname <> current_database()
    AND EXISTS (
        SELECT FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) AS a
        WHERE a.grantee = 0 AND a.privilege_type = 'CONNECT'
    )
HAVING count(*) > 0
