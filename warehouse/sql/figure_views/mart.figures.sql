-- mart.{{ shown.name }}: the table of its name in dw, as far as the reader may see it.
{% from 'macros/visibility.sql' import figures, in_seen_areas %}
CREATE VIEW mart.{{ shown.name }} WITH (security_barrier) AS
{% call(source) in_seen_areas() %}
SELECT
    {% for name, _ in shown.columns %}
    t.{{ name }}{{ "," if not loop.last }}
    {% endfor %}
FROM {{ figures(source, shown.name) if shown.is_partitioned else "dw." ~ shown.name }} AS t
{% endcall %};

COMMENT ON VIEW mart.{{ shown.name }} IS
{{ shown.comment | literal }};
{% for name, comment in shown.columns %}
COMMENT ON COLUMN mart.{{ shown.name }}.{{ name }} IS
{{ comment | literal }};
{% endfor %}
