-- reaching(target, level): areas of the level whose figure reaches the threshold of the target. Areas without a
-- figure may still reach it, unless the target is decided for them.
{% import "macros/reports.sql" as reports %}
WITH of_target AS (
    {{ term.inner }}
),

by_area AS MATERIALIZED (
    SELECT
        period_key,
        area_key,
        value,
        (value IS NOT NULL AND is_reached)::int AS figure,
        (verdict = 'met')::int AS least,
        (verdict <> 'not_met')::int AS most
    FROM of_target
)

{{ reports.rolled_up(
    term.function,
    "CASE WHEN count(b.value) > 0 THEN sum(b.figure)::numeric END",
    "sum(b.least)::numeric AS least, sum(b.most)::numeric AS most"
) }}
