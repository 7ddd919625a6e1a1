{# What a reader may see. Readers have no grant on any table; each view of mart shows them one of these branches:

   all   owner, auditors, the pipeline: everything;
   bi    BI tools: all areas, the suppressed form of each relation;
   area  readers of an area: the suppressed form of the rows of their areas.

   A row policy, or a condition around the rows, would be no fence: PostgreSQL may evaluate a reader's comparison
   before it, and the plan (EXPLAIN ANALYZE), an InitPlan that ran or not, the planner's estimates and the counters of
   pg_stat_all_tables then show whether a hidden row matched. So
   - what a reader may not see is in another table than its branch reads: see `figures` and `current_rows`;
   - the branch for areas collects its rows in a MATERIALIZED query first, in which no condition of the reader is;
   - the branches of other readers are removed before the query is planned: audit.reader_at_planning() is a constant
     to the planner. The same condition on audit.reader() is checked when the query runs, because a prepared statement
     may have been planned for another role. #}

{# The table or partition of figures that a branch reads. #}
{% macro figures(source, table) -%}
dw.{{ table }}{{ "_open" if source == "suppressed" }}
{%- endmacro %}

{# The condition that the reader is one of the kinds. #}
{% macro is_reader(kinds) -%}
audit.reader_at_planning() IN ({{ kinds }}) AND (SELECT audit.reader()) IN ({{ kinds }})
{%- endmacro %}

{# A query in a FROM clause that is not merged into the query around it: where the condition there is false, the planner
   leaves it out before it plans its joins. The name is not read; conditions are pushed down into the query all the
   same. #}
{% macro unmerged(query) -%}
{{ "WITH unmerged AS (SELECT)" if not query.lstrip().startswith("WITH") }}
{{ query }}
{%- endmacro %}

{# Wraps a query. caller(source) is the query of a branch: source is `everything` or `suppressed`. `visible` is the
   condition on a row v that it is about an area of the reader. #}
{% macro branches(everything, suppressed, visible) -%}
{% if everything == suppressed %}
SELECT v.* FROM (
{{ unmerged(everything) }}
) AS v
WHERE {{ is_reader("'all', 'bi'") }}
{% else %}
SELECT v.* FROM (
{{ unmerged(everything) }}
) AS v
WHERE {{ is_reader("'all'") }}
UNION ALL
SELECT v.* FROM (
{{ unmerged(suppressed) }}
) AS v
WHERE {{ is_reader("'bi'") }}
{% endif %}
UNION ALL
SELECT fenced.* FROM (
    WITH visible AS MATERIALIZED (
        SELECT v.* FROM (
{{ suppressed }}
        ) AS v
        WHERE
            {{ visible }}
    )

    SELECT * FROM visible
) AS fenced
WHERE {{ is_reader("'area'") }}
{%- endmacro %}

{# The areas that a reader of areas may see. Without the collation the result has that of current_user, "C", and no
   index on codes could be used. #}
{% macro areas_seen() -%}
((SELECT audit.areas_seen(current_user)) COLLATE "default")
{%- endmacro %}

{# A view whose rows have an area_code. #}
{% macro in_seen_areas() -%}
{{ branches(caller("everything"), caller("suppressed"), "v.area_code = ANY(" ~ areas_seen() ~ ")") }}
{%- endmacro %}

{# A view whose rows have a body_code and no area: the body's area counts. #}
{% macro of_seen_bodies() -%}
{% set of_area %}
v.body_code IN (
                SELECT b.body_code FROM dw.dim_body AS b
                INNER JOIN dw.dim_area AS a USING (area_key)
                WHERE a.area_code = ANY({{ areas_seen() }})
            )
{%- endset %}
{{ branches(caller("everything"), caller("suppressed"), of_area) }}
{%- endmacro %}
