{# Conditions on what the reader may see. A reader with an area role sees the rows of its areas only. #}
{% macro areas_seen() -%}
(SELECT audit.areas_seen(current_user))
{%- endmacro %}

{# Row `row` names plan and target: BI tools see no figure of a target that counts persons. #}
{% macro target_is_seen(row) -%}
{{ row }}.plan_code || '/' || {{ row }}.target_code <> ALL((SELECT audit.targets_withheld(current_user))::text[])
{%- endmacro %}

{# Joined as `reader`: accounts that may read the facts (auditors, the pipeline) see all counts. #}
{% macro reader() -%}
(SELECT has_schema_privilege(current_user, 'dw', 'USAGE') AS sees_all)
{%- endmacro %}

{# Wraps a query whose rows have an area_code. A CASE, of which the planner expects half of the rows; with OR it
   expects next to none. #}
{% macro in_seen_areas(has_targets=false) -%}
SELECT v.* FROM (
{{ caller() }}
) AS v
WHERE
    CASE WHEN {{ areas_seen() }} IS NULL THEN TRUE ELSE v.area_code = ANY({{ areas_seen() }}::text[]) END
{%- if has_targets %}

    AND {{ target_is_seen('v') }}
{%- endif %}
{%- endmacro %}

{# Wraps a query whose rows have a body_code and no area: the body's area counts. #}
{% macro of_seen_bodies() -%}
SELECT v.* FROM (
{{ caller() }}
) AS v
WHERE
    CASE
        WHEN {{ areas_seen() }} IS NULL THEN TRUE
        ELSE v.body_code IN (
            SELECT b.body_code FROM dw.dim_body AS b
            INNER JOIN dw.dim_area AS a USING (area_key)
            WHERE a.area_code = ANY({{ areas_seen() }}::text[])
        )
    END
{%- endmacro %}
