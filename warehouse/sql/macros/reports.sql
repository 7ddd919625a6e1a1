{# The macros that the queries of the aggregation functions and of lineage share. #}
{% from "macros/periods.sql" import lies_in %}

{# The condition that a body (of the relation b) is one that the term counts. #}
{% macro counts_body(bodies) -%}
{{ "TRUE" if bodies is none else "b.body_code = ANY(" ~ bodies | literal ~ ")" }}
{%- endmacro %}

{# The condition that a report which the term needs is owed (by a row b of the relation owed): in this year, unless the
   term accumulates over all years of the plan. #}
{% macro owed_for(sources) -%}
{% for source in sources -%}
{{ "OR " if not loop.first }}(
    {% if source.form_code %}b.form_code = {{ source.form_code | literal }} AND {% endif %}
    {{- counts_body(source.bodies) }}
    {{- " AND b.window_end >= CAST(:year_start AS date)" if source.over != "plan" }}
)
{% else -%}
FALSE
{%- endfor %}
{%- endmacro %}

{# A day of the period p of a row; of the year before, the same day a year later, so that its reports are read as
   if they were of this year. #}
{% macro day_of(term, column) -%}
{{ "(p." ~ column ~ " + interval '1 year')::date" if term.year == "previous" else "p." ~ column }}
{%- endmacro %}

{# The condition that the period p is one of the plan; for a term of the year before, one of the plan, or of the
   province's first plan of that year that asks for the form. #}
{% macro of_plan(term) -%}
{% if term.year == "previous" -%}
p.plan_code IN (
                :plan,
                (
                    SELECT min(earlier.plan_code)
                    FROM dw.dim_plan AS earlier
                    INNER JOIN dw.dim_plan AS own ON own.plan_code = :plan
                    WHERE
                        earlier.province_code = own.province_code
                        AND coalesce((earlier.document ->> 'last_year')::int, earlier.year) = own.year - 1
                        AND EXISTS (
                            SELECT FROM dw.reporting_obligation AS o
                            INNER JOIN dw.dim_form AS of_term USING (form_key)
                            WHERE
                                o.plan_key = earlier.plan_key
                                AND of_term.form_code = {{ term.form_code | literal }}
                        )
                )
            )
{%- else -%}
p.plan_code = :plan
{%- endif %}
{%- endmacro %}

{# The condition that a report (f) counts for a period m of the grid: up to its end, or within it. #}
{% macro is_read(term, report="f") -%}
{% if term.over == "period" -%}
{{ lies_in(report ~ ".window_start", report ~ ".window_end", "m.window_start", "m.window_end") }}
{%- else -%}
m.window_end >= {{ report }}.window_end
{%- endif %}
{%- endmacro %}

{# The same for one period, from :window_start to :window_end. #}
{% macro is_read_for(term, report="f") -%}
{% if term.over == "period" -%}
{{ lies_in(report ~ ".window_start", report ~ ".window_end", "CAST(:window_start AS date)", "CAST(:window_end AS date)") }}
{%- else -%}
{{ report }}.window_end <= :window_end
{%- endif %}
{%- endmacro %}

{# The current rows of the plan year that a term reads, with `counts`: whether the row has a selected code.
   Where some bodies report a form voluntarily next to those who owe it, an area is counted once per period:
   the owing body's report has priority. `series` identifies whose reports continue one another. #}
{% macro reported_rows(term) -%}
{% if term.has_voluntary %}
SELECT
    *,
    area_key AS series
FROM (
    SELECT
        *,
        bool_and(is_voluntary) OVER (PARTITION BY area_key, window_end) AS only_voluntary
    FROM (
{% else %}
SELECT
    *,
    body_code AS series
FROM (
{% endif %}
        SELECT
            f.submission_id,
            f.source_row,
            f.area_key,
            f.body_key,
            b.body_code,
            p.period_code,
            {% if term.over == "period" %}
            {{ day_of(term, "window_start") }} AS window_start,
            {% endif %}
            {{ day_of(term, "window_end") }} AS window_end,
            f.{{ term.measure | ident }} AS reported,
            {% if term.across %}
            concat_ws('/', {{ term.measure | literal }}
            {%- for key in term.across %}, f.{{ key | ident }}{% endfor %}) AS printed_key,
            {% endif %}
            {% for key, codes in term.codes %}
            {{ "AND " if not loop.first }}f.{{ key | ident }} = ANY({{ codes | literal }})
            {% else %}
            TRUE
            {% endfor %}
            AS counts
            {%- if term.has_voluntary %},
            NOT EXISTS (
                SELECT FROM dw.reporting_obligation AS o
                WHERE
                    o.plan_key = pl.plan_key AND o.body_key = f.body_key
                    AND o.form_key = fo.form_key AND NOT o.is_optional
            ) AS is_voluntary
            {%- endif %}

        FROM {{ ("dw.fact_" ~ term.form_key) | ident }} AS f
        INNER JOIN dw.dim_period AS p USING (period_key)
        INNER JOIN dw.dim_body AS b USING (body_key)
        {% if term.has_voluntary %}
        INNER JOIN dw.dim_plan AS pl ON pl.plan_code = :plan
        INNER JOIN dw.dim_form AS fo ON fo.form_code = {{ term.form_code | literal }}
        {% endif %}
        WHERE
            f.recorded_at <= coalesce(CAST(:as_of AS timestamptz), 'infinity')
            AND (
                f.superseded_at IS NULL
                OR f.superseded_at > coalesce(CAST(:as_of AS timestamptz), 'infinity')
            )
            AND b.province_code = :province AND {{ counts_body(term.bodies) }}
            AND {{ of_plan(term) }}
            AND {{ day_of(term, "window_end") }} BETWEEN {{ ":plan_start" if term.over == "plan" else ":year_start" }} AND :year_end
{% if term.has_voluntary %}
    ) AS every_report
) AS chosen_report
WHERE is_voluntary = only_voluntary
{% else %}
) AS own_report
{% endif %}
{%- endmacro %}

{# Rows added up by area, series and period. `measured` are the columns to aggregate over the rows f. #}
{% macro by_report(term, measured) -%}
SELECT
    area_key,
    series,
    {% if term.over == "period" %}
    min(window_start) AS window_start,
    {% endif %}
    window_end,
    {{ measured }}
FROM (
    {{ reported_rows(term) }}
) AS f
GROUP BY area_key, series, window_end
{%- endmacro %}

{# For areas that were merged or split: when their successors first, and their predecessors first, reported.
   Computed once for all of the relation facts. #}
{% macro successions() -%}
later AS MATERIALIZED (
    SELECT
        s.area_key,
        min(l.window_end) AS window_end
    FROM dw.bridge_area AS s
    INNER JOIN facts AS l ON s.later_area_key = l.area_key
    GROUP BY s.area_key
),

earlier AS MATERIALIZED (
    SELECT
        s.later_area_key AS area_key,
        min(e.window_end) AS window_end
    FROM dw.bridge_area AS s
    INNER JOIN facts AS e ON s.area_key = e.area_key
    GROUP BY s.later_area_key
)
{%- endmacro %}

{# The condition that a row f still counts after successions, up to the day `last_day`. #}
{% macro counts_after_succession(function, last_day) -%}
{% if function.after_succession != "replace" -%}
TRUE
{%- elif function.reports == "first" -%}
NOT EXISTS (
    SELECT FROM earlier AS e
    WHERE e.area_key = f.area_key AND e.window_end <= f.window_end AND e.window_end <= {{ last_day }}
)
{%- else -%}
NOT EXISTS (
    SELECT FROM later AS l
    WHERE l.area_key = f.area_key AND l.window_end <= {{ last_day }}
)
{%- endif %}
{%- endmacro %}

{# The CTEs by_area for a function that reads one report of each series: for each period and area, `columns`
   of the relation facts. Materialised: the planner may otherwise join the chosen reports with a million rows
   of the relation inside. #}
{% macro one_report(term, columns) -%}
{% set function = term.function %}
{{ successions() }},

chosen AS MATERIALIZED (
    SELECT
        m.period_key,
        f.series,
        {{ "min" if function.reports == "first" else "max" }}(f.window_end) AS window_end
    FROM moments AS m
    INNER JOIN (
        SELECT DISTINCT
            series,
            {% if term.over == "period" %}
            window_start,
            {% endif %}
            window_end
        FROM facts
    ) AS f ON {{ is_read(term) }}
    GROUP BY m.period_key, f.series
),

by_area AS MATERIALIZED (
    SELECT
        c.period_key,
        f.area_key,
        {{ columns }}
    FROM chosen AS c
    INNER JOIN facts AS f USING (series, window_end)
    INNER JOIN moments AS m USING (period_key)
    WHERE {{ counts_after_succession(function, "m.window_end") }}
)
{%- endmacro %}

{# The relation by_area rolled up to the outer areas of the grid; `more` are further columns. #}
{% macro rolled_up(function, figure, more="") -%}
SELECT
    i.outer_key AS area_key,
    b.period_key,
    {{ figure }} AS figure
    {{- ",\n    " ~ more if more }}
FROM by_area AS b
INNER JOIN inside AS i
    ON
        b.area_key = i.area_key AND b.period_key = i.period_key
        AND i.outer_level = ANY(:levels){{ " AND i.is_there" if function.after_succession == "drop" }}
GROUP BY i.outer_key, b.period_key
{%- endmacro %}

{# The CTE by_area of a function that counts owed reports, and its figures rolled up. `figure` counts those of
   the relation owed (b) that are in the figure, `most` those that can still be; without `most` nothing is open. #}
{% macro counted_reports(term, figure, most="") -%}
WITH by_area AS MATERIALIZED (
    SELECT
        m.period_key,
        b.area_key,
        {{ figure }} AS figure
        {{- ",\n        " ~ most ~ " AS most" if most }}
    FROM owed AS b
    INNER JOIN moments AS m
        ON
            {{ is_read(term, "b") }}
    WHERE {{ owed_for([term.source]) }}
    GROUP BY m.period_key, b.area_key
)

{{ rolled_up(
    term.function,
    "sum(b.figure)::numeric",
    "sum(b.figure)::numeric AS least, sum(b.most)::numeric AS most" if most else ""
) }}
{%- endmacro %}
