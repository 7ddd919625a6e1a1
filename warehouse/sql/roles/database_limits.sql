-- What every account may do in a new database and a reader needs not: temporary tables, large objects, advisory locks,
-- which fill the lock table of the whole server, and messages in the write-ahead log.
-- Runs as far as the account may.
DO $$
DECLARE
    statement text;
BEGIN
    IF EXISTS (SELECT FROM pg_database WHERE datname = current_database() AND pg_has_role(datdba, 'USAGE')) THEN
        EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
        EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO chitieu_writer', current_database());
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = current_user AND rolsuper) THEN
        FOR statement IN
            SELECT format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', p.oid::regprocedure)
            FROM pg_proc p
            WHERE p.pronamespace = 'pg_catalog'::regnamespace
                AND p.proname ~ '^(lo(_|read$|write$)|pg_(try_)?advisory_|pg_logical_emit_message$)'
        LOOP
            EXECUTE statement;
        END LOOP;
    END IF;
END $$;
