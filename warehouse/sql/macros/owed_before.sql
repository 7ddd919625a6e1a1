{# The reports of the year before that a target needs. #}
{% import "macros/reports.sql" as reports %}
{# The condition that a report is one of a source: of the plan itself, or of the plan that the province had then. #}
{% macro needed_of(sources) -%}
{% for source in sources -%}
{{ "OR " if not loop.first }}(
            fo.form_code = {{ source.form_code | literal }} AND {{ reports.counts_body(source.bodies) }}
            AND {{ reports.of_plan(source) }}
        )
{% else -%}
FALSE
{%- endfor %}
{%- endmacro %}

{# The reports that were owed, each as if it were of this year, and whether it has been accepted. #}
{% macro owed_before(sources) -%}
{% set first = sources | first -%}
SELECT
        a.area_key,
        a.area_code,
        {{ reports.day_of(first, "window_start") }} AS window_start,
        {{ reports.day_of(first, "window_end") }} AS window_end,
        EXISTS (
            SELECT FROM audit.submission AS x
            WHERE
                x.plan_code = p.plan_code AND x.body_code = b.body_code
                AND x.form_code = fo.form_code AND x.period_code = p.period_code
                AND x.revision IS NOT NULL
                AND x.ingested_at <= coalesce(CAST(:as_of AS timestamptz), 'infinity')
                AND NOT EXISTS (
                    SELECT FROM audit.withdrawal AS w
                    WHERE
                        w.submission_id = x.submission_id
                        AND w.withdrawn_at <= coalesce(CAST(:as_of AS timestamptz), 'infinity')
                )
        ) AS is_in,
        ({{ needed_of(sources | rejectattr("over", "equalto", "period")) }}) AS is_to_date,
        TRUE AS is_before
    FROM dw.reporting_obligation AS o
    INNER JOIN dw.dim_body AS b USING (body_key)
    INNER JOIN dw.dim_area AS a ON b.area_key = a.area_key
    INNER JOIN dw.dim_form AS fo USING (form_key)
    INNER JOIN dw.dim_period AS p USING (period_key)
    WHERE
        NOT o.is_optional
        AND (o.waived_at IS NULL OR o.waived_at > coalesce(CAST(:as_of AS timestamptz), 'infinity'))
        AND ({{ needed_of(sources) }})
        AND {{ reports.day_of(first, "window_end") }} BETWEEN :year_start AND :year_end
{%- endmacro %}
