-- Reports owed in the plan year up to the end of a period, with their status when the period was closed.
WITH sent AS (
    SELECT
        body_code,
        form_code,
        period_code,
        bool_or(status = 'rejected') AS was_rejected,
        (array_agg(received_at ORDER BY revision) FILTER (
            WHERE revision IS NOT NULL AND NOT EXISTS (
                SELECT FROM audit.withdrawal AS w
                WHERE w.submission_id = a.submission_id AND w.event_id < :event
            )
        ))[1] AS received_at
    FROM audit.submission AS a
    WHERE
        plan_code = :plan AND submission_id <= :last
        AND form_code IS NOT NULL AND period_code IS NOT NULL
    GROUP BY body_code, form_code, period_code
)

SELECT
    b.body_code,
    b.body_name,
    fo.form_code,
    p.name_vi AS period_name,
    p.window_end >= :start AS is_inside,
    CASE
        WHEN s.received_at <= o.due_at THEN 'on_time'
        WHEN s.received_at IS NOT NULL THEN 'late'
        WHEN (
            SELECT w.kind
            FROM audit.event AS w
            WHERE
                w.kind IN ('waive', 'unwaive') AND w.event_id < :event
                AND w.subject = concat_ws(' ', b.body_code, fo.form_code, p.period_code)
                AND w.payload ->> 'plan' = :plan
            ORDER BY w.event_id DESC
            LIMIT 1
        ) = 'waive' THEN 'waived'
        WHEN s.was_rejected THEN 'rejected'
        WHEN o.due_at < :closed_at THEN 'missing'
        ELSE 'not_due'
    END AS status
FROM dw.reporting_obligation AS o
INNER JOIN dw.dim_plan AS pl ON o.plan_key = pl.plan_key
INNER JOIN dw.dim_body AS b ON o.body_key = b.body_key
INNER JOIN dw.dim_form AS fo ON o.form_key = fo.form_key
INNER JOIN dw.dim_period AS p ON o.period_key = p.period_key
LEFT JOIN sent AS s
    ON b.body_code = s.body_code AND fo.form_code = s.form_code AND p.period_code = s.period_code
WHERE
    pl.plan_code = :plan AND NOT o.is_optional
    AND p.window_end BETWEEN :year_start AND :end
    AND (
        p.window_end < :start
        OR p.window_end - p.window_start <= CAST(:end AS date) - CAST(:start AS date)
    )
ORDER BY fo.form_code, p.window_end
