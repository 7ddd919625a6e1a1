{# The last assessment of an area up to a day; a: areas, days and statuses of a target's assessments. #}
{% macro last_assessment(a, area_code, last_day) -%}
SELECT v.status
    FROM
        unnest(
            {{ a.areas | literal }}::text [], {{ a.days | literal }}::date [], {{ a.statuses | literal }}::text []
        ) AS v (area_code, stated_on, status)
    WHERE v.area_code = {{ area_code }} AND v.stated_on <= {{ last_day }}
    ORDER BY v.stated_on DESC
    LIMIT 1
{%- endmacro %}
