{# Areas for which two bodies report different figures for the same period. #}
SELECT
    c.period_code,
    c.area_code,
    {% for key in keys %}
    c.{{ key | ident }},
    {% endfor %}
    c.body_code,
    {% for measure in measures %}
    c.{{ measure | ident }},
    o.{{ measure | ident }} AS other_{{ measure }},
    {% endfor %}
    o.body_code AS other_body_code
FROM (SELECT * FROM {{ batch }}) AS c
INNER JOIN dw.dim_period AS p USING (period_key)
INNER JOIN {{ relation | ident }} AS o
    ON
        c.period_key = o.period_key
        AND c.body_key < o.body_key
        AND c.area_key = o.area_key
        {% for key in keys %}
        AND c.{{ key | ident }} = o.{{ key | ident }}
        {% endfor %}
WHERE
    p.plan_code = {{ plan_code | literal }}
    AND (
        {% for measure in measures %}
        {{ "OR " if not loop.first }}c.{{ measure | ident }} <> o.{{ measure | ident }}
        {% endfor %}
    )
