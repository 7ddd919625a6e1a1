-- Deletes the target rows of periods that have not ended at `moment`: a run whose clock was ahead computed them. Where
-- a quarter of the reports for such a period has been accepted, `moment` is the wrong one: the period has ended, and
-- nothing is deleted.
-- The present is set to `moment` meanwhile, because the history trigger records it.
CREATE OR REPLACE FUNCTION audit.remove_early_figures(plan text, moment timestamptz) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    present text := coalesce(current_setting('chitieu.now', true), '');
    early text[];
    removed bigint;
BEGIN
    SELECT array_agg(p.period_code) INTO early
    FROM dw.dim_plan pl JOIN dw.dim_period p ON p.plan_code = pl.plan_code
        AND p.window_end >= (moment AT TIME ZONE pl.timezone)::date
    WHERE pl.plan_code = plan;
    IF NOT EXISTS (SELECT FROM audit.indicator_coverage c WHERE c.plan_code = plan AND c.period_code = ANY(early))
        OR EXISTS (
            SELECT FROM dw.reporting_obligation o JOIN dw.dim_plan pl USING (plan_key)
            JOIN dw.dim_body b USING (body_key) JOIN dw.dim_form f USING (form_key)
            JOIN dw.dim_period p USING (period_key)
            WHERE pl.plan_code = plan AND p.period_code = ANY(early) AND NOT o.is_optional
            GROUP BY p.period_code
            HAVING count(*) <= 4 * count(*) FILTER (WHERE EXISTS (
                SELECT FROM audit.submission s WHERE s.plan_code = plan AND s.revision IS NOT NULL
                    AND s.body_code = b.body_code AND s.form_code = f.form_code
                    AND s.period_code = p.period_code)))
    THEN
        RETURN 0;
    END IF;
    PERFORM set_config('chitieu.now', moment::text, true);
    WITH figures AS (
        DELETE FROM dw.target_indicator t WHERE t.plan_code = plan AND t.period_code = ANY(early) RETURNING 1
    ), breakdowns AS (
        DELETE FROM dw.target_breakdown t WHERE t.plan_code = plan AND t.period_code = ANY(early) RETURNING 1
    )
    SELECT (SELECT count(*) FROM figures) + (SELECT count(*) FROM breakdowns) INTO removed;
    PERFORM set_config('chitieu.now', present, true);
    RETURN removed;
END $$;
COMMENT ON FUNCTION audit.remove_early_figures(text, timestamptz)
IS 'Deletes figures of periods that have not ended, which a clock that was ahead left; returns how many.';
