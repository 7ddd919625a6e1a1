-- Fact tables: a row may be superseded once; it is never changed or deleted.
{% for table in fact_tables %}
CREATE OR REPLACE TRIGGER guard_rows BEFORE UPDATE OR DELETE ON {{ table | ident }}
FOR EACH ROW EXECUTE FUNCTION dw.guard_fact();
CREATE OR REPLACE TRIGGER guard_table BEFORE TRUNCATE ON {{ table | ident }}
FOR EACH STATEMENT EXECUTE FUNCTION audit.reject_change();
{% endfor %}
