-- Deletes the target rows that the loaded plan does not define: other targets, areas, levels or days, and those that
-- lie in the other partition since their target counts persons.
-- The present is set to `moment` meanwhile, because the history trigger records it.
CREATE OR REPLACE FUNCTION audit.remove_unasked_figures(plan text, moment timestamptz) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    present text := coalesce(current_setting('chitieu.now', true), '');
    removed bigint;
BEGIN
    PERFORM set_config('chitieu.now', moment::text, true);
    WITH defined AS MATERIALIZED (
        SELECT d ->> 'code' AS target_code, d -> 'reported_levels' AS reported_levels,
            d -> 'breakdown_levels' AS breakdown_levels, a.area_code,
            greatest((d ->> 'valid_from')::date, a.valid_from) AS first_day,
            least((d ->> 'last_day')::date, a.valid_to - 1) AS last_day,
            EXISTS (SELECT FROM dw.sensitive_target s
                WHERE s.plan_code = pl.plan_code AND s.target_code = d ->> 'code') AS is_sensitive
        FROM dw.dim_plan pl CROSS JOIN jsonb_array_elements(pl.document -> 'targets') d
        JOIN dw.dim_area a ON a.province_code = pl.province_code WHERE pl.plan_code = plan
    ), figures AS (
        DELETE FROM dw.target_indicator t WHERE t.plan_code = plan AND NOT EXISTS (
            SELECT FROM defined q WHERE q.target_code = t.target_code AND q.area_code = t.area_code
              AND q.reported_levels ? t.area_level AND t.window_end BETWEEN q.first_day AND q.last_day
              AND q.is_sensitive = t.is_sensitive)
        RETURNING 1
    ), breakdowns AS (
        DELETE FROM dw.target_breakdown t WHERE t.plan_code = plan AND NOT EXISTS (
            SELECT FROM defined q WHERE q.target_code = t.target_code AND q.area_code = t.area_code
              AND q.breakdown_levels ? t.area_level AND t.window_end BETWEEN q.first_day AND q.last_day
              AND q.is_sensitive = t.is_sensitive)
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM figures) + (SELECT count(*) FROM breakdowns) INTO removed;
    PERFORM set_config('chitieu.now', present, true);
    RETURN removed;
END $$;
COMMENT ON FUNCTION audit.remove_unasked_figures(text, timestamptz)
IS 'Deletes figures of targets, areas and days that the loaded plan does not define; returns how many.';
