-- Keeps the suppressed form of the current rows of form {{ form.code }}, in the transaction that changes them. Readers
-- who may not see small counts about persons are shown this table and not the facts: what is withheld from them is in
-- no table that their queries read.
{% from 'macros/suppressed_rows.sql' import insert_suppressed %}
CREATE OR REPLACE FUNCTION dw.keep_suppressed_{{ form.key }}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM {{ form.suppressed_table }} s USING new_rows n
        WHERE s.fact_id = n.fact_id AND n.superseded_at IS NOT NULL;
        RETURN NULL;
    ELSIF TG_OP = 'DELETE' THEN  -- by a purge alone
        DELETE FROM {{ form.suppressed_table }} s USING old_rows o WHERE s.fact_id = o.fact_id;
        RETURN NULL;
    END IF;
    {{ insert_suppressed(form, "new_rows", smallest_shown) | indent }};
    RETURN NULL;
END $$;
COMMENT ON FUNCTION dw.keep_suppressed_{{ form.key }}()
IS {{ ('Keeps the suppressed form of the current rows of form ' ~ form.code ~ '.') | literal }};

CREATE OR REPLACE TRIGGER keep_suppressed_added AFTER INSERT ON {{ form.fact_table }}
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION dw.keep_suppressed_{{ form.key }}();
CREATE OR REPLACE TRIGGER keep_suppressed_ended AFTER UPDATE ON {{ form.fact_table }}
REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION dw.keep_suppressed_{{ form.key }}();
CREATE OR REPLACE TRIGGER keep_suppressed_purged AFTER DELETE ON {{ form.fact_table }}
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION dw.keep_suppressed_{{ form.key }}();
CREATE OR REPLACE TRIGGER guard_table BEFORE TRUNCATE ON {{ form.suppressed_table }}
FOR EACH STATEMENT EXECUTE FUNCTION audit.reject_change();
