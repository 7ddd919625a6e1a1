-- owed(form): reports owed for periods up to the end of the period.
{% import "macros/reports.sql" as reports %}
WITH by_area AS MATERIALIZED (
    SELECT
        m.period_key,
        b.area_key,
        count(*) AS figure
    FROM owed AS b
    INNER JOIN moments AS m
        ON
            b.window_end <= m.window_end
            {{- " AND b.window_start >= m.window_start" if term.over == "period" }}
    WHERE {{ reports.owed_for([term.source]) }}
    GROUP BY m.period_key, b.area_key
)

{{ reports.rolled_up(term.function, "sum(b.figure)::numeric") }}
