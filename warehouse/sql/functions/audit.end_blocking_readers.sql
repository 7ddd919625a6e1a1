-- Ends the sessions of readers that have kept the pipeline waiting for a lock longer than `patience`, and returns their
-- accounts. A reader can unset its timeouts and keep a transaction open, and then a migration waits for it forever.
-- The function runs as the owner of the warehouse, who needs the role pg_signal_backend: so the pipeline itself can end
-- no session but those. chitieu doctor reports whether the owner has it.
CREATE OR REPLACE FUNCTION audit.end_blocking_readers(patience interval) RETURNS SETOF name LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
    WITH account AS MATERIALIZED (
        SELECT a.pid, a.usename, a.usesysid = current_user::regrole OR r.rolsuper OR EXISTS (
                SELECT FROM pg_roles w WHERE w.rolname = 'chitieu_writer' AND pg_has_role(r.oid, w.oid, 'MEMBER')
            ) AS is_pipeline,
            EXISTS (
                SELECT FROM pg_roles w WHERE w.rolname IN ('chitieu_bi', 'chitieu_area', 'chitieu_auditor')
                    AND pg_has_role(r.oid, w.oid, 'MEMBER')
            ) AS is_reader
        FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
        WHERE a.datname = current_database()
    ), blocking AS MATERIALIZED (
        SELECT DISTINCT unnest(pg_blocking_pids(l.pid)) AS pid
        FROM pg_locks l JOIN account a USING (pid)
        WHERE NOT l.granted AND l.waitstart < clock_timestamp() - patience AND a.is_pipeline
    )
    SELECT a.usename FROM blocking JOIN account a USING (pid)
    WHERE a.is_reader AND NOT a.is_pipeline AND pg_terminate_backend(a.pid);
END $$;
COMMENT ON FUNCTION audit.end_blocking_readers(interval)
IS 'Ends the sessions of readers that the pipeline has waited for longer than an interval; returns their accounts.';
