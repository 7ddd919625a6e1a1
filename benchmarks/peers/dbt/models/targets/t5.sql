with inspected as ({{ total("stg_inspections", "case when team_level in ('DISTRICT', 'COMMUNE') then inspected else 0 end", "body_level = 'district'") }}),
managed as ({{ of_one("stg_inspections", "case when team_level = 'DISTRICT' then managed else 0 end", "max", "body_level = 'district'") }})
{% call target_rows('T5', ['province', 'district'], 'inspected.figure', 'managed.figure') %}
left join inspected on inspected.area = a.code and inspected.period = p.code
left join managed on managed.area = a.code and managed.period = p.code
{% endcall %}
