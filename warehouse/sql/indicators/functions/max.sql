-- max(form.measure): the largest value in the rows of the latest report of each body.
{% import "macros/reports.sql" as reports %}
WITH facts AS MATERIALIZED (
    {{ reports.by_report(term, "max(f.reported) FILTER (WHERE f.counts) AS figure") }}
),

{{ reports.one_report(term, "f.figure") }}

{{ reports.rolled_up(term.function, "max(b.figure)::numeric") }}
