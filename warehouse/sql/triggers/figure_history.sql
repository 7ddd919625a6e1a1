-- Target tables: replaced and deleted rows go into the history table, whichever client changes them.
{% for table, history in target_tables %}
CREATE OR REPLACE TRIGGER keep_changed AFTER UPDATE ON {{ table | ident }}
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION audit.keep_changed_figures({{ history | literal }});
CREATE OR REPLACE TRIGGER keep_removed AFTER DELETE ON {{ table | ident }}
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION audit.keep_removed_figures({{ history | literal }});
CREATE OR REPLACE TRIGGER guard_table BEFORE TRUNCATE ON {{ table | ident }}
FOR EACH STATEMENT EXECUTE FUNCTION audit.reject_change();
{% endfor %}
