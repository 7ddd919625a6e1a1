-- The sheets of all contents that bodies of some provinces sent, in order of receipt, copies included.
SELECT
    pl.province_code,
    s.body_code,
    s.sha256,
    s.file_name,
    s.sheet_name,
    s.form_code,
    s.period_code,
    s.plan_code,
    s.is_unclaimed,
    NOT s.is_unclaimed AND s.status <> 'duplicate' AS is_settled,
    s.is_purged
FROM (
    SELECT
        *,
        CASE
            WHEN status = 'rejected'
                THEN EXISTS (
                    SELECT FROM audit.finding AS f
                    WHERE
                        f.submission_id = a.submission_id AND f.severity = 'error'
                        AND f.code = ANY(CAST(:unclaimed AS text []))
                )
            ELSE status = 'ignored'
        END AS is_unclaimed,
        EXISTS (SELECT FROM audit.purge AS p WHERE p.submission_id = a.submission_id) AS is_purged
    FROM audit.submission AS a
    WHERE body_code = ANY(CAST(:bodies AS text [])) AND sha256 IS NOT NULL
) AS s
INNER JOIN dw.dim_plan AS pl USING (plan_code)
WHERE pl.province_code = ANY(CAST(:provinces AS text []))
ORDER BY s.submission_id
