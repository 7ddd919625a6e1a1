-- received(form): valid reports received of those owed.
{% import "macros/reports.sql" as reports %}
WITH by_area AS MATERIALIZED (
    SELECT
        m.period_key,
        b.area_key,
        count(*) FILTER (WHERE b.is_in) AS figure,
        count(*) AS most
    FROM owed AS b
    INNER JOIN moments AS m
        ON
            b.window_end <= m.window_end
            {{- " AND b.window_start >= m.window_start" if term.over == "period" }}
    WHERE {{ reports.owed_for([term.source]) }}
    GROUP BY m.period_key, b.area_key
)

{{ reports.rolled_up(
    term.function,
    "sum(b.figure)::numeric",
    "sum(b.figure)::numeric AS least, sum(b.most)::numeric AS most"
) }}
