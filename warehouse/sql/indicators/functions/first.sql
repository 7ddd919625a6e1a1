-- first(form.measure): the stock in the first report of the plan year of each body.
{% import "macros/reports.sql" as reports %}
WITH facts AS MATERIALIZED (
    {{ reports.by_report(term, "sum(CASE WHEN f.counts THEN f.reported ELSE 0 END) AS figure") }}
),

{{ reports.one_report(term, "f.figure") }}

{{ reports.rolled_up(term.function, "sum(b.figure)::numeric") }}
