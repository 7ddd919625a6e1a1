-- Submissions of the last content received under each file name, with the due time of their reports.
WITH last_content AS (
    SELECT DISTINCT ON (source_url, body_code, file_name)
        source_url,
        body_code,
        file_name,
        sha256
    FROM audit.submission
    WHERE plan_code = :plan AND status <> 'ignored'
    ORDER BY source_url, body_code, file_name, submission_id DESC
)

SELECT
    s.submission_id,
    s.body_code,
    s.file_name,
    s.sha256,
    s.sheet_name,
    s.form_code,
    s.status,
    s.error_count,
    s.warning_count,
    p.name_vi AS period_name,
    r.due_at
FROM audit.submission AS s
INNER JOIN last_content AS l
    ON s.source_url = l.source_url AND s.body_code = l.body_code AND s.file_name = l.file_name
LEFT JOIN dw.dim_period AS p ON s.plan_code = p.plan_code AND s.period_code = p.period_code
LEFT JOIN mart.reporting_status AS r
    ON
        s.plan_code = r.plan_code AND s.body_code = r.body_code
        AND s.form_code = r.form_code AND s.period_code = r.period_code
WHERE s.plan_code = :plan AND s.sha256 IS NOT DISTINCT FROM l.sha256
ORDER BY s.submission_id
