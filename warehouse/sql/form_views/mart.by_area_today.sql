-- mart.{{ form.key }}_by_area_today: the current rows of form {{ form.code }} summed by today's areas: one row per
-- plan, period, reporter, area of today and code-list key. Where areas merged, additive measures are summed and others
-- kept where all merged areas agree. A merged count is withheld where one of its parts is: it is never a smaller sum.
{% from 'macros/areas.sql' import present_areas %}
{% from 'macros/suppression.sql' import current_rows %}
{% from 'macros/visibility.sql' import in_seen_areas %}
{% set reported_by = "CASE WHEN own.area_code = own.province_code THEN b.body_code ELSE b.body_level END" %}
CREATE VIEW mart.{{ form.key }}_by_area_today WITH (security_barrier) AS
{% call(source) in_seen_areas() %}
SELECT
    p.plan_code,
    p.year,
    p.period_code,
    p.window_end,
    {{ reported_by }} AS reported_by,
    t.area_code,
    t.area_name,
    t.is_divided,
{% for column in form.columns if not column.is_measure %}
    f.{{ column.key }},
{% endfor %}
    count(DISTINCT f.area_key)::int AS areas_merged,
{% for column in form.columns if column.is_measure %}
{% set total = 'sum(f.' ~ column.key ~ ')' ~ ('::bigint' if column.is_whole else '') %}
{% if not column.is_additive %}
    CASE WHEN count(DISTINCT f.{{ column.key }}) = 1 THEN (array_agg(f.{{ column.key }}))[1] END
{%- elif column.group %}
    CASE WHEN count(f.{{ column.key }}) = count(*) THEN {{ total }} END
{%- else %}
    {{ total }}
{%- endif %} AS {{ column.key }}{{ ',' if not loop.last or form.groups }}
{% endfor %}
{% if form.groups %}
    bool_or(f.is_suppressed) AS is_suppressed
{% endif %}
FROM {{ current_rows(form, source) }} AS f
INNER JOIN dw.dim_body AS b USING (body_key)
INNER JOIN dw.dim_area AS own ON b.area_key = own.area_key
INNER JOIN dw.dim_period AS p USING (period_key)
INNER JOIN (
    {{ present_areas() }}
) AS t ON f.area_key = t.area_key
GROUP BY
    p.plan_code, p.year, p.period_code, p.window_end, {{ reported_by }}, t.area_code, t.area_name, t.is_divided
{%- for column in form.columns if not column.is_measure %}, f.{{ column.key }}{% endfor %}
{% endcall %};

COMMENT ON VIEW mart.{{ form.key }}_by_area_today IS
{{ ('Form ' ~ form.code ~ ' (' ~ form.title ~ '): the current rows by the areas of today.') | literal }};
COMMENT ON COLUMN mart.{{ form.key }}_by_area_today.plan_code IS 'Plan that the reports belong to.';
COMMENT ON COLUMN mart.{{ form.key }}_by_area_today.year IS 'Year that the period is named after.';
COMMENT ON COLUMN mart.{{ form.key }}_by_area_today.period_code IS 'Period: code.';
COMMENT ON COLUMN mart.{{ form.key }}_by_area_today.window_end IS 'Last day of the window.';
COMMENT ON COLUMN mart.{{ form.key }}_by_area_today.reported_by IS
'Who reported: code of a body of the whole province; a level for all local bodies of that level.';
COMMENT ON COLUMN mart.{{ form.key }}_by_area_today.area_code IS
'Area of today: code; of an area that was divided, the codes of all parts joined by +.';
COMMENT ON COLUMN mart.{{ form.key }}_by_area_today.area_name IS 'Area of today: name.';
COMMENT ON COLUMN mart.{{ form.key }}_by_area_today.is_divided IS
'Whether the reported area was divided later.';
COMMENT ON COLUMN mart.{{ form.key }}_by_area_today.areas_merged IS 'How many reported areas the row comprises.';
{% for column in form.columns %}
COMMENT ON COLUMN mart.{{ form.key }}_by_area_today.{{ column.key }} IS
{% if not column.is_measure %}
{{ (column.label ~ '.') | literal }};
{% elif column.is_additive %}
{{ (column.label ~ ' (sum).') | literal }};
{% else %}
{{ (column.label ~ ' (where all merged areas agree, else empty).') | literal }};
{% endif %}
{% endfor %}
{% if form.groups %}
COMMENT ON COLUMN mart.{{ form.key }}_by_area_today.is_suppressed IS
'Whether counts about persons of the row are withheld from you, because those of a part of it are.';
{% endif %}
