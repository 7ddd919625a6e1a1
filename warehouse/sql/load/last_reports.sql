-- The last submission of each report of some bodies: its status and its warnings as "code column".
SELECT DISTINCT ON (s.body_code, s.form_code, s.period_code)
    s.body_code,
    s.form_code,
    s.period_code,
    s.revision IS NOT NULL AS is_accepted,
    ARRAY(
        SELECT concat_ws(' ', f.code, f.column_key)
        FROM audit.finding AS f
        WHERE f.submission_id = s.submission_id
    ) AS warnings
FROM audit.submission AS s
WHERE
    s.plan_code = :plan AND s.body_code = ANY(:bodies)
    AND s.form_code IS NOT NULL AND s.period_code IS NOT NULL
    AND s.status NOT IN ('duplicate', 'ignored')
    AND NOT EXISTS (SELECT FROM audit.withdrawal AS w WHERE w.submission_id = s.submission_id)
ORDER BY s.body_code ASC, s.form_code ASC, s.period_code ASC, s.submission_id DESC
