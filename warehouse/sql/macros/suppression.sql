{# Small-count suppression. `group` holds linked counts (warehouse.privacy.suppression), `row` is an alias. #}

{# The largest value that is withheld: smallest_shown - 1, or more where a visible column bounds the count from
   below, so that it still has smallest_shown - 1 possible values. #}
{% macro largest_withheld(count, row, smallest_shown) -%}
{% set largest = smallest_shown - 1 %}
{% if count.floors -%}
greatest({{ largest }}
{%- for floor in count.floors -%}
, CASE WHEN {{ row }}.{{ floor }} BETWEEN 1 AND {{ largest }} THEN {{ row }}.{{ floor }} + {{ largest - 1 }} END
{%- endfor -%}
)
{%- else -%}
{{ largest }}
{%- endif %}
{%- endmacro %}

{# The smallest value that a withheld count can have: 1, or what a visible column bounds it by. #}
{% macro smallest_withheld(count, row, smallest_shown) -%}
greatest(1
{%- for floor in count.floors -%}
, CASE WHEN {{ row }}.{{ floor }} BETWEEN 1 AND {{ smallest_shown - 1 }} THEN {{ row }}.{{ floor }} END
{%- endfor -%}
)
{%- endmacro %}

{# Whether one count of a group is small. #}
{% macro has_small_count(group, row, smallest_shown) -%}
{% for count in group -%}
{{ row }}.{{ count.key }} BETWEEN 1 AND {{ largest_withheld(count, row, smallest_shown) }}
{%- if not loop.last %} OR {% endif %}
{%- endfor %}
{%- endmacro %}

{# The current rows of a form, for a FROM clause, with is_suppressed. `suppressed`: as readers see them who may not see
   small counts, from the table that the triggers of the fact table keep. Counts about persons of a commune are withheld
   from them altogether: others report the same persons for its district, and a difference would give one away. #}
{% macro current_rows(form, source) -%}
{% if not form.groups -%}
(SELECT * FROM {{ form.fact_table }} WHERE superseded_at IS NULL)
{%- elif source == "everything" -%}
(SELECT *, FALSE AS is_suppressed FROM {{ form.fact_table }} WHERE superseded_at IS NULL)
{%- elif form.is_by_commune -%}
(
    SELECT
        fact_id,
{% for column in form.stored_columns %}
        {{ "NULL::" ~ column.type ~ " AS " if column.group }}{{ column.name }},
{% endfor %}
        TRUE AS is_suppressed
    FROM {{ form.fact_table }}
    WHERE superseded_at IS NULL
)
{%- else -%}
{{ form.suppressed_table }}
{%- endif %}
{%- endmacro %}
