{# The reports behind a count of reports: 1 for each that counts. #}
{% from "macros/grid.sql" import grid_relations %}
{% import "macros/reports.sql" as reports %}
WITH
{{ grid_relations(grid) }}

SELECT
    b.body_code,
    d.body_name,
    b.form_code,
    b.period_code,
    b.area_code,
    s.submission_id,
    s.source_url,
    s.file_name,
    s.sha256,
    s.sheet_name,
    {% if term.function.name == "on_time" %}
    coalesce(b.received_at <= b.due_at, FALSE)::int AS value
    {% elif term.function.name == "received" %}
    b.is_in::int AS value
    {% else %}
    1 AS value
    {% endif %}
FROM owed AS b
INNER JOIN moments AS m
    ON
        {{ reports.is_read(term, "b") }}
INNER JOIN inside AS i ON b.area_key = i.area_key AND m.period_key = i.period_key
INNER JOIN grid AS g ON i.outer_key = g.area_key AND i.period_key = g.period_key
LEFT JOIN dw.dim_body AS d
    ON
        d.province_code = :province AND b.body_code = d.body_code
        AND d.valid_from <= b.window_end AND d.valid_to > b.window_end
LEFT JOIN LATERAL (
    SELECT x.* FROM audit.submission AS x
    WHERE
        x.plan_code = :plan AND x.body_code = b.body_code AND x.form_code = b.form_code
        AND x.period_code = b.period_code AND x.revision IS NOT NULL AND x.received_at = b.received_at
    ORDER BY x.revision
    LIMIT 1
) AS s ON TRUE
WHERE g.area_code = :area AND {{ reports.owed_for([term.source]) }}
ORDER BY b.window_end, b.body_code, b.form_code
