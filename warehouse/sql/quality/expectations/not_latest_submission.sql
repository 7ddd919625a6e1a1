{# Current rows that do not belong to the last accepted submission, or part, of their body and period. #}
SELECT
    c.fact_id,
    c.submission_id,
    c.body_code,
    c.period_code
FROM (SELECT * FROM {{ batch }}) AS c
LEFT JOIN audit.submission AS s USING (submission_id)
WHERE
    s.form_code IS DISTINCT FROM {{ form_code | literal }}
    OR s.body_code <> c.body_code
    OR s.period_code <> c.period_code
    OR s.revision IS NULL
    OR EXISTS (
        SELECT FROM audit.submission AS n
        WHERE
            n.plan_code = s.plan_code
            AND n.body_code = s.body_code
            AND n.form_code = s.form_code
            AND n.period_code = s.period_code
            AND n.revision > s.revision
            AND (n.part_set = s.part_set AND n.part_no <> s.part_no) IS NOT TRUE
            AND NOT EXISTS (SELECT FROM audit.withdrawal AS w WHERE w.submission_id = n.submission_id)
    )
    OR EXISTS (SELECT FROM audit.withdrawal AS w WHERE w.submission_id = c.submission_id)
