-- average(form.measure): the mean over the rows of the latest report of each body.
{% import "macros/reports.sql" as reports %}
WITH facts AS MATERIALIZED (
    {{ reports.by_report(
        term,
        "sum(f.reported) FILTER (WHERE f.counts) AS total, count(*) FILTER (WHERE f.counts) AS row_count"
    ) }}
),

{{ reports.one_report(term, "f.total, f.row_count") }}

{{ reports.rolled_up(term.function, "sum(b.total)::numeric / nullif(sum(b.row_count), 0)") }}
