-- recorded(name): areas that have a dated record of the plan up to the end of the period.
{% import "macros/reports.sql" as reports %}
WITH by_area AS (
    SELECT DISTINCT
        m.period_key,
        a.area_key,
        1 AS figure
    FROM
        unnest({{ term.entries.areas | literal }}::text [], {{ term.entries.days | literal }}::date [])
            AS v (area_code, recorded_on)
    INNER JOIN dw.dim_area AS a ON a.province_code = :province AND v.area_code = a.area_code
    INNER JOIN moments AS m
        ON
            v.recorded_on <= m.window_end
            AND a.valid_from <= m.window_end AND a.valid_to > m.window_end
),

counted AS (
    {{ reports.rolled_up(term.function, "sum(b.figure)::numeric") }}
)

SELECT
    g.area_key,
    g.period_key,
    coalesce(c.figure, 0) AS figure
FROM grid AS g
LEFT JOIN counted AS c USING (area_key, period_key)
