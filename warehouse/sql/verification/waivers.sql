-- Obligations that are waived otherwise than the chain has it: the last decision about each report.
WITH decided AS (
    SELECT DISTINCT ON (plan_code, subject)
        payload ->> 'plan' AS plan_code,
        subject,
        kind,
        occurred_at,
        payload ->> 'reason' AS reason
    FROM audit.event
    WHERE kind IN ('waive', 'unwaive')
    ORDER BY plan_code ASC, subject ASC, event_id DESC
),

waived AS (
    SELECT
        pl.plan_code,
        b.body_code || ' ' || f.form_code || ' ' || p.period_code AS subject,
        o.waived_at,
        o.waived_reason
    FROM dw.reporting_obligation AS o
    INNER JOIN dw.dim_plan AS pl ON o.plan_key = pl.plan_key
    INNER JOIN dw.dim_body AS b ON o.body_key = b.body_key
    INNER JOIN dw.dim_form AS f ON o.form_key = f.form_key
    INNER JOIN dw.dim_period AS p ON o.period_key = p.period_key
    WHERE o.waived_at IS NOT NULL OR o.waived_reason IS NOT NULL
)

SELECT coalesce(d.subject, w.subject) AS subject
FROM (SELECT * FROM decided WHERE kind = 'waive') AS d
FULL JOIN waived AS w ON d.plan_code = w.plan_code AND d.subject = w.subject
WHERE d.occurred_at IS DISTINCT FROM w.waived_at OR d.reason IS DISTINCT FROM w.waived_reason
ORDER BY 1
