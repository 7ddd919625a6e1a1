{# Write the classified rows into a target table. Rows whose figures are the same stay untouched; the keys of
   the others are collected in the temporary table changed_figure. #}
{% from "macros/classification.sql" import classification %}
{{ classification(c) }},

changed AS (
    INSERT INTO {{ table | ident }} AS kept ({{ columns | join(", ") }})
    SELECT {{ columns | join(", ") }} FROM classified
    ON CONFLICT ({{ key | join(", ") }}) DO UPDATE
    SET
        {% for column in compared %}
        {{ column }} = excluded.{{ column }},
        {% endfor %}
        computed_at = excluded.computed_at
    WHERE
        (
            {% for column in compared %}
            kept.{{ column }}{{ "," if not loop.last }}
            {% endfor %}
        )
        IS DISTINCT FROM (
            {% for column in compared %}
            excluded.{{ column }}{{ "," if not loop.last }}
            {% endfor %}
        )
    RETURNING
        target_code,
        area_code,
        period_code
)

INSERT INTO changed_figure
SELECT * FROM changed
