with tried as ({{ total("stg_trials", "tried", "body = 'TAND'") }}),
opening as ({{ of_one("stg_trials", "opening", "min", "body = 'TAND'") }}),
accepted as ({{ total("stg_trials", "accepted", "body = 'TAND'") }}),
returned as ({{ total("stg_trials", "returned", "body = 'TAND'") }})
{% call target_rows('T2', ['province'], 'tried.figure', 'opening.figure + accepted.figure - returned.figure') %}
left join tried on tried.area = a.code and tried.period = p.code
left join opening on opening.area = a.code and opening.period = p.code
left join accepted on accepted.area = a.code and accepted.period = p.code
left join returned on returned.area = a.code and returned.period = p.code
{% endcall %}
