-- rank(target): the rank of the area among the areas of its level that have a figure of the target; 1 is the best.
WITH of_target AS (
    {{ term.inner }}
)

SELECT
    area_key,
    period_key,
    (
        rank() OVER (PARTITION BY period_key, area_level ORDER BY value {{ term.best_first }})
    )::numeric AS figure
FROM of_target
WHERE value IS NOT NULL
