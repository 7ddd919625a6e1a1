-- mart.{{ table.name }}: the table of its name in dw, as far as the reader may see it.
{% from 'macros/visibility.sql' import figures, in_seen_areas %}
CREATE VIEW mart.{{ table.name }} WITH (security_barrier) AS
{% call(source) in_seen_areas() %}
SELECT
    {% for name, _ in table.columns %}
    t.{{ name }}{{ "," if not loop.last }}
    {% endfor %}
FROM {{ figures(source, table.name) if table.is_partitioned else "dw." ~ table.name }} AS t
{% endcall %};

COMMENT ON VIEW mart.{{ table.name }} IS
{{ table.comment | literal }};
{% for name, comment in table.columns %}
COMMENT ON COLUMN mart.{{ table.name }}.{{ name }} IS
{{ comment | literal }};
{% endfor %}
