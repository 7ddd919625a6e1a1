-- The periods of each plan that the target tables, with their history, did not cover yet at a moment: one row per
-- plan. Null for plan or period means all.
CREATE OR REPLACE FUNCTION audit.uncovered_periods(moment timestamptz, plan text, period text)
RETURNS TABLE (plan_key integer, plan_code text, periods text[]) LANGUAGE sql STABLE AS $$
    SELECT pl.plan_key, pl.plan_code, array_agg(p.period_code)
    FROM dw.dim_plan pl JOIN dw.dim_period p ON p.plan_code = pl.plan_code AND p.period_kind <> 'A'
        AND p.year BETWEEN pl.year AND coalesce((pl.document ->> 'last_year')::int, pl.year)
        AND p.window_end < (moment AT TIME ZONE pl.timezone)::date
    LEFT JOIN audit.indicator_coverage c ON c.plan_code = pl.plan_code AND c.period_code = p.period_code
        AND c.covered_since <= moment
    WHERE (plan IS NULL OR pl.plan_code = plan) AND (period IS NULL OR p.period_code = period)
        AND c.plan_code IS NULL
    GROUP BY pl.plan_key ORDER BY pl.plan_key
$$;
COMMENT ON FUNCTION audit.uncovered_periods(timestamptz, text, text)
IS 'Periods of each plan that the target tables did not cover yet at a moment.';
