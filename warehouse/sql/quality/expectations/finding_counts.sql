{# Submissions whose numbers of errors and warnings are not those of their stored findings; a purge erases these. #}
SELECT
    s.submission_id,
    s.error_count,
    s.warning_count
FROM (SELECT * FROM {{ batch }}) AS s
LEFT JOIN audit.finding AS f USING (submission_id)
WHERE NOT EXISTS (SELECT FROM audit.purge AS p WHERE p.submission_id = s.submission_id)
GROUP BY s.submission_id, s.error_count, s.warning_count
HAVING
    count(*) FILTER (WHERE f.severity = 'error') <> s.error_count
    OR count(*) FILTER (WHERE f.severity = 'warning') <> s.warning_count
