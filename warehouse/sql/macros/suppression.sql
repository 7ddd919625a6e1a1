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

{# The smallest value that a withheld count can have: 1, or what a visible column bounds it by. #}
{% macro smallest_withheld(count, row, smallest_shown) -%}
greatest(1
{%- for floor in count.floors -%}
, CASE WHEN {{ row }}.{{ floor }} BETWEEN 1 AND {{ smallest_shown - 1 }} THEN {{ row }}.{{ floor }} END
{%- endfor -%}
)
{%- endmacro %}

{# Whether one count of a group is small. #}
{% macro has_small_count(group, row, smallest_shown) -%}
{% for count in group -%}
{{ row }}.{{ count.key }} BETWEEN 1 AND {{ largest_withheld(count, row, smallest_shown) }}
{%- if not loop.last %} OR {% endif %}
{%- endfor %}
{%- endmacro %}

{# The current rows of a form, for a FROM clause, with is_suppressed. `suppressed`: as readers see them who may not see
   small counts, from the table that the triggers of the fact table keep. Counts about persons of a commune or a smaller place
   are withheld from them altogether: others report the same persons for its district, and a difference would give
   one away. #}
{% macro current_rows(form, source) -%}
{% if not form.groups -%}
(SELECT * FROM {{ form.fact_table }} WHERE superseded_at IS NULL)
{%- elif source == "everything" -%}
(SELECT *, FALSE AS is_suppressed FROM {{ form.fact_table }} WHERE superseded_at IS NULL)
{%- elif form.is_below_district -%}
(
    SELECT
        fact_id,
{% for column in form.stored_columns %}
{% if column.withheld_if %}
        CASE WHEN NOT ({{ column.withheld_if }}) THEN {{ column.name }} END AS {{ column.name }},
{% elif column.shown_if %}
        CASE WHEN {{ column.shown_if }} THEN {{ column.name }} END AS {{ column.name }},
{% else %}
        {{ "NULL::" ~ column.type ~ " AS " if column.group }}{{ column.name }},
{% endif %}
{% endfor %}
        TRUE AS is_suppressed
    FROM {{ form.fact_table }}
    WHERE superseded_at IS NULL
)
{%- else -%}
{{ form.suppressed_table }}
{%- endif %}
{%- endmacro %}

{# The condition that a warning is about a column of its form that may be withheld. That the cell was blank, far from
   what is usual, or broke a rule, says something about the value: readers who may not see it do not see the warning.
   Errors are shown: what they are about was not loaded. #}
{% macro is_telling_warning(forms, finding, submission) -%}
{% set counting = forms | selectattr("groups") | list %}
({{ finding }}.severity = 'warning' AND CASE {{ submission }}.form_code
{% for form in counting %}
    WHEN {{ form.code | literal }} THEN
        {{ finding }}.column_key IN (
            {%- for column in form.stored_columns if column.group -%}
            {{ column.name | literal }}{{ ", " if not loop.last }}
            {%- endfor -%}
        )
        {%- set rules = form.telling_rules | map("literal") | join(", ") %}
        {{ "OR " ~ finding ~ ".code IN (" ~ rules ~ ")" if rules }}
{% endfor %}
{{ "WHEN '' THEN FALSE" if not counting }}
    ELSE FALSE
END)
{%- endmacro %}

{# The number of warnings of submission `s` that a reader may know of. #}
{% macro warnings_shown(forms, source, s) -%}
{% if source == "everything" -%}
{{ s }}.warning_count
{%- else -%}
CASE WHEN {{ s }}.warning_count > 0 THEN {{ s }}.warning_count - (
    SELECT count(*) FROM audit.finding AS told
    WHERE told.submission_id = {{ s }}.submission_id AND {{ is_telling_warning(forms, "told", s) }}
)::int ELSE 0 END
{%- endif %}
{%- endmacro %}
