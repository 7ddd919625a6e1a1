with prosecuted as ({{ total("stg_enforcement", "cases_prosecuted", "body = 'CAT'") }})
{% call target_rows('T1', ['province'], 'prosecuted.figure') %}
left join prosecuted on prosecuted.area = a.code and prosecuted.period = p.code
{% endcall %}
