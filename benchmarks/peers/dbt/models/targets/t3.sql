with dismantled as ({{ total("stg_hotspots", "dismantled", "body = 'CAT'") }}),
opening as ({{ of_one("stg_hotspots", "opening", "min", "body = 'CAT'") }}),
identified as ({{ total("stg_hotspots", "identified", "body = 'CAT'") }}),
recurred as ({{ total("stg_hotspots", "recurred", "body = 'CAT'") }})
{% call target_rows('T3', ['province', 'district'], 'dismantled.figure', 'opening.figure + identified.figure + recurred.figure') %}
left join dismantled on dismantled.area = a.code and dismantled.period = p.code
left join opening on opening.area = a.code and opening.period = p.code
left join identified on identified.area = a.code and identified.period = p.code
left join recurred on recurred.area = a.code and recurred.period = p.code
{% endcall %}
