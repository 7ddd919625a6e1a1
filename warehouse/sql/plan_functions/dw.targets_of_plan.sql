-- dw.targets_of_plan_N: the target table of plan {{ plan_code }} computed as of a moment, for the given periods.
-- One statement computes everything of a year.
-- The planner has no statistics of its CTEs and would choose nested loops; a
-- read-only transaction can make no temporary tables that could be analyzed.
-- The indicator compiler writes longer lines: -- noqa: disable=LT05
CREATE OR REPLACE FUNCTION {{ name }}(moment timestamptz, asked text[])
RETURNS SETOF dw.target_indicator LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan
SET enable_nestloop = off SET enable_mergejoin = off SET jit = off AS $of_plan$
#variable_conflict use_column
BEGIN
IF (SELECT definition_sha256 FROM dw.dim_plan WHERE plan_key = {{ plan_key }}) <> {{ plan_digest | literal }} THEN
    RAISE EXCEPTION 'the plan has changed: run chitieu init as the owner of the database';
END IF;
{% for year in years %}
RETURN QUERY WITH
{% for table, query in year.tables %}
{{ table }} AS MATERIALIZED ({{ query }}){{ ',' if not loop.last }}
{% endfor %}
SELECT * FROM dw.target_indicator WHERE FALSE
{% for query in year.figures %}
UNION ALL SELECT * FROM ({{ query }}) of_target
{% endfor %};
{% endfor %}
END $of_plan$;
COMMENT ON FUNCTION {{ name }}(timestamptz, text[])
IS {{ ('The target table of the plan ' ~ plan_code ~ ', computed as of a moment.') | literal }};
REVOKE ALL ON FUNCTION {{ name }}(timestamptz, text[]) FROM PUBLIC;
