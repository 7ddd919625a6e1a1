-- The session of this database that holds a lock of audit.lock, as it names itself, and since when it holds it.
SELECT
    application_name,
    xact_start
FROM pg_stat_activity
WHERE
    datname = current_database() AND pid <> pg_backend_pid()
    AND starts_with(application_name, :what || ': process ')
ORDER BY xact_start
LIMIT 1
