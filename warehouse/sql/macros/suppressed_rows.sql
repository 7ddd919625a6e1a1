{# The suppressed form of fact rows, to be inserted into the suppressed table of a form: from the relation `rows`, all
   of whose rows are current. A group of linked counts is withheld where one of them is small in any version of the
   row that was ever recorded: a count that was withheld once stays withheld, so that a kept extract and a revision
   never give it away. Body and area are compared by code, because both may have had an earlier state. #}
{% from 'macros/suppression.sql' import has_small_count %}
{% macro insert_suppressed(form, rows, smallest_shown) -%}
{% set keys = form.key_columns | join(", ") %}
INSERT INTO {{ form.suppressed_table }} (
    fact_id, {% for column in form.stored_columns %}{{ column.name }}, {% endfor %}is_suppressed
)
SELECT
    n.fact_id,
{% for column in form.stored_columns %}
{% if column.group %}
    CASE WHEN NOT w.is_small_{{ column.group }} THEN n.{{ column.name }} END,
{% else %}
    n.{{ column.name }},
{% endif %}
{% endfor %}
    {% for group in form.groups %}w.is_small_{{ loop.index }}{{ " OR " if not loop.last }}{% endfor %}

FROM {{ rows }} AS n
INNER JOIN dw.dim_body AS own USING (body_key)
INNER JOIN dw.dim_area AS place ON n.area_key = place.area_key
INNER JOIN (
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
    WHERE f.period_key IN (SELECT period_key FROM {{ rows }})
    GROUP BY b.province_code, b.body_code, a.area_code, f.period_key{{ ", " if keys }}{{ keys }}
) AS w
    ON
        own.province_code = w.province_code AND own.body_code = w.body_code
        AND place.area_code = w.area_code AND n.period_key = w.period_key
{%- for key in form.key_columns %}
 AND n.{{ key }} = w.{{ key }}
{%- endfor %}

WHERE n.superseded_at IS NULL
{%- endmacro %}
