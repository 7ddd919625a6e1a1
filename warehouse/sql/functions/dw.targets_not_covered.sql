-- The rows of the target table as of a moment that its history does not cover and that are computed again, as far
-- as an account may see them. A plan whose own function does not exist (see plan_functions) is left out.
{% from 'macros/as_of.sql' import known_figures %}
CREATE OR REPLACE FUNCTION dw.targets_not_covered(moment timestamptz, reader name, plan text, period text)
RETURNS SETOF dw.target_indicator LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $of_all$
DECLARE
    uncovered record;
    of_plan text;
BEGIN
    FOR uncovered IN SELECT * FROM audit.uncovered_periods(moment, plan, period) LOOP
        of_plan := format('dw.targets_of_plan_%s', uncovered.plan_key);
        IF to_regprocedure(of_plan || '(timestamptz, text[])') IS NOT NULL THEN
            RETURN QUERY EXECUTE format($query$
                SELECT * FROM %s($1, $2)
                WHERE ($3 IS NULL OR area_code = ANY($3)) AND plan_code || '/' || target_code <> ALL($4)
                    AND (plan_code, target_code, area_code, period_code) NOT IN (
                        SELECT plan_code, target_code, area_code, period_code
                        FROM ({{ known_figures('$1', 'dw') }}) kept WHERE plan_code = $5)
                $query$, of_plan)
                USING moment, uncovered.periods, audit.areas_seen(reader), audit.targets_withheld(reader),
                    uncovered.plan_code;
        END IF;
    END LOOP;
END $of_all$;
COMMENT ON FUNCTION dw.targets_not_covered(timestamptz, name, text, text)
IS 'Target rows as of a moment that are not recorded and are computed again, as far as an account may see them.';
