-- Each figure with that of the same period of the year before: one row per plan, target, area and period. Areas
-- into which others came are compared with all that lay in them a year before.
{% from 'macros/periods.sql' import code_a_year_before, has_year_before %}
{% from 'macros/visibility.sql' import figures, in_seen_areas %}
CREATE VIEW mart.year_on_year WITH (security_barrier) AS
{% call(source) in_seen_areas() %}
WITH
-- Whether figures of a target add up over areas, and the formula, which another province must share.
defined AS MATERIALIZED (
    SELECT pl.plan_code, t.target_code, t.additivity, t.factor,
        concat_ws(' / ', d ->> 'numerator', d ->> 'denominator') AS expression,
        d ->> 'denominator' = '' AND t.additivity = 'additive' AS adds_up
    FROM dw.dim_plan pl CROSS JOIN jsonb_array_elements(pl.document -> 'targets') d
    JOIN dw.dim_target t ON t.plan_code = pl.plan_code AND t.target_code = d ->> 'code'
),
-- Areas into which others came, whole or in part.
changed AS MATERIALIZED (
    SELECT DISTINCT a.province_code, a.area_code FROM dw.bridge_area s
    JOIN dw.dim_area a ON a.area_key = s.later_area_key
),
-- All earlier states of these areas, with the days on which a part of such a state lies elsewhere, and whether it
-- continued under its own province.
source AS MATERIALIZED (
    SELECT a.area_key AS later_area_key, e.*, range_agg(daterange(l.valid_from, l.valid_to)) FILTER (
            WHERE l.area_key <> a.area_key AND l.area_level = a.area_level) AS divided_in,
        coalesce(bool_or(l.province_code = e.province_code), FALSE) AS went_on
    FROM dw.dim_area a JOIN changed USING (province_code, area_code)
    JOIN (
        SELECT area_key, area_key AS later_area_key FROM dw.dim_area
        UNION ALL SELECT area_key, later_area_key FROM dw.bridge_area
    ) s ON s.later_area_key = a.area_key
    JOIN dw.dim_area e ON e.area_key = s.area_key AND e.area_level = a.area_level
    LEFT JOIN dw.bridge_area o ON o.area_key = e.area_key
    LEFT JOIN dw.dim_area l ON l.area_key = o.later_area_key AND l.area_level = e.area_level
    GROUP BY a.area_key, e.area_key
)
SELECT plan_code, target_code, area_code, area_name, period_code, value, unit, plan_before, previous_period_code,
    value_before, CASE WHEN is_like_for_like THEN value - value_before END AS change,
    CASE WHEN is_like_for_like THEN 100 * (value - value_before) / nullif(value_before, 0) END AS change_pct,
    is_final, areas_before, is_like_for_like
FROM (
-- Areas without changes: the same code a year before.
SELECT t.plan_code, t.target_code, t.area_code, t.area_name, t.period_code, t.value, t.unit,
    b.plan_code AS plan_before, b.period_code AS previous_period_code, b.value AS value_before,
    t.is_final AND b.is_final AS is_final, 1 AS areas_before, TRUE AS is_like_for_like
FROM {{ figures(source, 'target_indicator') }} t
JOIN dw.dim_plan pl USING (plan_code)
JOIN dw.dim_plan plb ON plb.province_code = pl.province_code
    AND {{ has_year_before('plb', 'pl', 't.window_end') }}
JOIN {{ figures(source, 'target_indicator') }} b ON b.plan_code = plb.plan_code AND b.target_code = t.target_code
    AND b.area_code = t.area_code AND b.unit = t.unit
    AND b.period_code = {{ code_a_year_before('t.period_code') }}
WHERE (pl.province_code, t.area_code) NOT IN (SELECT province_code, area_code FROM changed)
UNION ALL
-- Changed areas: the figures, a year before, of all that lies in them now: areas that existed at the end of the
-- earlier period, and areas of other provinces that ended within that year (their last figure; those of the own
-- province count in their successors unless they were divided). Sums add up; counts of places only as a share;
-- divided areas belong to nobody; a province that took in another within this year reports it for a part of it.
SELECT plan_code, target_code, area_code, area_name, period_code, value, unit,
    string_agg(DISTINCT plan_before, '+' ORDER BY plan_before) AS plan_before, previous_period_code,
    (CASE WHEN count(value_before) = 1 THEN min(value_before)
        WHEN bool_or(additivity = 'non_additive') THEN NULL
        WHEN bool_or(is_share) THEN min(factor) * sum(numerator_before) / nullif(sum(denominator_before), 0)
        ELSE sum(numerator_before) END)::double precision AS value_before,
    is_final AND bool_and(is_final_before) AS is_final, count(value_before)::int AS areas_before,
    bool_and(value_before IS NOT NULL AND NOT is_taken_in AND (adds_up OR NOT has_ended))
        AND (count(*) = 1 OR bool_and(adds_up OR (is_share AND additivity <> 'non_additive')))
        AS is_like_for_like
FROM (
    SELECT w.*, coalesce(b.plan_code, l.plan_code) AS plan_before,
        CASE WHEN NOT is_divided THEN coalesce(b.value, l.value) END AS value_before,
        CASE WHEN NOT is_divided THEN coalesce(b.numerator, l.numerator) END AS numerator_before,
        CASE WHEN NOT is_divided THEN coalesce(b.denominator, l.denominator) END AS denominator_before,
        coalesce(b.is_final, l.is_final) AS is_final_before
    FROM (
        SELECT t.plan_code, t.target_code, t.area_code, t.area_name, t.period_code, t.value, t.unit,
            t.is_final, t.denominator IS NOT NULL AS is_share, defined.adds_up, defined.additivity, defined.factor, defined.expression,
            e.area_code AS code_before, e.valid_to, e.province_code <> pl.province_code AS is_foreign,
            coalesce(t.window_end <@ e.divided_in, FALSE) AS is_divided, plb.plan_code AS plan_then,
            e.valid_to <= pb.window_end AS has_ended, pb.period_code AS previous_period_code,
            e.province_code <> pl.province_code AND e.valid_to > pl.year_start AS is_taken_in
        FROM {{ figures(source, 'target_indicator') }} t
        JOIN dw.dim_plan pl USING (plan_code)
        -- By the calendar of the province, or where it had no plan by that of another.
        JOIN (
            SELECT own.province_code, e.period_code, coalesce(o.window_end, e.window_end) AS window_end
            FROM (SELECT DISTINCT province_code FROM dw.dim_plan) own
            CROSS JOIN (
                SELECT period_code, min(window_end) AS window_end FROM dw.dim_period
                WHERE period_kind <> 'A' GROUP BY period_code
            ) e
            LEFT JOIN (
                SELECT province_code, period_code, min(window_end) AS window_end
                FROM dw.dim_period JOIN dw.dim_plan USING (plan_code)
                WHERE period_kind <> 'A' GROUP BY province_code, period_code
            ) o USING (province_code, period_code)
        ) pb ON pb.province_code = pl.province_code
            AND pb.period_code = {{ code_a_year_before('t.period_code') }}
        JOIN defined ON defined.plan_code = t.plan_code AND defined.target_code = t.target_code
        JOIN dw.dim_area a ON a.province_code = pl.province_code AND a.area_code = t.area_code
            AND a.valid_from <= t.window_end AND a.valid_to > t.window_end
        JOIN source e ON e.later_area_key = a.area_key AND e.valid_from <= pb.window_end
        LEFT JOIN dw.dim_plan plb ON plb.province_code = e.province_code
            AND {{ has_year_before('plb', 'pl', 't.window_end') }}
        WHERE e.valid_to > pb.window_end OR (e.valid_to > coalesce(plb.year_start, pl.year_start - 366)
            AND ((e.province_code <> pl.province_code AND NOT e.went_on) OR t.window_end <@ e.divided_in))
    ) w
    LEFT JOIN {{ figures(source, 'target_indicator') }} b ON NOT w.has_ended AND b.plan_code = w.plan_then
        AND b.target_code = w.target_code AND b.area_code = w.code_before AND b.unit = w.unit
        AND b.period_code = w.previous_period_code
        AND (NOT w.is_foreign OR (b.plan_code, b.target_code, w.expression)
            IN (SELECT plan_code, target_code, expression FROM defined))
    LEFT JOIN LATERAL (
        SELECT f.* FROM {{ figures(source, 'target_indicator') }} f
        WHERE w.has_ended AND f.plan_code = w.plan_then AND f.target_code = w.target_code
          AND f.area_code = w.code_before AND f.unit = w.unit AND f.window_end < w.valid_to
          AND (NOT w.is_foreign OR (f.plan_code, f.target_code, w.expression)
            IN (SELECT plan_code, target_code, expression FROM defined))
        ORDER BY f.window_end DESC, f.period_code LIMIT 1
    ) l ON TRUE
) earlier
GROUP BY plan_code, target_code, area_code, area_name, period_code, value, unit, is_final, previous_period_code
HAVING count(plan_before) > 0
) compared
{% endcall %};

COMMENT ON VIEW mart.year_on_year IS
'Each figure beside that of the same target and area up to the same period of the year before.';
COMMENT ON COLUMN mart.year_on_year.plan_code IS 'Plan of the target.';
COMMENT ON COLUMN mart.year_on_year.target_code IS 'Code of the target.';
COMMENT ON COLUMN mart.year_on_year.area_code IS 'Area that the figure is about.';
COMMENT ON COLUMN mart.year_on_year.area_name IS 'Name of the area.';
COMMENT ON COLUMN mart.year_on_year.period_code IS 'Period up to whose end the figure is computed.';
COMMENT ON COLUMN mart.year_on_year.value IS 'The figure, from the start of the plan year.';
COMMENT ON COLUMN mart.year_on_year.unit IS 'Unit of the figure.';
COMMENT ON COLUMN mart.year_on_year.plan_before IS
'Plan of the year before; of merged provinces, all plans joined by +.';
COMMENT ON COLUMN mart.year_on_year.previous_period_code IS 'The same period of the year before.';
COMMENT ON COLUMN mart.year_on_year.value_before IS
'The figure of that period, of all areas that lie in the area now.';
COMMENT ON COLUMN mart.year_on_year.change IS
'Difference in the figure''s unit (percent: in points); empty where not like for like.';
COMMENT ON COLUMN mart.year_on_year.change_pct IS 'The same as a share of the earlier figure, in percent.';
COMMENT ON COLUMN mart.year_on_year.is_final IS 'Whether all expected reports of both periods are in.';
COMMENT ON COLUMN mart.year_on_year.areas_before IS
'How many former areas the earlier figure comprises.';
COMMENT ON COLUMN mart.year_on_year.is_like_for_like IS
'Whether both figures are about the same places: no part divided, missing or new.';
