-- A submission with what decides whether it can be withdrawn, and the accepted ones of the same report that are in
-- force again without it: those that no other one replaces. Another part of a report replaces no part.
SELECT
    s.plan_code,
    s.body_code,
    s.form_code,
    s.period_code,
    s.status,
    s.source_url,
    s.file_name,
    s.sheet_name,
    s.sha256,
    s.size_bytes,
    s.received_at,
    s.revision,
    w.submission_id IS NOT NULL AS is_withdrawn,
    NOT EXISTS (
        SELECT FROM audit.submission AS n
        WHERE
            n.plan_code = s.plan_code AND n.body_code = s.body_code AND n.form_code = s.form_code
            AND n.period_code = s.period_code AND n.revision > s.revision
            AND (n.part_set = s.part_set AND n.part_no <> s.part_no) IS NOT TRUE
            AND NOT EXISTS (SELECT FROM audit.withdrawal AS v WHERE v.submission_id = n.submission_id)
    ) AS is_in_force,
    ARRAY(
        SELECT p.submission_id
        FROM audit.submission AS p
        WHERE
            p.plan_code = s.plan_code AND p.body_code = s.body_code AND p.form_code = s.form_code
            AND p.period_code = s.period_code AND p.revision < s.revision
            AND (p.part_set = s.part_set AND p.part_no <> s.part_no) IS NOT TRUE
            AND NOT EXISTS (SELECT FROM audit.withdrawal AS v WHERE v.submission_id = p.submission_id)
            AND NOT EXISTS (
                SELECT FROM audit.submission AS n
                WHERE
                    n.plan_code = p.plan_code AND n.body_code = p.body_code AND n.form_code = p.form_code
                    AND n.period_code = p.period_code AND n.revision > p.revision
                    AND n.submission_id <> s.submission_id
                    AND (n.part_set = p.part_set AND n.part_no <> p.part_no) IS NOT TRUE
                    AND NOT EXISTS (SELECT FROM audit.withdrawal AS v WHERE v.submission_id = n.submission_id)
            )
        ORDER BY p.submission_id
    ) AS previous_ids
FROM audit.submission AS s
LEFT JOIN audit.withdrawal AS w ON s.submission_id = w.submission_id
WHERE s.submission_id = :submission_id
