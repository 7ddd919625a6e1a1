{# End the current rows of reports, given as pairs of body key and period key. A body may have reported under
   an earlier state of its own. #}
UPDATE {{ table | ident }} AS fact SET superseded_at = :ended_at
FROM
    unnest(CAST(:bodies AS bigint []), CAST(:periods AS bigint [])) AS report (body_key, period_key)
    INNER JOIN dw.dim_body AS latest USING (body_key)
    INNER JOIN dw.dim_body AS b USING (province_code, body_code)
WHERE
    fact.body_key = b.body_key
    AND fact.period_key = report.period_key
    AND fact.superseded_at IS NULL
