{# Accepted submissions of bodies that the plan does not have. No array literal: its braces would clash with the
   placeholder of the relation. #}
SELECT
    submission_id,
    body_code
FROM (SELECT * FROM {{ batch }}) AS s
WHERE
    plan_code = {{ plan_code | literal }}
    AND revision IS NOT NULL
    AND body_code NOT IN (
        {% for body in bodies %}
        {{ body | literal }}{{ "," if not loop.last }}
        {% endfor %}
    )
