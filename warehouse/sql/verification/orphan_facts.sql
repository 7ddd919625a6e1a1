-- Facts of a form whose submission was not accepted, or is of another form.
SELECT f.fact_id, f.submission_id
FROM {{ fact_table | ident }} AS f
LEFT JOIN audit.submission AS s
    ON f.submission_id = s.submission_id AND s.revision IS NOT NULL AND s.form_code = :form_code
WHERE s.submission_id IS NULL
