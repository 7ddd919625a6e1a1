-- Facts of a form whose submission was not accepted, is of another form, or was recorded by another load, unless that
-- load recorded it again after a withdrawal.
SELECT f.fact_id, f.submission_id
FROM {{ fact_table | ident }} AS f
LEFT JOIN audit.submission AS s
    ON f.submission_id = s.submission_id AND s.revision IS NOT NULL AND s.form_code = :form_code
WHERE
    s.submission_id IS NULL
    OR (
        f.load_id <> s.load_id AND NOT EXISTS (
            SELECT FROM audit.withdrawal AS w
            WHERE f.submission_id = ANY(w.restored_ids) AND w.load_id = f.load_id
        )
    )
