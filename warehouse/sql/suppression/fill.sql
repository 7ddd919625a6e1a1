{# Fill the suppressed table of a form from its facts. #}
{% from 'macros/suppressed_rows.sql' import insert_suppressed %}
DELETE FROM {{ form.suppressed_table }};
{{ insert_suppressed(form, form.fact_table, smallest_shown) }};
