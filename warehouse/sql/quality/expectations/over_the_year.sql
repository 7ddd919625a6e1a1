{# Rows that violate a rule once flows are added up over the year to date. #}
SELECT * FROM (
    SELECT
        c.body_code,
        c.period_code,
        {% for column in flows %}
        round(sum(c.{{ column | ident }}) OVER so_far, 6) AS {{ column | ident }},
        {% endfor %}
        {% for column in others %}
        c.{{ column | ident }},
        {% endfor %}
        c.area_code
    FROM (SELECT * FROM {{ batch }}) AS c
    INNER JOIN dw.dim_period AS p USING (period_key)
    WHERE p.plan_code = {{ plan_code | literal }}
    WINDOW so_far AS (
        PARTITION BY c.body_key, c.area_key{% for key in keys %}, c.{{ key | ident }}{% endfor %}

        ORDER BY p.window_end
    )
) AS added_up
WHERE {{ violated }}
