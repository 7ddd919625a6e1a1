-- Targets of the loaded plans: one row per plan, target and validity, with thresholds and formulas.
CREATE VIEW mart.target AS
SELECT pl.plan_code, pl.year, d ->> 'code' AS target_code, d ->> 'section' AS section,
    d ->> 'label_vi' AS target_name, d ->> 'label_en' AS target_name_en,
    d ->> 'unit' AS unit, d ->> 'pace' AS pace,
    (d ->> 'at_least')::float8 AS at_least, (d ->> 'at_most')::float8 AS at_most,
    (d ->> 'per')::float8 AS per, (d ->> 'due')::date AS due, d -> 'steps' AS steps,
    d -> 'assessments' AS assessments,
    d ->> 'numerator' AS numerator_formula, nullif(d ->> 'denominator', '') AS denominator_formula,
    (d ->> 'valid_from')::date AS valid_from, (d ->> 'last_day')::date + 1 AS valid_to
FROM dw.dim_plan pl CROSS JOIN jsonb_array_elements(pl.document -> 'targets') d;

COMMENT ON VIEW mart.target IS
'Targets of the loaded plans: names, thresholds and formulas.';
COMMENT ON COLUMN mart.target.plan_code IS 'Plan of the target.';
COMMENT ON COLUMN mart.target.year IS 'Year of the plan.';
COMMENT ON COLUMN mart.target.target_code IS 'Code of the target.';
COMMENT ON COLUMN mart.target.section IS 'Section of the plan''s text.';
COMMENT ON COLUMN mart.target.target_name IS 'Name of the target.';
COMMENT ON COLUMN mart.target.target_name_en IS
'Name of the target in English; empty where the plan gives none.';
COMMENT ON COLUMN mart.target.unit IS 'Unit of its figures.';
COMMENT ON COLUMN mart.target.pace IS
'linear: expected in proportion to the elapsed year; constant: in full at all times; stepwise: as its steps state.';
COMMENT ON COLUMN mart.target.per IS 'Its figures are so many times the ratio; empty: 100 for percent, else 1.';
COMMENT ON COLUMN mart.target.due IS 'Day by which it is to be reached; empty: the end of the plan year.';
COMMENT ON COLUMN mart.target.steps IS 'What it is to reach by days of the plan year.';
COMMENT ON COLUMN mart.target.assessments IS 'Statuses that an official stated, each with day, area and reason.';
COMMENT ON COLUMN mart.target.at_least IS
'The figure to reach; areas may have their own, see target_value of the figure.';
COMMENT ON COLUMN mart.target.at_most IS 'The figure not to exceed, for targets with an upper bound.';
COMMENT ON COLUMN mart.target.numerator_formula IS 'Numerator: an expression over measures.';
COMMENT ON COLUMN mart.target.denominator_formula IS 'Denominator of a percentage or rate.';
COMMENT ON COLUMN mart.target.valid_from IS 'First day on which it applies; empty: from the plan''s start.';
COMMENT ON COLUMN mart.target.valid_to IS 'First day after it; empty: to the plan''s end.';
