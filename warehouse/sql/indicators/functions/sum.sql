-- sum(form.measure): all reports of the plan year up to the end of the period.
{% import "macros/reports.sql" as reports %}
WITH facts AS MATERIALIZED (
    {{ reports.by_report(term, "sum(CASE WHEN f.counts THEN f.reported ELSE 0 END) AS figure") }}
),

by_area AS (
    SELECT
        m.period_key,
        f.area_key,
        sum(f.figure) AS figure
    FROM moments AS m
    INNER JOIN facts AS f ON {{ reports.is_read(term) }}
    GROUP BY m.period_key, f.area_key
)

{{ reports.rolled_up(term.function, "sum(b.figure)::numeric") }}
