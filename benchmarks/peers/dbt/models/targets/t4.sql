with inspected as ({{ total("stg_inspections", "case when team_level = 'PROVINCE' then inspected else 0 end", "body = 'SLDTBXH'") }})
{% call target_rows('T4', ['province'], 'inspected.figure') %}
left join inspected on inspected.area = a.code and inspected.period = p.code
{% endcall %}
