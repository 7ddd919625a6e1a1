-- Fact tables: a row may be superseded once, for a reason on record; it is never changed or deleted.
{% for table in fact_tables %}
CREATE OR REPLACE TRIGGER guard_rows BEFORE UPDATE OR DELETE ON {{ table | ident }}
FOR EACH ROW EXECUTE FUNCTION dw.guard_fact();
DROP TRIGGER IF EXISTS guard_end ON {{ table | ident }};
CREATE CONSTRAINT TRIGGER guard_end AFTER UPDATE ON {{ table | ident }} DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.superseded_at IS NOT NULL) EXECUTE FUNCTION dw.guard_end();
CREATE OR REPLACE TRIGGER guard_table BEFORE TRUNCATE ON {{ table | ident }}
FOR EACH STATEMENT EXECUTE FUNCTION audit.reject_change();
{% endfor %}
