{# The source cells behind the figure of one term in one area up to :window_end. #}
{% from "macros/grid.sql" import grid_relations %}
{% import "macros/reports.sql" as reports %}
WITH
{{ grid_relations(grid) }},

facts AS MATERIALIZED (
    {{ reports.reported_rows(term) }}
),

{{ reports.successions() }}

SELECT
    f.submission_id,
    s.revision,
    s.form_code,
    s.body_code,
    b.body_name,
    d.area_code,
    d.area_name,
    f.period_code,
    s.source_url,
    s.file_name,
    s.sha256,
    s.sheet_name,
    (s.column_map ->> {{ "f.printed_key" if term.across else ":measure" }}) || f.source_row AS cell,
    f.reported
FROM facts AS f
INNER JOIN dw.dim_area AS d ON f.area_key = d.area_key
INNER JOIN audit.submission AS s ON f.submission_id = s.submission_id
INNER JOIN dw.dim_body AS b ON f.body_key = b.body_key
{% if term.function.reports in ("first", "last") %}
INNER JOIN (
    SELECT
        series,
        {{ "min" if term.function.reports == "first" else "max" }}(window_end) AS window_end
    FROM facts AS r
    WHERE
        {{ reports.is_read_for(term, "r") }}
    GROUP BY series
) AS chosen ON f.series = chosen.series AND f.window_end = chosen.window_end
{% endif %}
WHERE
    f.counts AND {{ reports.is_read_for(term) }}
    AND {{ reports.counts_after_succession(term.function, ":window_end") }}
    AND EXISTS (
        SELECT FROM inside AS i
        INNER JOIN grid AS g ON i.outer_key = g.area_key AND i.period_key = g.period_key
        WHERE
            i.area_key = f.area_key AND g.area_code = :area
            {{- " AND i.is_there" if term.function.after_succession == "drop" }}
    )
ORDER BY f.window_end, s.body_code, f.source_row
