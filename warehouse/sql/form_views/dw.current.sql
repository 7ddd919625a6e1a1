-- dw.current_{{ form.key }}: the current rows of form {{ form.code }}, one per fact row that is not superseded.
CREATE VIEW dw.current_{{ form.key }} AS
SELECT
    f.fact_id,
{% for name, _ in form.fact_columns %}
    f.{{ name }},
{% endfor %}
    b.body_code,
    {{ form.code | literal }}::text AS form_code,
    p.plan_code,
    p.period_code,
{% if form.area_column %}
    a.area_code,
    a.area_code AS {{ form.area_column }}
{% else %}
    a.area_code
{% endif %}
FROM {{ form.fact_table }} AS f
INNER JOIN dw.dim_body AS b USING (body_key)
INNER JOIN dw.dim_period AS p USING (period_key)
INNER JOIN dw.dim_area AS a ON f.area_key = a.area_key
WHERE f.superseded_at IS NULL;

COMMENT ON VIEW dw.current_{{ form.key }} IS
{{ ('Form ' ~ form.code ~ ': the current rows.') | literal }};
COMMENT ON COLUMN dw.current_{{ form.key }}.fact_id IS 'Number of the row.';
{% for name, comment in form.fact_columns %}
COMMENT ON COLUMN dw.current_{{ form.key }}.{{ name }} IS
{{ comment | literal }};
{% endfor %}
COMMENT ON COLUMN dw.current_{{ form.key }}.body_code IS 'Body that reported.';
COMMENT ON COLUMN dw.current_{{ form.key }}.form_code IS 'Code of the form.';
COMMENT ON COLUMN dw.current_{{ form.key }}.plan_code IS 'Plan that the report belongs to.';
COMMENT ON COLUMN dw.current_{{ form.key }}.period_code IS 'Period of the report.';
COMMENT ON COLUMN dw.current_{{ form.key }}.area_code IS 'Area of the row.';
{% if form.area_column %}
COMMENT ON COLUMN dw.current_{{ form.key }}.{{ form.area_column }} IS
{{ (form.area_label ~ ': code of the area.') | literal }};
{% endif %}
