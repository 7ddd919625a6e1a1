-- given(name): the figure that the plan gives for the area.
SELECT
    g.area_key,
    g.period_key,
    v.figure
FROM grid AS g
INNER JOIN
    unnest({{ term.entries.areas | literal }}::text [], {{ term.entries.figures | literal }}::numeric [])
        AS v (area_code, figure)
    USING (area_code)
