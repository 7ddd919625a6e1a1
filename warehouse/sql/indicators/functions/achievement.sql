-- achievement(target): the figure of another target for the same area as per cent of its threshold.
WITH of_target AS (
    {{ term.inner }}
)

SELECT
    area_key,
    period_key,
    achievement_pct::numeric AS figure,
    CASE WHEN target_value > 0 THEN (100.0 * value_min / target_value)::numeric END AS least,
    CASE WHEN target_value > 0 THEN (100.0 * value_max / target_value)::numeric END AS most
FROM of_target
