-- Trigger function: copies the deleted rows of a target table into its history table.
CREATE OR REPLACE FUNCTION audit.keep_removed_figures() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format('INSERT INTO dw.%I SELECT o.*, audit.present() FROM old_rows o'
        ' WHERE o.computed_at <> audit.present() ON CONFLICT DO NOTHING', TG_ARGV[0]);
    RETURN NULL;
END $$;
COMMENT ON FUNCTION audit.keep_removed_figures()
IS 'Copies deleted rows of a target table into its history table.';
