-- Append-only tables: rows are inserted and never changed, by no client.
{% for table in append_only_tables %}
CREATE OR REPLACE TRIGGER guard_rows BEFORE UPDATE OR DELETE ON {{ table | ident }}
FOR EACH ROW EXECUTE FUNCTION audit.reject_change();
CREATE OR REPLACE TRIGGER guard_table BEFORE TRUNCATE ON {{ table | ident }}
FOR EACH STATEMENT EXECUTE FUNCTION audit.reject_change();
{% endfor %}
