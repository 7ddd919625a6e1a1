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

{# Wraps a query whose rows have an area_code. Readers of all areas get the query itself, so that their conditions
   reach its indexes; for others that branch is never executed. Readers of an area get the fenced branch: no condition
   of theirs is evaluated on a row of another area, where EXPLAIN would show whether it matched. #}
{% macro in_seen_areas(has_targets=false) -%}
{% set query = caller() %}
SELECT v.* FROM (
{{ query }}
) AS v
WHERE
    {{ areas_seen() }} IS NULL
{%- if has_targets %}

    AND {{ target_is_seen('v') }}
{%- endif %}

UNION ALL
SELECT fenced.* FROM (
    WITH visible AS MATERIALIZED (
        SELECT v.* FROM (
{{ query }}
        ) AS v
        WHERE
            {{ areas_seen() }} IS NOT NULL
            AND v.area_code = ANY({{ areas_seen() }}::text[])
{%- if has_targets %}

            AND {{ target_is_seen('v') }}
{%- endif %}

    )

    SELECT * FROM visible
) AS fenced
{%- endmacro %}

{# Wraps a query whose rows have a body_code and no area: the body's area counts. Fenced as `in_seen_areas`. #}
{% macro of_seen_bodies() -%}
{% set query = caller() %}
SELECT v.* FROM (
{{ query }}
) AS v
WHERE {{ areas_seen() }} IS NULL
UNION ALL
SELECT fenced.* FROM (
    WITH visible AS MATERIALIZED (
        SELECT v.* FROM (
{{ query }}
        ) AS v
        WHERE
            {{ areas_seen() }} IS NOT NULL
            AND v.body_code IN (
                SELECT b.body_code FROM dw.dim_body AS b
                INNER JOIN dw.dim_area AS a USING (area_key)
                WHERE a.area_code = ANY({{ areas_seen() }}::text[])
            )
    )

    SELECT * FROM visible
) AS fenced
{%- endmacro %}
