-- Which areas count for which cell of the grid. What an area reported counts for an outer area if all current
-- successors of the area lie in it: a merged area counts in full, a split one only above its successors.
-- is_there: the area itself still exists unchanged at the end of the period.
WITH successor AS (
    SELECT
        d.area_key,
        m.period_key,
        l.province_code,
        unnest(l.ancestors) AS area_code,
        l.area_key = d.area_key AS is_there,
        count(*) OVER (PARTITION BY d.area_key, m.period_key) AS successors
    FROM dw.dim_area AS d
    INNER JOIN moments AS m ON d.valid_from <= m.window_end
    INNER JOIN (
        SELECT
            area_key,
            area_key AS later_area_key
        FROM dw.dim_area
        UNION ALL
        SELECT
            area_key,
            later_area_key
        FROM dw.bridge_area
    ) AS s ON d.area_key = s.area_key
    INNER JOIN dw.dim_area AS l
        ON
            s.later_area_key = l.area_key
            AND l.valid_from <= m.window_end AND l.valid_to > m.window_end
    WHERE d.province_code = :province
)

SELECT
    g.area_key AS outer_key,
    g.area_level AS outer_level,
    g.period_key,
    w.area_key,
    bool_or(w.is_there) AS is_there
FROM successor AS w
INNER JOIN grid AS g USING (period_key, area_code)
WHERE w.province_code = :province
GROUP BY g.area_key, g.area_level, g.period_key, w.area_key, w.successors
HAVING count(*) = w.successors
