-- How often bodies revise: one row per plan and body. A closing freezes figures from the year's start, so a month's
-- report counts as late for the closing of its quarter too. What came while a period was reopened does not.
{% from 'macros/closings.sql' import closings %}
{% from 'macros/visibility.sql' import of_seen_bodies %}
CREATE VIEW mart.revision_statistics WITH (security_barrier) AS
{% call(source) of_seen_bodies() %}
WITH reported AS MATERIALIZED (
    SELECT DISTINCT plan_code, period_code FROM audit.submission WHERE revision IS NOT NULL
),
closing AS MATERIALIZED (
    SELECT r.plan_code, r.period_code, c.last_submission, c.last_submission_before_reopening
    FROM reported r JOIN dw.dim_plan pl USING (plan_code) JOIN dw.dim_period p USING (plan_code, period_code)
    JOIN (
{{ closings() }}
) c USING (plan_code) JOIN dw.dim_period closed
    ON closed.plan_code = r.plan_code AND closed.period_code = c.period_code
    WHERE p.window_end BETWEEN pl.year_start AND closed.window_end
),
-- After the first of the closings that still hold, every submission is late.
still_closed AS MATERIALIZED (
    SELECT plan_code, period_code, min(last_submission) AS last_submission
    FROM closing
    WHERE last_submission_before_reopening IS NULL
    GROUP BY plan_code, period_code
),
reopened AS MATERIALIZED (
    SELECT plan_code, period_code, last_submission, last_submission_before_reopening
    FROM closing
    WHERE last_submission_before_reopening IS NOT NULL
)
SELECT plan_code, body_code,
    count(*) FILTER (WHERE revision = 0) AS reports,
    count(*) FILTER (WHERE revision > 0) AS revisions,
    sum(after_close)::bigint AS after_close,
    max(revision) AS most_of_one_report
FROM (
    SELECT s.plan_code, s.body_code, s.form_code, s.period_code, s.revision,
        count(*) FILTER (WHERE s.submission_id > c.last_submission OR EXISTS (
            SELECT FROM reopened r
            WHERE r.plan_code = s.plan_code AND r.period_code = s.period_code
                AND s.submission_id > r.last_submission
                AND s.submission_id <= r.last_submission_before_reopening
        )) AS after_close
    FROM audit.submission s LEFT JOIN still_closed c USING (plan_code, period_code)
    WHERE s.revision IS NOT NULL
    GROUP BY s.plan_code, s.body_code, s.form_code, s.period_code, s.revision
) AS sent
GROUP BY plan_code, body_code
{% endcall %};

COMMENT ON VIEW mart.revision_statistics IS
'How often each body revised its reports, and how often after a closing that includes them.';
COMMENT ON COLUMN mart.revision_statistics.plan_code IS 'Plan under which it reported.';
COMMENT ON COLUMN mart.revision_statistics.body_code IS 'Body that reported.';
COMMENT ON COLUMN mart.revision_statistics.reports IS 'Accepted reports.';
COMMENT ON COLUMN mart.revision_statistics.revisions IS 'Revisions of accepted reports.';
COMMENT ON COLUMN mart.revision_statistics.after_close IS
'Reports and revisions that came after their period, or a later one, had been closed.';
COMMENT ON COLUMN mart.revision_statistics.most_of_one_report IS
'Revisions of the report that was revised most.';
