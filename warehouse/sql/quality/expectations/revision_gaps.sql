{# Reports whose revisions are not numbered from 0 without a gap. The parts of a revision share its number. #}
SELECT
    body_code,
    form_code,
    period_code,
    count(*) AS accepted,
    max(revision) AS last_revision
FROM (SELECT * FROM {{ batch }}) AS s
WHERE revision IS NOT NULL
GROUP BY plan_code, body_code, form_code, period_code
HAVING count(DISTINCT revision) <> max(revision) + 1
