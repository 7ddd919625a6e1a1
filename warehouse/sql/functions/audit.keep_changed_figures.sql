-- Trigger function: copies the replaced rows of a target table into its history table.
CREATE OR REPLACE FUNCTION audit.keep_changed_figures() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- A row that was replaced at the moment it was computed, as between two batches of a run, is not kept.
    EXECUTE format('INSERT INTO dw.%I SELECT o.*, coalesce(n.computed_at, audit.present())'
        ' FROM old_rows o LEFT JOIN new_rows n USING (plan_code, target_code, area_code, period_code)'
        ' WHERE n.computed_at IS DISTINCT FROM o.computed_at ON CONFLICT DO NOTHING',
        TG_ARGV[0]);
    RETURN NULL;
END $$;
COMMENT ON FUNCTION audit.keep_changed_figures()
IS 'Copies changed rows of a target table, as they were, into its history table.';
