-- The measures that a cell's column holds in accepted submissions of a file's sheet.
SELECT
    s.form_code,
    p.window_end,
    split_part(m.key, '/', 1) AS measure
FROM audit.submission AS s
INNER JOIN dw.dim_period AS p USING (plan_code, period_code)
CROSS JOIN jsonb_each_text(s.column_map) AS m
WHERE
    s.plan_code = :plan AND s.body_code = :body AND s.file_name = :file AND s.sheet_name = :sheet
    AND s.revision IS NOT NULL AND m.value = rtrim(:cell, '0123456789')
