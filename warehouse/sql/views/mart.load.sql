-- Loads: one row per batch, with how many submissions it had.
CREATE VIEW mart.load AS
SELECT l.load_id, l.kind, l.plan_code, l.started_at, l.finished_at, l.software_version,
    (SELECT count(*) FROM audit.submission s WHERE s.load_id = l.load_id)::int AS submissions
FROM audit.load l;

COMMENT ON VIEW mart.load IS 'The batches that were loaded: when, by which software, how many submissions.';
COMMENT ON COLUMN mart.load.load_id IS 'Number of the load.';
COMMENT ON COLUMN mart.load.kind IS 'What was done: ingest, backfill, materialize, plan or withdraw.';
COMMENT ON COLUMN mart.load.plan_code IS 'Plan under which it was done.';
COMMENT ON COLUMN mart.load.started_at IS 'Present moment of the load.';
COMMENT ON COLUMN mart.load.finished_at IS 'When it was done.';
COMMENT ON COLUMN mart.load.software_version IS 'Version of the software that did it.';
COMMENT ON COLUMN mart.load.submissions IS 'How many submissions it had.';
