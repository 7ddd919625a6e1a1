-- Reported values in long form: one row per plan, form, measure, area, body, period and code-list keys. It reads the
-- form views, so that it withholds exactly what they withhold, and from the same readers. Form and measure are
-- constants: the planner leaves out the forms that a condition excludes.
{% set keys = namespace(all=[]) %}
{% for form in forms %}
{% for column in form.columns if not column.is_measure and column.key not in keys.all | map(attribute='key') %}
{% set keys.all = keys.all + [column] %}
{% endfor %}
{% endfor %}
CREATE VIEW mart.measure_value WITH (security_barrier) AS
{% for form in forms %}
{% set own_keys = form.columns | rejectattr('is_measure') | list %}
{% set own_lists = own_keys | selectattr('code_list') | list %}
SELECT
    f.plan_code,
    {{ form.code | literal }}::text AS form_code,
    {{ form.key | literal }}::text AS form_name,
    {{ form.title | literal }}::text AS form_title,
    {{ form.title_en | literal }}::text AS form_title_en,
    m.measure_name,
    m.label_vi AS measure_label,
    m.label_en AS measure_label_en,
    m.group_vi AS measure_group,
    m.unit,
    m.kind AS measure_type,
    m.is_additive_over_areas,
    m.is_additive_over_time,
    m.is_additive_over_codes,
    f.year,
    substring(f.period_code FROM '-([DWMQHYA])(?:\d*|-\d{4})$') AS period_kind,
    f.period_code,
    f.period_name,
    f.period_name_en,
    f.window_start,
    f.window_end,
    f.body_code,
    f.body_name,
    f.body_name_en,
    f.area_key,
    f.area_code,
    f.area_name,
    f.area_name_en,
    f.area_level,
    f.province_code,
    f.province_name,
    f.province_name_en,
    f.district_code,
    f.district_name,
    f.district_name_en,
{% for key in keys.all %}
    {{ 'f.' ~ key.key if key.key in own_keys | map(attribute='key') else 'NULL' }}
    {{- '::text' if key.code_list else '::date' }} AS {{ key.key }},
{% endfor %}
{% for language in ('', '_en') %}
    {% for list in own_lists -%}
    f.{{ list.key }}_label{{ language }}{{ " || ' · ' || " if not loop.last }}
    {%- else -%}
    NULL::text
    {%- endfor %} AS category_label{{ language }},
{% endfor %}
    {% for list in own_lists -%}
    {{ 1000 ** loop.revindex0 }} * f.{{ list.key }}_sort{{ ' + ' if not loop.last }}
    {%- else -%}
    NULL::integer
    {%- endfor %} AS category_sort,
    v.value,
    v.code_value,
    {{ 'f.is_suppressed AND v.may_be_withheld AND v.value IS NULL' if form.groups else 'FALSE' }} AS is_withheld,
    f.submission_id
FROM mart.{{ form.key }} AS f
CROSS JOIN LATERAL (
    VALUES
    {% for column in form.columns if column.is_measure %}
    (
        {{ column.key | literal }},
        {% if column.code_list %}
        NULL::numeric,
        f.{{ column.key }},
        {% else %}
        f.{{ column.key }}{{ '::int' if column.is_flag }}::numeric,
        NULL,
        {% endif %}
        {{ 'TRUE' if column.group else 'FALSE' }}
    ){{ ',' if not loop.last }}
    {% endfor %}
) AS v (measure_name, value, code_value, may_be_withheld)
INNER JOIN dw.dim_form AS fo ON fo.form_code = {{ form.code | literal }}
INNER JOIN dw.dim_measure AS m ON m.form_key = fo.form_key AND m.measure_name = v.measure_name
{{ 'UNION ALL' if not loop.last }}
{% endfor %};

COMMENT ON VIEW mart.measure_value IS
'Reported values in long form: one row per plan, form, measure, area, body, period and keys of code lists.';
COMMENT ON COLUMN mart.measure_value.plan_code IS 'Plan that the report belongs to.';
COMMENT ON COLUMN mart.measure_value.form_code IS 'Form: code as printed.';
COMMENT ON COLUMN mart.measure_value.form_name IS 'Form: English key; its wide view is mart.<key>.';
COMMENT ON COLUMN mart.measure_value.form_title IS 'Form: title.';
COMMENT ON COLUMN mart.measure_value.form_title_en IS 'Form: title in English.';
COMMENT ON COLUMN mart.measure_value.measure_name IS
'Measure: English key. Filter by form and measure before you aggregate.';
COMMENT ON COLUMN mart.measure_value.measure_label IS 'Measure: label as printed.';
COMMENT ON COLUMN mart.measure_value.measure_label_en IS 'Measure: label in English.';
COMMENT ON COLUMN mart.measure_value.measure_group IS
'Label of the merged header cell above the measure; empty where there is none.';
COMMENT ON COLUMN mart.measure_value.unit IS 'Unit of the value.';
COMMENT ON COLUMN mart.measure_value.measure_type IS 'flow, stock, opening_stock, flag or score.';
COMMENT ON COLUMN mart.measure_value.is_additive_over_areas IS 'Whether values of several areas add up.';
COMMENT ON COLUMN mart.measure_value.is_additive_over_time IS
'Whether values of several periods add up: flows do; of a stock the last period counts.';
COMMENT ON COLUMN mart.measure_value.is_additive_over_codes IS
'Whether values of several codes add up: false for stocks that are counted again under each code.';
COMMENT ON COLUMN mart.measure_value.year IS 'Year that the period is named after.';
COMMENT ON COLUMN mart.measure_value.period_kind IS
'D ten days, W week, M month, Q quarter, H half-year, Y year, A ad hoc.';
COMMENT ON COLUMN mart.measure_value.period_code IS 'Period: code.';
COMMENT ON COLUMN mart.measure_value.period_name IS 'Period: name.';
COMMENT ON COLUMN mart.measure_value.period_name_en IS 'Period: name in English.';
COMMENT ON COLUMN mart.measure_value.window_start IS 'First day of the window.';
COMMENT ON COLUMN mart.measure_value.window_end IS 'Last day of the window.';
COMMENT ON COLUMN mart.measure_value.body_code IS
'Body that reported: code. Where two bodies report the same places, choose one.';
COMMENT ON COLUMN mart.measure_value.body_name IS 'Body that reported: name.';
COMMENT ON COLUMN mart.measure_value.body_name_en IS 'Body that reported: name in English.';
COMMENT ON COLUMN mart.measure_value.area_key IS
'Area as it was in the window: key of mart.area. A join on it does not multiply rows.';
COMMENT ON COLUMN mart.measure_value.area_code IS 'Area: code.';
COMMENT ON COLUMN mart.measure_value.area_name IS 'Area: name in the window.';
COMMENT ON COLUMN mart.measure_value.area_name_en IS 'Area: name in English.';
COMMENT ON COLUMN mart.measure_value.area_level IS 'Area: level.';
COMMENT ON COLUMN mart.measure_value.province_code IS 'Province of the area: code.';
COMMENT ON COLUMN mart.measure_value.province_name IS 'Province of the area: name in the window.';
COMMENT ON COLUMN mart.measure_value.province_name_en IS 'Province of the area: name in English.';
COMMENT ON COLUMN mart.measure_value.district_code IS 'District of the area, or the area itself: code.';
COMMENT ON COLUMN mart.measure_value.district_name IS 'District of the area: name in the window.';
COMMENT ON COLUMN mart.measure_value.district_name_en IS 'District of the area: name in English.';
{% for key in keys.all %}
COMMENT ON COLUMN mart.measure_value.{{ key.key }} IS
{{ (key.label ~ (': code' if key.code_list else '') ~ '; empty in forms without it.') | literal }};
{% endfor %}
COMMENT ON COLUMN mart.measure_value.category_label IS
'Labels of all codes of the row, joined; empty in forms without code lists.';
COMMENT ON COLUMN mart.measure_value.category_label_en IS 'The same in English.';
COMMENT ON COLUMN mart.measure_value.category_sort IS 'Number that sorts these labels as the form does.';
COMMENT ON COLUMN mart.measure_value.value IS
'Value in its unit; flags are 1 or 0. Null where it is withheld, where it was not asked for, and for codes.';
COMMENT ON COLUMN mart.measure_value.code_value IS 'Code, for the measures whose value is a code.';
COMMENT ON COLUMN mart.measure_value.is_withheld IS
'Whether the value is withheld from you: a small count of persons, or one linked to such a count.';
COMMENT ON COLUMN mart.measure_value.submission_id IS 'Submission of the row.';
