-- Require a waived report again.
UPDATE dw.reporting_obligation AS o
SET
    waived_at = NULL,
    waived_reason = NULL
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
    AND o.waived_at IS NOT NULL
