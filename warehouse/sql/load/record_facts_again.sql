{# Record the rows of a submission again, as they were loaded first, under another load. #}
INSERT INTO {{ table | ident }} (
    {{ columns | map("ident") | join(", ") }}, load_id, recorded_at
)
SELECT
    {% for column in columns %}
    f.{{ column | ident }},
    {% endfor %}
    CAST(:load_id AS bigint) AS load_id,
    CAST(:recorded_at AS timestamptz) AS recorded_at
FROM {{ table | ident }} AS f
INNER JOIN audit.submission AS s ON f.submission_id = s.submission_id AND f.load_id = s.load_id
WHERE f.submission_id = :submission_id
ORDER BY f.fact_id
