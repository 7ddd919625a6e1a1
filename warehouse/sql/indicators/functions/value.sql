-- value(target): the figure of another target for the same area.
WITH of_target AS (
    {{ term.inner }}
)

SELECT
    area_key,
    period_key,
    value::numeric AS figure,
    value_min::numeric AS least,
    value_max::numeric AS most
FROM of_target
