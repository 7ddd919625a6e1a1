-- Comments of Alembic's own table. Runs after each migration.
COMMENT ON TABLE audit.alembic_version IS 'The last migration that was run.';
COMMENT ON COLUMN audit.alembic_version.version_num IS 'Number of the migration.';
