-- The reports that are owed under the plan, and whether each has been accepted.
SELECT
    b.body_code,
    a.area_key,
    a.area_code,
    fo.form_code,
    p.window_end,
    EXISTS (
        SELECT FROM audit.submission AS s
        WHERE
            s.plan_code = :plan AND s.body_code = b.body_code AND s.form_code = fo.form_code
            AND s.period_code = p.period_code AND s.revision IS NOT NULL
            AND s.ingested_at <= coalesce(CAST(:as_of AS timestamptz), 'infinity')
            AND NOT EXISTS (
                SELECT FROM audit.withdrawal AS w
                WHERE
                    w.submission_id = s.submission_id
                    AND w.withdrawn_at <= coalesce(CAST(:as_of AS timestamptz), 'infinity')
            )
    ) AS is_in
FROM dw.reporting_obligation AS o
INNER JOIN dw.dim_plan AS pl USING (plan_key)
INNER JOIN dw.dim_body AS b USING (body_key)
INNER JOIN dw.dim_area AS a ON b.area_key = a.area_key
INNER JOIN dw.dim_form AS fo USING (form_key)
INNER JOIN dw.dim_period AS p USING (period_key)
WHERE
    pl.plan_code = :plan AND NOT o.is_optional
    AND (o.waived_at IS NULL OR o.waived_at > coalesce(CAST(:as_of AS timestamptz), 'infinity'))
