-- Waive the report of a body for a form and a period at a moment; without a moment, require a waived one again.
UPDATE dw.reporting_obligation AS o
SET
    waived_at = CAST(:at AS timestamptz),
    waived_reason = CAST(:reason AS text)
FROM dw.dim_plan AS pl, dw.dim_body AS b, dw.dim_form AS f, dw.dim_period AS p
WHERE
    o.plan_key = pl.plan_key
    AND o.body_key = b.body_key
    AND o.form_key = f.form_key
    AND o.period_key = p.period_key
    AND pl.plan_code = :plan
    AND b.body_code = :body
    AND f.form_code = :form
    AND p.period_code = :period
    AND NOT o.is_optional
    AND (CAST(:at AS timestamptz) IS NOT NULL OR o.waived_at IS NOT NULL)
