{{ config(materialized='table') }}
{% for n in range(1, 9) %}
select target_code, area_code, period_code, numerator::numeric, denominator::numeric from {{ ref('t' ~ n) }}
{{ 'union all' if not loop.last }}
{% endfor %}
