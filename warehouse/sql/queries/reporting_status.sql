-- The state of each expected report, of one period or of all; overdue and rejected ones first.
SELECT s.*
FROM mart.reporting_status AS s
INNER JOIN mart.calendar AS p USING (plan_code, period_code)
WHERE
    s.plan_code = :plan
    AND (CAST(:period AS text) IS NULL OR s.period_code = :period)
ORDER BY
    array_position(
        ARRAY['rejected', 'missing', 'late', 'on_time', 'waived', 'not_due'], s.status
    ),
    p.window_end,
    p.period_kind,
    s.body_code,
    s.form_code
