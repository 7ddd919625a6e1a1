-- Submissions of a form whose facts are current though a later revision is in force or they are withdrawn, or
-- superseded though they are in force. Rows that a withdrawal recorded again are further rows of their submission.
-- Another part of the same report does not replace a part.
WITH reports AS (
    SELECT
        s.submission_id,
        s.load_id,
        w.submission_id IS NULL AND NOT EXISTS (
            SELECT FROM audit.submission AS n
            WHERE
                n.plan_code = s.plan_code AND n.body_code = s.body_code AND n.form_code = s.form_code
                AND n.period_code = s.period_code AND n.revision > s.revision
                AND (n.part_set = s.part_set AND n.part_no <> s.part_no) IS NOT TRUE
                AND NOT EXISTS (SELECT FROM audit.withdrawal AS v WHERE v.submission_id = n.submission_id)
        ) AS is_in_force
    FROM audit.submission AS s
    LEFT JOIN audit.withdrawal AS w ON s.submission_id = w.submission_id
    WHERE s.revision IS NOT NULL AND s.form_code = :form_code
)

SELECT r.submission_id
FROM reports AS r
INNER JOIN {{ fact_table | ident }} AS f ON r.submission_id = f.submission_id
GROUP BY r.submission_id, r.load_id, r.is_in_force
HAVING
    count(*) FILTER (WHERE f.superseded_at IS NULL)
    <> CASE WHEN r.is_in_force THEN count(*) FILTER (WHERE f.load_id = r.load_id) ELSE 0 END
ORDER BY r.submission_id
