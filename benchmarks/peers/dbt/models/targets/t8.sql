with inspected as ({{ total("stg_commune_status", "inspected", "true") }}),
managed as ({{ of_one("stg_commune_status", "managed", "max", "true") }})
{% call target_rows('T8', ['commune'], 'inspected.figure', 'managed.figure') %}
left join inspected on inspected.area = a.code and inspected.period = p.code
left join managed on managed.area = a.code and managed.period = p.code
{% endcall %}
