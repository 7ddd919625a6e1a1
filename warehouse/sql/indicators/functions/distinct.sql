-- distinct(form.measure): areas with a value above 0 in any report of the plan year up to the end of the period.
{% import "macros/reports.sql" as reports %}
WITH facts AS MATERIALIZED (
    {{ reports.by_report(term, "coalesce(bool_or(f.counts AND f.reported > 0), FALSE)::int AS figure") }}
),

by_area AS (
    SELECT
        m.period_key,
        f.area_key,
        max(f.figure) AS figure
    FROM moments AS m
    INNER JOIN facts AS f ON {{ reports.is_read(term) }}
    GROUP BY m.period_key, f.area_key
)

{{ reports.rolled_up(term.function, "sum(b.figure)::numeric") }}
