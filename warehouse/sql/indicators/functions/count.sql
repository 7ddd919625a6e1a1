-- count(form.measure): areas whose flag is set in the latest report.
{% import "macros/reports.sql" as reports %}
WITH facts AS MATERIALIZED (
    {{ reports.by_report(term, "sum(CASE WHEN f.counts THEN f.reported::int ELSE 0 END) AS figure") }}
),

{{ reports.one_report(term, "f.figure") }}

{{ reports.rolled_up(term.function, "sum(b.figure)::numeric") }}
