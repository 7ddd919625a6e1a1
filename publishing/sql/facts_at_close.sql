-- Rows of one form within a period's window, of each report the revision, with its parts, in effect when the period
-- was closed.
-- `place` is the area at the level by which figures are added up.
WITH latest AS (
    SELECT
        s.submission_id,
        s.load_id,
        s.body_code,
        p.window_end
    FROM audit.submission AS s
    INNER JOIN dw.dim_period AS p ON s.plan_code = p.plan_code AND s.period_code = p.period_code
    WHERE
        s.plan_code = :plan AND s.form_code = :form AND s.revision IS NOT NULL
        AND s.submission_id <= :last
        AND NOT EXISTS (
            SELECT FROM audit.withdrawal AS w
            WHERE w.submission_id = s.submission_id AND w.event_id < :event
        )
        AND p.window_end BETWEEN CAST(:start AS date) AND CAST(:end AS date)
        AND p.window_end - p.window_start <= CAST(:end AS date) - CAST(:start AS date)
        AND NOT EXISTS (
            SELECT FROM audit.submission AS n
            WHERE
                n.plan_code = s.plan_code AND n.body_code = s.body_code AND n.form_code = s.form_code
                AND n.period_code = s.period_code AND n.revision > s.revision AND n.submission_id <= :last
                AND (n.part_set = s.part_set AND n.part_no <> s.part_no) IS NOT TRUE
                AND NOT EXISTS (
                    SELECT FROM audit.withdrawal AS w
                    WHERE w.submission_id = n.submission_id AND w.event_id < :event
                )
        )
)

SELECT
    l.body_code,
    l.window_end,
    b.body_name,
    a.area_code,
    {{ fact_columns }},
    coalesce(d.area_code, a.area_code) AS place,
    coalesce(d.area_name, a.area_name) AS place_name,
    NOT EXISTS (
        SELECT
        FROM dw.reporting_obligation AS o
        INNER JOIN dw.dim_plan AS pl ON o.plan_key = pl.plan_key
        INNER JOIN dw.dim_form AS fo ON o.form_key = fo.form_key
        WHERE
            pl.plan_code = :plan AND o.body_key = f.body_key
            AND fo.form_code = :form AND NOT o.is_optional
    ) AS is_voluntary
FROM latest AS l
INNER JOIN dw.fact_{{ form_name }} AS f ON l.submission_id = f.submission_id AND l.load_id = f.load_id
INNER JOIN dw.dim_body AS b ON f.body_key = b.body_key
INNER JOIN dw.dim_area AS a ON f.area_key = a.area_key
LEFT JOIN dw.dim_area AS d
    ON
        a.province_code = d.province_code AND d.area_level = :level
        AND d.area_code = ANY(a.ancestors) AND d.valid_from <= l.window_end AND d.valid_to > l.window_end
ORDER BY f.fact_id
