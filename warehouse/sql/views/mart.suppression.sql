-- How many counts about persons are withheld from BI tools: one row per form and period, in the areas that the
-- reader may see. There is no area_code, so the area condition is inside.
{% from 'macros/suppression.sql' import current_rows, is_withheld %}
{% from 'macros/visibility.sql' import areas_seen %}
CREATE VIEW mart.suppression WITH (security_barrier) AS
SELECT form_code, period_code, counts, withheld, round(100.0 * withheld / counts, 1) AS withheld_pct
FROM (
{% for form in forms if form.groups %}
    SELECT
        {{ form.code | literal }}::text AS form_code,
        p.period_code,
        {{ form.groups | map('length') | sum }} * count(*) AS counts,
        {% for group in form.groups -%}
        {{ group | length }} * count(*) FILTER (WHERE {{ is_withheld(form, group, 'f', smallest_shown) }})
        {{- ' + ' if not loop.last }}
        {%- endfor %} AS withheld
    FROM {{ current_rows(form, smallest_shown) }} AS f
    INNER JOIN dw.dim_period AS p USING (period_key)
    INNER JOIN dw.dim_area AS a ON f.area_key = a.area_key
    WHERE {{ areas_seen() }} IS NULL OR a.area_code = ANY({{ areas_seen() }}::text[])
    GROUP BY p.period_code
    {{ 'UNION ALL' if not loop.last }}
{% endfor %}
) AS by_form;

COMMENT ON VIEW mart.suppression IS
'How many counts about persons, in the areas you see, are withheld: 1 to 4, and counts linked to them.';
COMMENT ON COLUMN mart.suppression.form_code IS 'Code of the form.';
COMMENT ON COLUMN mart.suppression.period_code IS 'Period of the report.';
COMMENT ON COLUMN mart.suppression.counts IS 'How many counts about persons there are.';
COMMENT ON COLUMN mart.suppression.withheld IS 'How many of them are withheld.';
COMMENT ON COLUMN mart.suppression.withheld_pct IS 'Their share in percent.';
