-- The figures of one target: for each cell of the grid whose level is among the requested ones the numerator,
-- the denominator, how many reports are expected and received, and the bounds of the numerator. Reports of the year
-- before that the target reads are among them, each as if it were of this year.
{% import "macros/reports.sql" as reports %}
{% from "macros/periods.sql" import lies_in %}
{% from "macros/owed_before.sql" import owed_before %}
{% from "macros/unreported_areas.sql" import unreported_areas %}
{% set every_source = sources + sources_before %}
{% set to_date = every_source | rejectattr("over", "equalto", "period") | list %}
{# The condition that a needed report (b) counts for a period: it is of the year to date, or lies in the period. #}
{% macro counts_for(period) -%}
b.window_end <= {{ period }}.window_end
{%- if to_date | length < every_source | length %}
 AND (b.is_to_date OR {{ lies_in("b.window_start", "b.window_end", period ~ ".window_start", period ~ ".window_end") }})
{%- endif %}
{%- endmacro %}
WITH needed AS MATERIALIZED (
    SELECT
        b.area_key,
        b.area_code,
        b.window_start,
        b.window_end,
        b.is_in,
        ({{ reports.owed_for(sources | rejectattr("over", "equalto", "period") | list) }}) AS is_to_date
        {%- if sources_before %},
        FALSE AS is_before
        {%- endif %}

    FROM owed AS b
    WHERE {{ reports.owed_for(sources) }}
    {% if sources_before %}
    UNION ALL
    {{ owed_before(sources_before) }}
    {% endif %}
),

-- Expected and received reports to date: those of bodies inside the area, and of bodies whose own area it
-- lies in, or one of its predecessors lay in.
reports AS (
    SELECT
        area_key,
        period_key,
        count(*) AS expected,
        count(*) FILTER (WHERE is_in) AS received
        {%- if sources_before %},
        count(*) FILTER (WHERE is_before) AS expected_before,
        count(*) FILTER (WHERE is_before AND is_in) AS received_before
        {%- endif %}

    FROM (
        SELECT
            i.outer_key AS area_key,
            i.period_key,
            {{ "b.is_before,\n            " if sources_before }}b.is_in
        FROM needed AS b
        INNER JOIN inside AS i ON b.area_key = i.area_key AND i.outer_level = ANY(:levels)
        INNER JOIN moments AS m ON i.period_key = m.period_key AND {{ counts_for("m") }}
        UNION ALL
        -- By equality, which can be hashed: ANY would compare each report with each area.
        SELECT
            g.area_key,
            g.period_key,
            {{ "b.is_before,\n            " if sources_before }}b.is_in
        FROM grid AS g
        CROSS JOIN LATERAL (SELECT DISTINCT unnest(g.ancestors) AS area_code) AS up
        INNER JOIN needed AS b ON up.area_code = b.area_code AND {{ counts_for("g") }}
        WHERE
            g.area_level = ANY(:levels) AND NOT EXISTS (
                SELECT FROM inside AS i
                WHERE
                    i.outer_key = g.area_key AND i.period_key = g.period_key
                    AND i.area_key = b.area_key
            )
    ) AS expected_report
    GROUP BY area_key, period_key
)
{%- for term in terms %},

{{ term.name }} AS (
    {% include "indicators/functions/" ~ term.function.name ~ ".sql" %}

)
{%- endfor %}
{% if counted %},

{{ unreported_areas(counted, counted_sources) }}
{% endif %}


SELECT
    area_key,
    period_key,
    {{ numerator }} AS numerator,
    {{ denominator }} AS denominator,
    coalesce(r.expected, 0) AS expected,
    coalesce(r.received, 0) AS received,
    coalesce(
        r.received = r.expected
        {%- if sources_before %} AND r.expected_before > 0{% endif %}
        {%- if sources_before and sources %} AND r.expected > r.expected_before{% endif %},
        FALSE
    ) AS is_complete,
    {{ bounds.least }} AS numerator_min,
    {{ bounds.most }} AS numerator_max
FROM grid
{% for term in terms %}
LEFT JOIN {{ term.name }} USING (area_key, period_key)
{% endfor %}
{% if counted %}
LEFT JOIN unreported USING (area_key, period_key)
{% endif %}
LEFT JOIN reports AS r USING (area_key, period_key)
WHERE grid.area_level = ANY(:levels)
