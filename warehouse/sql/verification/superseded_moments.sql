-- Submissions of a form whose rows were superseded at another moment than that of the load that replaced or withdrew
-- them: the first one, in the order of loads, after the load that recorded them. Where the clock was set back between,
-- they ended as soon as they were recorded.
WITH ended AS (
    SELECT DISTINCT
        submission_id,
        load_id,
        recorded_at,
        superseded_at
    FROM {{ fact_table | ident }}
    WHERE superseded_at IS NOT NULL
),

endings AS (
    SELECT
        e.submission_id,
        e.load_id,
        e.recorded_at,
        e.superseded_at,
        (
            SELECT min(later.load_id)
            FROM (
                SELECT n.load_id
                FROM audit.submission AS n
                WHERE
                    n.plan_code = s.plan_code AND n.body_code = s.body_code AND n.form_code = s.form_code
                    AND n.period_code = s.period_code AND n.revision > s.revision
                    AND (n.part_set = s.part_set AND n.part_no <> s.part_no) IS NOT TRUE
                UNION ALL
                SELECT w.load_id
                FROM audit.withdrawal AS w
                WHERE w.submission_id = s.submission_id
            ) AS later
            WHERE later.load_id >= e.load_id
        ) AS ending_load_id
    FROM ended AS e
    INNER JOIN audit.submission AS s ON e.submission_id = s.submission_id
)

SELECT DISTINCT e.submission_id
FROM endings AS e
LEFT JOIN audit.load AS l ON e.ending_load_id = l.load_id
WHERE l.load_id IS NULL OR e.superseded_at <> greatest(e.recorded_at, l.started_at)
ORDER BY e.submission_id
