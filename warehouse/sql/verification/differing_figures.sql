{# The rows of a target table that differ from what the facts give for one target in its periods of :year:
   `is_missing` where the facts give a row that the table lacks, `is_extra` where the table has a row that they do not
   give. #}
{% from "macros/classification.sql" import classification %}
{{ classification(c) }},

stored AS (
    SELECT * FROM {{ table | ident }}
    WHERE
        plan_code = :plan AND target_code = :target
        AND period_code IN (
            SELECT p.period_code FROM dw.dim_period AS p
            WHERE p.plan_code = :plan AND p.year = :year
        )
)

SELECT
    area_code,
    period_code,
    s.plan_code IS NULL AS is_missing,
    k.plan_code IS NULL AS is_extra,
    array_remove(
        ARRAY[
            {% for column in compared %}
            CASE WHEN k.{{ column }} IS DISTINCT FROM s.{{ column }} THEN '{{ column }}' END{{ "," if not loop.last }}
            {% endfor %}
        ],
        NULL
    ) AS differing
FROM classified AS k
FULL JOIN stored AS s USING (area_code, period_code)
WHERE
    {% if of_moment %}
    (s.plan_code IS NULL OR s.computed_at = :now)
    AND
    {%- endif %} (
    s.plan_code IS NULL OR k.plan_code IS NULL
    OR ({% for column in compared %}k.{{ column }}{{ ", " if not loop.last }}{% endfor %})
    IS DISTINCT FROM ({% for column in compared %}s.{{ column }}{{ ", " if not loop.last }}{% endfor %})
)
ORDER BY area_code, period_code
