-- assessed(): 1 where the last assessment up to the end of the period is that the target is met, else 0.
{% from "macros/assessments.sql" import last_assessment %}
SELECT
    g.area_key,
    g.period_key,
    (s.status = 'met')::int::numeric AS figure,
    (s.status = 'met')::int::numeric AS least,
    (s.status <> 'missed')::int::numeric AS most
FROM grid AS g
INNER JOIN LATERAL ({{ last_assessment(term.entries, "g.area_code", "g.window_end") }}) AS s ON TRUE
