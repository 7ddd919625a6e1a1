{# The relations of the evaluation grid as CTEs: an auditor, who traces figures, may not create temporary tables. #}
{% macro grid_relations(relations) -%}
{% for name, query in relations.items() %}
{{ name }} AS MATERIALIZED (
{{ query }}
){{ ",\n" if not loop.last }}
{%- endfor %}
{%- endmacro %}
