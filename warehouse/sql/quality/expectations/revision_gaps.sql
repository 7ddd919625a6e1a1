{# Reports whose revisions are not numbered from 0 without a gap. #}
SELECT
    body_code,
    form_code,
    period_code,
    count(*) AS accepted,
    max(revision) AS last_revision
FROM (SELECT * FROM {{ batch }}) AS s
WHERE revision IS NOT NULL
GROUP BY plan_code, body_code, form_code, period_code
HAVING count(*) <> max(revision) + 1
