SELECT
    c.body_code,
    c.period_code,
    c.submission_id,
    p.window_start,
    p.window_end,
    {% for column in columns %}
    c.{{ column | ident }}{{ "," if not loop.last }}
    {% endfor %}
FROM {{ view | ident }} AS c
INNER JOIN dw.dim_period AS p USING (period_key)
INNER JOIN dw.dim_body AS b USING (body_key)
WHERE
    b.province_code = :province AND c.body_code = ANY(:bodies)
    AND (p.plan_code = :plan OR p.year <> ALL(:years))
-- Of a report that two plans of another year require, the first row is taken.
ORDER BY p.plan_code <> :plan, p.plan_code, c.fact_id
