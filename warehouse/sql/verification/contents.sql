-- The contents that submissions refer to, each with the first of its submissions, and whether one of them was accepted
-- or purged.
SELECT
    min(s.submission_id) AS submission_id,
    s.sha256,
    bool_or(s.revision IS NOT NULL) AS is_accepted,
    bool_or(p.submission_id IS NOT NULL) AS is_purged
FROM audit.submission AS s
LEFT JOIN audit.purge AS p ON s.submission_id = p.submission_id
WHERE s.sha256 IS NOT NULL
GROUP BY s.sha256
ORDER BY 1
