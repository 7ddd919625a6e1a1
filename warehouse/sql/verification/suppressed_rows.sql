{# The numbers of facts whose suppressed row is missing, is not what the facts give, or should not be there. #}
{% from 'macros/suppressed_rows.sql' import suppressed_rows %}
WITH expected AS MATERIALIZED (
    {{ suppressed_rows(form, form.fact_table, smallest_shown) | indent }}
)

SELECT coalesce(s.fact_id, e.fact_id) AS fact_id
FROM {{ form.suppressed_table }} AS s
FULL JOIN expected AS e ON s.fact_id = e.fact_id
WHERE to_jsonb(s) IS DISTINCT FROM to_jsonb(e)
ORDER BY 1
