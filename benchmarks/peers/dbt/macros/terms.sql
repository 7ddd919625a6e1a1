{# A measure added up to date, for each area and period. #}
{% macro total(rows, measure, where) %}
select i.outer_area as area, m.code as period, sum({{ measure }}) as figure
from {{ ref(rows) }} f
join {{ source('raw', 'periods') }} m on f.window_end <= m.window_end
join {{ ref('inside') }} i on i.area = f.area
where {{ where }}
group by 1, 2
{% endmacro %}

{# The same of one report alone, the first (min) or the last (max) of each series. #}
{% macro of_one(rows, measure, end, where) %}
select i.outer_area as area, c.period, sum({{ measure }}) as figure
from (
    select f.series, m.code as period, {{ end }}(f.window_end) as window_end
    from {{ ref(rows) }} f
    join {{ source('raw', 'periods') }} m on f.window_end <= m.window_end
    where {{ where }}
    group by 1, 2
) c
join {{ ref(rows) }} f on f.series = c.series and f.window_end = c.window_end
join {{ ref('inside') }} i on i.area = f.area
where {{ where }}
group by 1, 2
{% endmacro %}

{# A target's rows: each area of its levels in each period. #}
{% macro target_rows(code, levels, numerator, denominator='null') %}
select '{{ code }}' as target_code, a.code as area_code, p.code as period_code,
    {{ numerator }} as numerator, {{ denominator }} as denominator
from {{ source('raw', 'areas') }} a
cross join {{ source('raw', 'periods') }} p
{{ caller() }}
where a.level in ({{ "'" ~ levels | join("', '") ~ "'" }})
{% endmacro %}
