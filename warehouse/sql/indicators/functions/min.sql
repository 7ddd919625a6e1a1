-- min(form.measure): the smallest value in the rows of the latest report of each body.
{% import "macros/reports.sql" as reports %}
WITH facts AS MATERIALIZED (
    {{ reports.by_report(term, "min(f.reported) FILTER (WHERE f.counts) AS figure") }}
),

{{ reports.one_report(term, "f.figure") }}

{{ reports.rolled_up(term.function, "min(b.figure)::numeric") }}
