-- How many counts about persons are withheld from BI tools: one row per form and period, in the areas that the reader
-- may see, from the suppressed form of the rows that such readers get.
{% from 'macros/suppression.sql' import current_rows %}
{% from 'macros/visibility.sql' import areas_seen, is_reader %}
{% set counted %}
{% for form in forms if form.groups %}
SELECT
    {{ form.code | literal }}::text AS form_code,
    p.period_code,
    a.area_code,
    {{ form.count_names | length }} AS counts,
    num_nulls({% for name in form.count_names %}f.{{ name }}{{ ", " if not loop.last }}{% endfor %}) AS withheld
FROM {{ current_rows(form, "suppressed") }} AS f
INNER JOIN dw.dim_period AS p USING (period_key)
INNER JOIN dw.dim_area AS a ON f.area_key = a.area_key
{{ "UNION ALL" if not loop.last }}
{% else %}
SELECT
    NULL::text AS form_code,
    NULL::text AS period_code,
    NULL::text AS area_code,
    NULL::int AS counts,
    NULL::int AS withheld
WHERE FALSE
{% endfor %}
{% endset %}
CREATE VIEW mart.suppression WITH (security_barrier) AS
WITH visible AS MATERIALIZED (
    SELECT c.* FROM (
{{ counted }}
    ) AS c
    WHERE {{ is_reader("'all', 'bi'") }}
    UNION ALL
    SELECT c.* FROM (
{{ counted }}
    ) AS c
    WHERE {{ is_reader("'area'") }} AND c.area_code = ANY({{ areas_seen() }})
)

SELECT
    form_code,
    period_code,
    sum(counts)::bigint AS counts,
    sum(withheld)::bigint AS withheld,
    round(100.0 * sum(withheld) / sum(counts), 1) AS withheld_pct
FROM visible
GROUP BY form_code, period_code;

COMMENT ON VIEW mart.suppression IS
'How many counts about persons, in the areas you see, are withheld: 1 to 4, and counts linked to them.';
COMMENT ON COLUMN mart.suppression.form_code IS 'Code of the form.';
COMMENT ON COLUMN mart.suppression.period_code IS 'Period of the report.';
COMMENT ON COLUMN mart.suppression.counts IS 'How many counts about persons there are.';
COMMENT ON COLUMN mart.suppression.withheld IS 'How many of them are withheld.';
COMMENT ON COLUMN mart.suppression.withheld_pct IS 'Their share in percent.';
