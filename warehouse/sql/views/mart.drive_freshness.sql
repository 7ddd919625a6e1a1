-- The state of each drive at the last ingest, for monitoring. Area roles do not see it, see roles/grants.
CREATE VIEW mart.drive_freshness AS
SELECT d.drive, d.attempted_at, d.is_listed, d.listed_at, d.files, d.newest_file_at
FROM audit.drive_freshness d;

COMMENT ON VIEW mart.drive_freshness IS 'The state of each drive at the last ingest that named it.';
COMMENT ON COLUMN mart.drive_freshness.drive IS 'URL of the drive, without credentials.';
COMMENT ON COLUMN mart.drive_freshness.attempted_at IS
'When an ingest last tried to list it, by the clock of the database.';
COMMENT ON COLUMN mart.drive_freshness.is_listed IS
'Whether it could be listed then; the log of the ingest has the reason.';
COMMENT ON COLUMN mart.drive_freshness.listed_at IS 'When it could last be listed; null: never.';
COMMENT ON COLUMN mart.drive_freshness.files IS 'Files in the folders of bodies when it was last listed.';
COMMENT ON COLUMN mart.drive_freshness.newest_file_at IS 'When the newest of them was modified.';
