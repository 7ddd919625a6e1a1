-- Every submission of a plan, with the one that it replaces and the one that replaced it.
-- The other parts of a report are neither.
WITH accepted AS MATERIALIZED (
    SELECT
        submission_id,
        body_code,
        form_code,
        period_code,
        revision,
        part_set,
        part_no
    FROM audit.submission AS a
    WHERE
        plan_code = :plan AND revision IS NOT NULL
        AND NOT EXISTS (SELECT FROM audit.withdrawal AS w WHERE w.submission_id = a.submission_id)
),

replacing AS (
    SELECT
        n.submission_id AS later_id,
        s.submission_id AS earlier_id
    FROM accepted AS n
    INNER JOIN accepted AS s USING (body_code, form_code, period_code)
    WHERE n.revision > s.revision AND (n.part_set = s.part_set AND n.part_no <> s.part_no) IS NOT TRUE
),

reports AS (
    SELECT
        a.submission_id,
        earlier.replaces,
        later.replaced_by
    FROM accepted AS a
    LEFT JOIN (
        SELECT
            later_id AS submission_id,
            max(earlier_id) AS replaces
        FROM replacing
        GROUP BY later_id
    ) AS earlier USING (submission_id)
    LEFT JOIN (
        SELECT
            earlier_id AS submission_id,
            min(later_id) AS replaced_by
        FROM replacing
        GROUP BY earlier_id
    ) AS later USING (submission_id)
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
    s.column_map,
    s.roles,
    s.stated_units,
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
