-- areas(level): the areas of a level that exist at the end of the period.
{% import "macros/reports.sql" as reports %}
WITH by_area AS (
    SELECT
        m.period_key,
        a.area_key,
        1 AS figure
    FROM dw.dim_area AS a
    INNER JOIN moments AS m ON a.valid_from <= m.window_end AND a.valid_to > m.window_end
    WHERE a.province_code = :province AND a.area_level = {{ term.level | literal }}
)

{{ reports.rolled_up(term.function, "sum(b.figure)::numeric") }}
