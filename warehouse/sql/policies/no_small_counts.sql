-- Row policies: BI tools see no figure of a target that counts persons. A province's total, or its growth,
-- would reveal a small count where it is the only one that is withheld.
{% for table in figure_tables %}
ALTER TABLE {{ table | ident }} ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS no_small_counts ON {{ table | ident }};
CREATE POLICY no_small_counts ON {{ table | ident }} AS RESTRICTIVE USING (
    plan_code || '/' || target_code <> ALL((SELECT audit.targets_withheld(current_user))::text[])
);
{% endfor %}
