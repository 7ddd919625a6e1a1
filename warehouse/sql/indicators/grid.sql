-- The evaluation grid: each area of the province as it is at the end of each period that has ended.
-- ancestors also names all areas that the area's predecessors lay in.
WITH place AS MATERIALIZED (
    SELECT
        a.area_key,
        a.area_code,
        a.area_level,
        a.valid_from,
        a.valid_to,
        a.ancestors || ARRAY(
            SELECT DISTINCT up.code
            FROM dw.bridge_area AS s
            INNER JOIN dw.dim_area AS e ON s.area_key = e.area_key
            CROSS JOIN unnest(e.ancestors) AS up (code)
            WHERE s.later_area_key = a.area_key
        ) AS ancestors
    FROM dw.dim_area AS a
    WHERE
        a.province_code = :province
        AND (CAST(:areas AS text []) IS NULL OR a.area_code = ANY(CAST(:areas AS text [])))
)

SELECT
    a.area_key,
    a.area_code,
    a.area_level,
    a.ancestors,
    p.period_key,
    p.window_start,
    p.window_end
FROM place AS a
INNER JOIN dw.dim_period AS p ON a.valid_from <= p.window_end AND a.valid_to > p.window_end
WHERE
    p.plan_code = :plan AND p.year = :year AND p.period_kind <> 'A' AND p.window_end < :today
    AND (CAST(:periods AS text []) IS NULL OR p.period_code = ANY(CAST(:periods AS text [])))
