{# The code of the same period of the year before: 2019-M03 for 2020-M03, FY2019-Q1 for FY2020-Q1. #}
{% macro code_a_year_before(code) -%}
regexp_replace({{ code }}, '\d{4}', (substring({{ code }} FROM '\d{4}')::int - 1)::text)
{%- endmacro %}
{# Whether a plan has the figures of a year before: the plan itself after its first year, else the one that its
province had before. #}
{% macro has_year_before(before, plan, window_end) -%}
CASE WHEN {{ window_end }} < {{ plan }}.year_start + interval '1 year'
    THEN coalesce(({{ before }}.document ->> 'last_year')::int, {{ before }}.year) = {{ plan }}.year - 1
    ELSE {{ before }}.plan_code = {{ plan }}.plan_code END
{%- endmacro %}

{# The condition that the window of a report lies in that of a period: it ends within it and is not longer. A week
   belongs to the month and the year in which it ends. #}
{% macro lies_in(start, end, outer_start, outer_end) -%}
{{ end }} BETWEEN {{ outer_start }} AND {{ outer_end }} AND {{ end }} - {{ start }} <= {{ outer_end }} - {{ outer_start }}
{%- endmacro %}
