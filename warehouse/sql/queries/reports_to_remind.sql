-- Reports that are overdue, rejected, or due within some days.
SELECT *
FROM mart.reporting_status
WHERE
    plan_code = :plan
    AND due_at IS NOT NULL
    AND (
        status IN ('missing', 'rejected')
        OR (
            status = 'not_due'
            AND due_at <= CAST(:now AS timestamptz) + :days * interval '1 day'
        )
    )
ORDER BY body_code, due_at, form_code
