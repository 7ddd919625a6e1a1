{# The columns of mart.target_indicator, in the order of the table. #}
{% macro figure_columns() -%}
plan_code, target_code, area_code, area_name, area_level, period_code, window_start, window_end, numerator,
denominator, value, unit, target_value, achievement_pct, expected_value, status, value_min, value_max, verdict,
completeness_pct, is_final, computed_at
{%- endmacro %}

{# The rows that the target table had at a moment, from the tables (dw) or as far as the reader may see them (mart). #}
{% macro known_figures(moment, schema) -%}
SELECT {{ figure_columns() }}
    FROM {{ schema }}.target_indicator WHERE computed_at <= {{ moment }}
    UNION ALL
    SELECT {{ figure_columns() }}
    FROM {{ schema }}.target_indicator_history WHERE computed_at <= {{ moment }} AND superseded_at > {{ moment }}
{%- endmacro %}
