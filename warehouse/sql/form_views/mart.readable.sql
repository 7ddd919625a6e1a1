-- mart.{{ form.key }}: the current rows of form {{ form.code }} with names beside codes, one per row of a sheet.
-- Readers who may not see small counts about persons get the suppressed form of the rows, in which these are null.
{% from 'macros/hierarchy.sql' import area_of_window, hierarchy_columns, hierarchy_comments %}
{% from 'macros/suppression.sql' import current_rows %}
{% from 'macros/visibility.sql' import in_seen_areas %}
CREATE VIEW mart.{{ form.key }} WITH (security_barrier) AS
{% call(source) in_seen_areas() %}
SELECT
    p.plan_code,
    p.year,
    p.period_code,
    p.name_vi AS period_name,
    p.name_en AS period_name_en,
    p.window_start,
    p.window_end,
    b.body_code,
    b.body_name,
    b.body_name_en,
    a.area_code,
    a.area_name,
    a.area_level,
    {{ hierarchy_columns() }},
{% for column in form.columns %}
    f.{{ column.key }},
{% if column.code_list %}
    l_{{ column.key }}.label_vi AS {{ column.key }}_label,
    l_{{ column.key }}.label_en AS {{ column.key }}_label_en,
    l_{{ column.key }}.sort_order AS {{ column.key }}_sort,
{% endif %}
{% endfor %}
{% if form.groups %}
    f.is_suppressed,
{% endif %}
    f.submission_id,
    f.recorded_at
FROM {{ current_rows(form, source) }} AS f
INNER JOIN dw.dim_body AS b USING (body_key)
INNER JOIN dw.dim_period AS p USING (period_key)
INNER JOIN {{ area_of_window('f', 'p.window_end') }}
{% for column in form.columns if column.code_list %}
INNER JOIN dw.dim_{{ column.code_list }} AS l_{{ column.key }} ON f.{{ column.key }} = l_{{ column.key }}.code
{% endfor %}
{% endcall %};

COMMENT ON VIEW mart.{{ form.key }} IS
{{ ('Form ' ~ form.code ~ ' (' ~ form.title ~ '): the current rows, names beside codes.') | literal }};
COMMENT ON COLUMN mart.{{ form.key }}.plan_code IS 'Plan that the report belongs to.';
COMMENT ON COLUMN mart.{{ form.key }}.year IS 'Year that the period is named after.';
COMMENT ON COLUMN mart.{{ form.key }}.period_code IS 'Period: code.';
COMMENT ON COLUMN mart.{{ form.key }}.period_name IS 'Period: name.';
COMMENT ON COLUMN mart.{{ form.key }}.period_name_en IS 'Period: name in English.';
COMMENT ON COLUMN mart.{{ form.key }}.window_start IS 'First day of the window.';
COMMENT ON COLUMN mart.{{ form.key }}.window_end IS 'Last day of the window.';
COMMENT ON COLUMN mart.{{ form.key }}.body_code IS 'Body that reported: code.';
COMMENT ON COLUMN mart.{{ form.key }}.body_name IS 'Body that reported: name.';
COMMENT ON COLUMN mart.{{ form.key }}.body_name_en IS 'Body that reported: name in English.';
COMMENT ON COLUMN mart.{{ form.key }}.area_code IS 'Area: code.';
COMMENT ON COLUMN mart.{{ form.key }}.area_name IS 'Area: name.';
COMMENT ON COLUMN mart.{{ form.key }}.area_level IS 'Area: level.';
{{ hierarchy_comments('mart.' ~ form.key) }}
{% for column in form.columns %}
COMMENT ON COLUMN mart.{{ form.key }}.{{ column.key }} IS
{{ column.comment | literal }};
{% if column.code_list %}
COMMENT ON COLUMN mart.{{ form.key }}.{{ column.key }}_label IS
{{ (column.label ~ ': label.') | literal }};
COMMENT ON COLUMN mart.{{ form.key }}.{{ column.key }}_label_en IS
{{ (column.label ~ ': label in English.') | literal }};
COMMENT ON COLUMN mart.{{ form.key }}.{{ column.key }}_sort IS
{{ (column.label ~ ': place in the code list, to sort labels by.') | literal }};
{% endif %}
{% endfor %}
{% if form.groups %}
COMMENT ON COLUMN mart.{{ form.key }}.is_suppressed IS
'Whether small counts about persons, and the counts linked to them, are withheld from you.';
{% endif %}
COMMENT ON COLUMN mart.{{ form.key }}.submission_id IS 'Submission of the row.';
COMMENT ON COLUMN mart.{{ form.key }}.recorded_at IS 'When it was recorded.';
