{# Small-count suppression. `group` holds linked counts (warehouse.privacy.suppression), `row` is an alias. #}

{# The largest value that is withheld: smallest_shown - 1, or more where a visible column bounds the count from
   below, so that it still has smallest_shown - 1 possible values. #}
{% macro largest_withheld(count, row, smallest_shown) -%}
{% set largest = smallest_shown - 1 %}
{% if count.floors -%}
greatest({{ largest }}
{%- for floor in count.floors -%}
, CASE WHEN {{ row }}.{{ floor }} BETWEEN 1 AND {{ largest }} THEN {{ row }}.{{ floor }} + {{ largest - 1 }} END
{%- endfor -%}
)
{%- else -%}
{{ largest }}
{%- endif %}
{%- endmacro %}

{# Whether one count of a group is small. #}
{% macro has_small_count(group, row, smallest_shown) -%}
{% for count in group -%}
{{ row }}.{{ count.key }} BETWEEN 1 AND {{ largest_withheld(count, row, smallest_shown) }}
{%- if not loop.last %} OR {% endif %}
{%- endfor %}
{%- endmacro %}

{% macro has_any_small_count(groups, row, smallest_shown) -%}
{% for group in groups -%}
{{ has_small_count(group, row, smallest_shown) }}
{%- if not loop.last %} OR {% endif %}
{%- endfor %}
{%- endmacro %}

{# The current rows of a form, for a FROM clause; `is_withheld` is a condition on them. In a form by commune a small
   count withholds the counts of all communes of its district: a single unknown could be computed from a district's
   total in another form. #}
{% macro current_rows(form, smallest_shown) -%}
{% if form.groups and form.is_by_commune -%}
(
    SELECT
        c.*,
        bool_or({{ has_any_small_count(form.groups, 'c', smallest_shown) }})
            OVER (PARTITION BY c.period_key, place.parent_code)
        OR {{ district_is_small(form, smallest_shown) }} AS is_small_in_district
    FROM {{ form.fact_table }} AS c
    INNER JOIN dw.dim_area AS place USING (area_key)
    WHERE c.superseded_at IS NULL
)
{%- else -%}
(SELECT * FROM {{ form.fact_table }} WHERE superseded_at IS NULL)
{%- endif %}
{%- endmacro %}

{# Whether another form withholds a count of the commune's district (or of the commune, where there are no districts)
   for days of the same period. #}
{% macro district_is_small(form, smallest_shown) -%}
{% if form.district -%}
{% for place in ('parent_code', 'area_code') -%}
(c.period_key, place.province_code, place.{{ place }}) IN (
        SELECT own.period_key, d.province_code, d.area_code
        FROM dw.fact_{{ form.district.form_key }} AS o
        INNER JOIN dw.dim_area AS d USING (area_key)
        INNER JOIN dw.dim_period AS p USING (period_key)
        INNER JOIN dw.dim_plan AS pl ON d.province_code = pl.province_code
        INNER JOIN dw.dim_period AS own
            ON
                own.plan_code = pl.plan_code AND own.year = p.year AND own.period_kind <> 'A'
                AND own.window_start <= p.window_start AND own.window_end >= p.window_end
        WHERE o.superseded_at IS NULL AND ({{ has_small_count(form.district.counts, 'o', smallest_shown) }})
    )
{%- if not loop.last %} OR {% endif %}
{%- endfor %}
{%- else -%}
FALSE
{%- endif %}
{%- endmacro %}

{# Whether the counts of a group are withheld in a row of `current_rows`. #}
{% macro is_withheld(form, group, row, smallest_shown) -%}
{% if form.is_by_commune -%}
{{ row }}.is_small_in_district
{%- else -%}
{{ has_small_count(group, row, smallest_shown) }}
{%- endif %}
{%- endmacro %}

{# Whether any count is withheld in a row of `current_rows`. #}
{% macro is_any_withheld(form, row, smallest_shown) -%}
{% for group in form.groups -%}
{{ is_withheld(form, group, row, smallest_shown) }}
{%- if not loop.last %} OR {% endif %}
{%- endfor %}
{%- endmacro %}
