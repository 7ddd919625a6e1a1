-- A submission with the names of its body (as it was when the file was received), period and form.
SELECT
    s.*,
    b.body_name,
    p.name_vi AS period_name,
    p.name_vi AS period_name_vi,
    p.name_en AS period_name_en,
    f.title_vi,
    f.title_en
FROM audit.submission AS s
LEFT JOIN dw.dim_plan AS pl USING (plan_code)
LEFT JOIN LATERAL (
    SELECT d.body_name
    FROM dw.dim_body AS d
    WHERE
        d.province_code = pl.province_code
        AND d.body_code = s.body_code
        AND d.valid_from <= s.received_at
        AND d.valid_from < d.valid_to
    ORDER BY d.valid_from DESC
    LIMIT 1
) AS b ON TRUE
LEFT JOIN dw.dim_period AS p USING (plan_code, period_code)
LEFT JOIN dw.dim_form AS f USING (form_code)
WHERE s.submission_id = :submission_id
