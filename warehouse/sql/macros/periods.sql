{# The code of the same period of the year before: 2019-M03 for 2020-M03, FY2019-Q1 for FY2020-Q1. #}
{% macro code_a_year_before(code) -%}
regexp_replace({{ code }}, '\d{4}', (substring({{ code }} FROM '\d{4}')::int - 1)::text)
{%- endmacro %}
