-- Tables that are append-only but for the purge of a submission.
{% for table in erasable_tables %}
CREATE OR REPLACE TRIGGER guard_rows BEFORE UPDATE OR DELETE ON {{ table | ident }}
FOR EACH ROW EXECUTE FUNCTION audit.guard_submission();
CREATE OR REPLACE TRIGGER guard_table BEFORE TRUNCATE ON {{ table | ident }}
FOR EACH STATEMENT EXECUTE FUNCTION audit.reject_change();
{% endfor %}
