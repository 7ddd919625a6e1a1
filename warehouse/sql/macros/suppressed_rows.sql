{# The suppressed form of the current rows among the relation `rows`. A group of linked counts is withheld where one of
   them is small in any version of the row that was ever recorded: a count that was withheld once stays withheld, so
   that a kept extract and a revision never give it away. Body and area are compared by code, because both may have had
   an earlier state. #}
{% from 'macros/suppression.sql' import has_small_count %}
{% macro suppressed_rows(form, rows, smallest_shown) -%}
{% set keys = ["province_code", "body_code", "area_code", "period_key"] + form.key_columns | list %}
-- Both are materialised: otherwise the planner, which knows nothing of new rows, first joins them by period and codes
-- alone, a hundred rows for each.
WITH added AS MATERIALIZED (
    SELECT
        n.*,
        b.province_code,
        b.body_code,
        a.area_code
    FROM {{ rows }} AS n
    INNER JOIN dw.dim_body AS b USING (body_key)
    INNER JOIN dw.dim_area AS a ON n.area_key = a.area_key
    WHERE n.superseded_at IS NULL
),

ever_recorded AS MATERIALIZED (
    SELECT
        b.province_code,
        b.body_code,
        a.area_code,
        f.period_key,
{% for key in form.key_columns %}
        f.{{ key }},
{% endfor %}
{% for group in form.groups %}
        coalesce(bool_or({{ has_small_count(group, 'f', smallest_shown) }}), FALSE)
            AS is_small_{{ loop.index }}{{ "," if not loop.last }}
{% endfor %}
    FROM {{ form.fact_table }} AS f
    INNER JOIN dw.dim_body AS b USING (body_key)
    INNER JOIN dw.dim_area AS a ON f.area_key = a.area_key
    WHERE
        f.period_key IN (SELECT period_key FROM added)
        AND b.body_code IN (SELECT body_code FROM added)
    GROUP BY {% for key in keys[:3] %}{{ "b." if not loop.last else "a." }}{{ key }}, {% endfor -%}
        f.{{ keys[3:] | join(", f.") }}
)

SELECT
    n.fact_id,
{% for column in form.stored_columns %}
{% if column.group %}
    CASE
        WHEN NOT w.is_small_{{ column.group }} THEN n.{{ column.name }}
{% if column.withheld_if %}
        WHEN NOT ({{ column.withheld_if }}) THEN n.{{ column.name }}
{% elif column.shown_if %}
        WHEN {{ column.shown_if }} THEN n.{{ column.name }}
{% endif %}
    END AS {{ column.name }},
{% else %}
    n.{{ column.name }},
{% endif %}
{% endfor %}
    {% for group in form.groups %}w.is_small_{{ loop.index }}{{ " OR " if not loop.last }}{% endfor %} AS is_suppressed

FROM added AS n
INNER JOIN ever_recorded AS w
    ON
{% for key in keys %}
        {{ "AND " if not loop.first }}n.{{ key }} = w.{{ key }}
{% endfor %}
{%- endmacro %}

{# The same, inserted into the suppressed table of the form. #}
{% macro insert_suppressed(form, rows, smallest_shown) -%}
INSERT INTO {{ form.suppressed_table }} (
    fact_id, {% for column in form.stored_columns %}{{ column.name }}, {% endfor %}is_suppressed
)
{{ suppressed_rows(form, rows, smallest_shown) }}
{%- endmacro %}
