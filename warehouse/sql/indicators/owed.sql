-- The reports that are owed under the plan, and whether each has been accepted.
SELECT
    b.body_code,
    a.area_key,
    a.area_code,
    fo.form_code,
    p.period_code,
    p.window_start,
    p.window_end,
    o.due_at,
    s.received_at,
    s.received_at IS NOT NULL AS is_in
FROM dw.reporting_obligation AS o
INNER JOIN dw.dim_plan AS pl USING (plan_key)
INNER JOIN dw.dim_body AS b USING (body_key)
INNER JOIN dw.dim_area AS a ON b.area_key = a.area_key
INNER JOIN dw.dim_form AS fo USING (form_key)
INNER JOIN dw.dim_period AS p USING (period_key)
LEFT JOIN (
    -- Timeliness is that of the first valid report; no revision alters it.
    SELECT
        x.body_code,
        x.form_code,
        x.period_code,
        min(x.received_at) AS received_at
    FROM audit.submission AS x
    WHERE
        x.plan_code = :plan AND x.revision IS NOT NULL
        AND x.ingested_at <= coalesce(CAST(:as_of AS timestamptz), 'infinity')
        AND NOT EXISTS (
            SELECT FROM audit.withdrawal AS w
            WHERE
                w.submission_id = x.submission_id
                AND w.withdrawn_at <= coalesce(CAST(:as_of AS timestamptz), 'infinity')
        )
    GROUP BY x.body_code, x.form_code, x.period_code
) AS s
    ON
        b.body_code = s.body_code AND fo.form_code = s.form_code
        AND p.period_code = s.period_code
WHERE
    pl.plan_code = :plan AND NOT o.is_optional
    AND (o.waived_at IS NULL OR o.waived_at > coalesce(CAST(:as_of AS timestamptz), 'infinity'))
