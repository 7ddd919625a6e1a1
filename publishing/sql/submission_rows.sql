-- Every submission of a plan, with the one that it replaces and the one that replaced it.
WITH reports AS (
    SELECT
        submission_id,
        lag(submission_id) OVER report AS replaces,
        lead(submission_id) OVER report AS replaced_by
    FROM audit.submission AS a
    WHERE
        plan_code = :plan AND revision IS NOT NULL
        AND NOT EXISTS (SELECT FROM audit.withdrawal AS w WHERE w.submission_id = a.submission_id)
    WINDOW report AS (PARTITION BY body_code, form_code, period_code ORDER BY revision)
)

SELECT
    s.submission_id,
    s.body_code,
    b.body_name,
    s.form_code,
    s.period_code,
    p.name_vi,
    p.name_en,
    s.file_name,
    s.sheet_name,
    s.sha256,
    s.status,
    s.received_at,
    r.replaces,
    r.replaced_by,
    s.status = 'rejected' AND NOT EXISTS (
        SELECT
        FROM audit.submission AS v
        WHERE
            v.plan_code = s.plan_code AND v.body_code = s.body_code AND v.form_code = s.form_code
            AND v.period_code = s.period_code AND v.revision IS NOT NULL
            AND NOT EXISTS (SELECT FROM audit.withdrawal AS w WHERE w.submission_id = v.submission_id)
    ) AND NOT EXISTS (
        SELECT
        FROM audit.submission AS v
        WHERE
            v.sha256 = s.sha256 AND v.body_code = s.body_code AND v.sheet_name = s.sheet_name
            AND v.plan_code <> s.plan_code AND v.status <> 'duplicate' AND v.submission_id > s.submission_id
    ) AS is_open_rejection
FROM audit.submission AS s
INNER JOIN dw.dim_plan AS pl ON s.plan_code = pl.plan_code
LEFT JOIN reports AS r ON s.submission_id = r.submission_id
LEFT JOIN dw.dim_body AS b
    ON pl.province_code = b.province_code AND s.body_code = b.body_code AND b.is_latest
LEFT JOIN dw.dim_period AS p ON s.plan_code = p.plan_code AND s.period_code = p.period_code
WHERE s.plan_code = :plan
ORDER BY s.submission_id
