-- The present for views and functions: CHITIEU_NOW reaches the database as the setting chitieu.now.
CREATE OR REPLACE FUNCTION audit.present() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('chitieu.now', true), '')::timestamptz, now())
$$;
COMMENT ON FUNCTION audit.present() IS 'The present: the setting chitieu.now, or the clock.';
