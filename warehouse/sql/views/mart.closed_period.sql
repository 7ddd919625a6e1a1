-- Closings of periods: one row per plan, closed period and edition, from the event that recorded it.
{% from 'macros/closings.sql' import closings %}
CREATE VIEW mart.closed_period AS
SELECT c.plan_code, c.period_code, c.closed_at, c.figures,
    CASE WHEN (SELECT audit.reader()) = 'all' THEN c.sha256 END AS sha256, c.closed_by, c.last_submission,
    c.chain_head,
    c.edition, c.edition = max(c.edition) OVER (PARTITION BY c.plan_code, c.period_code) AS is_latest,
    c.reopened_at, c.reopen_reason
FROM (
{{ closings() }}
) AS c;

COMMENT ON VIEW mart.closed_period IS
'Each closing: how many figures mart.target_snapshot froze, and the head of the audit chain then.';
COMMENT ON COLUMN mart.closed_period.plan_code IS 'Plan of the period.';
COMMENT ON COLUMN mart.closed_period.period_code IS 'Period that was closed.';
COMMENT ON COLUMN mart.closed_period.closed_at IS 'When it was closed.';
COMMENT ON COLUMN mart.closed_period.figures IS 'How many figures were frozen.';
COMMENT ON COLUMN mart.closed_period.sha256 IS
'Hash of the frozen figures, in hex; empty for readers from whom some of them are withheld.';
COMMENT ON COLUMN mart.closed_period.closed_by IS 'Account of the database that closed it.';
COMMENT ON COLUMN mart.closed_period.last_submission IS
'Number of the last submission that the figures can include.';
COMMENT ON COLUMN mart.closed_period.chain_head IS 'Head of the audit chain once it was closed, in hex.';
COMMENT ON COLUMN mart.closed_period.edition IS 'Number of the closing: 1, and one more after each reopening.';
COMMENT ON COLUMN mart.closed_period.is_latest IS 'Whether it is the latest closing of the period.';
COMMENT ON COLUMN mart.closed_period.reopened_at IS 'When the period was opened again; null where it was not.';
COMMENT ON COLUMN mart.closed_period.reopen_reason IS 'Why it was opened again.';
