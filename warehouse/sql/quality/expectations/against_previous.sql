{# Rows that violate a rule about the same row of the previous period. #}
SELECT * FROM (
    SELECT
        c.body_code,
        c.period_code,
        {% for column in own %}
        c.{{ column | ident }},
        {% endfor %}
        {% for column in previous %}
        o.{{ column | ident }} AS previous_{{ column }},
        {% endfor %}
        c.area_code
    FROM (SELECT * FROM {{ batch }}) AS c
    INNER JOIN dw.dim_period AS p USING (period_key)
    INNER JOIN dw.dim_period AS q
        ON
            q.window_end = p.window_start - 1 AND p.period_kind = q.period_kind
            AND (q.plan_code = p.plan_code OR q.year <> p.year)
    INNER JOIN {{ relation | ident }} AS o
        ON
            c.body_key = o.body_key
            AND q.period_key = o.period_key
            AND c.area_key = o.area_key
            {% for key in keys %}
            AND c.{{ key | ident }} = o.{{ key | ident }}
            {% endfor %}
    WHERE p.plan_code = {{ plan_code | literal }}
) AS compared
WHERE {{ violated }}
