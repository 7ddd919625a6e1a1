-- Submissions of a form whose facts are current though a later revision exists, or superseded though none does.
SELECT s.submission_id
FROM audit.submission AS s
INNER JOIN (
    SELECT plan_code, body_code, form_code, period_code, max(revision) AS revision
    FROM audit.submission
    WHERE revision IS NOT NULL AND form_code = :form_code
    GROUP BY plan_code, body_code, form_code, period_code
) AS latest USING (plan_code, body_code, form_code, period_code)
INNER JOIN {{ fact_table | ident }} AS f ON s.submission_id = f.submission_id
WHERE s.revision IS NOT NULL AND (s.revision = latest.revision) <> (f.superseded_at IS NULL)
GROUP BY s.submission_id
ORDER BY s.submission_id
