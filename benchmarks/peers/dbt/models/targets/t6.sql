with counted as ({{ of_one("stg_commune_status", "free_of_prostitution::int", "max", "true") }}),
communes as (select outer_area as area, count(*) as figure from {{ ref('inside') }} where level = 'commune' group by 1)
{% call target_rows('T6', ['province', 'district'], 'counted.figure', 'communes.figure') %}
left join counted on counted.area = a.code and counted.period = p.code
left join communes on communes.area = a.code
{% endcall %}
