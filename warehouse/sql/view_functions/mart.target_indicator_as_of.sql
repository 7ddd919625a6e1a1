-- mart.target_indicator as it was known at a moment: recorded rows, and computed ones where none were recorded.
-- Same grain as the view: one row per plan, target, area and period. It runs with the reader's rights over views of
-- mart, so it shows each reader what these do.
{% from 'macros/as_of.sql' import figure_columns, known_figures %}
CREATE OR REPLACE FUNCTION mart.target_indicator_as_of(moment timestamptz)
RETURNS SETOF mart.target_indicator LANGUAGE sql STABLE
BEGIN ATOMIC
    {{ known_figures('moment', 'mart') }}
    UNION ALL
    SELECT {{ figure_columns() }} FROM dw.targets_not_covered(moment, current_user, NULL, NULL);
END;
COMMENT ON FUNCTION mart.target_indicator_as_of(timestamptz)
IS 'The target table as it was known at a moment, of all plans.';

CREATE OR REPLACE FUNCTION mart.target_indicator_as_of(moment timestamptz, plan text, period text DEFAULT NULL)
RETURNS SETOF mart.target_indicator LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT * FROM (
        {{ known_figures('moment', 'mart') }}
        UNION ALL
        SELECT {{ figure_columns() }} FROM dw.targets_not_covered(moment, current_user, plan, period)
    ) AS known
    WHERE plan_code = plan AND (period IS NULL OR period_code = period);
END;
COMMENT ON FUNCTION mart.target_indicator_as_of(timestamptz, text, text)
IS 'The target table as it was known at a moment, of one plan, and of one period where it is given.';
