{# Merge rows of a temporary table into a table by its natural key; rows that are the same stay untouched. #}
INSERT INTO {{ table | ident }} AS kept ({{ columns | join(", ") }})
SELECT {{ columns | join(", ") }} FROM {{ incoming | ident }}
ON CONFLICT ({{ key | join(", ") }}) DO UPDATE
SET
    {% for column in others %}
    {{ column }} = excluded.{{ column }}{{ "," if not loop.last }}
    {% endfor %}
WHERE
    ({% for column in others %}kept.{{ column }}{{ ", " if not loop.last }}{% endfor %})
    IS DISTINCT FROM
    ({% for column in others %}excluded.{{ column }}{{ ", " if not loop.last }}{% endfor %})
