-- Figures whose moment is not that of a load, or lies before the end of their former state.
SELECT
    t.target_code,
    t.area_code,
    t.period_code
FROM {{ table | ident }} AS t
LEFT JOIN (
    SELECT
        plan_code,
        target_code,
        area_code,
        period_code,
        array_agg(superseded_at) AS ends,
        max(superseded_at) AS last_end
    FROM {{ history | ident }}
    GROUP BY plan_code, target_code, area_code, period_code
) AS h USING (plan_code, target_code, area_code, period_code)
WHERE
    NOT EXISTS (SELECT FROM audit.load AS l WHERE l.started_at = t.computed_at)
    OR (h.last_end > t.computed_at AND t.computed_at <> ALL(h.ends))
ORDER BY t.target_code, t.area_code, t.period_code
