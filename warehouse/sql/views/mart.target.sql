-- Targets of the loaded plans: one row per plan, target and validity, with thresholds and formulas.
CREATE VIEW mart.target AS
SELECT pl.plan_code, pl.year, coalesce((pl.document ->> 'last_year')::int, pl.year) AS last_year,
    d ->> 'code' AS target_code, d ->> 'section' AS section,
    d ->> 'label_vi' AS target_name, d ->> 'label_en' AS target_name_en,
    d ->> 'unit' AS unit, d ->> 'pace' AS pace,
    (d ->> 'at_least')::float8 AS at_least, (d ->> 'at_most')::float8 AS at_most,
    (d ->> 'per')::float8 AS per, (d ->> 'due')::date AS due, d -> 'steps' AS steps,
    d -> 'assessments' AS assessments,
    d ->> 'numerator' AS numerator_formula, nullif(d ->> 'denominator', '') AS denominator_formula,
    (d ->> 'valid_from')::date AS valid_from, (d ->> 'last_day')::date + 1 AS valid_to,
    CASE WHEN d ->> 'unit' = 'percent' THEN 'share' ELSE 'count' END AS target_kind, t.form_codes, t.additivity,
    CASE WHEN t.additivity = 'non_additive' THEN 'none' WHEN d ->> 'unit' = 'percent' THEN 'ratio_of_sums'
        ELSE 'sum' END AS aggregation_over_areas,
    'last' AS aggregation_over_time_ytd,
    CASE WHEN t.additivity = 'additive' THEN 'sum' ELSE 'none' END AS aggregation_over_time_in_period
FROM dw.dim_plan pl CROSS JOIN jsonb_array_elements(pl.document -> 'targets') d
LEFT JOIN dw.dim_target t ON t.plan_code = pl.plan_code AND t.target_code = d ->> 'code';

COMMENT ON VIEW mart.target IS
'Targets of the loaded plans: names, thresholds and formulas.';
COMMENT ON COLUMN mart.target.plan_code IS 'Plan of the target.';
COMMENT ON COLUMN mart.target.year IS 'Year of the plan.';
COMMENT ON COLUMN mart.target.last_year IS 'Last year of the plan; that of year for a plan of one year.';
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
COMMENT ON COLUMN mart.target.target_kind IS 'count, or share: a percentage with a denominator.';
COMMENT ON COLUMN mart.target.form_codes IS 'Forms that its expressions read.';
COMMENT ON COLUMN mart.target.additivity IS
'additive, semi_additive (over areas as part of a share) or non_additive.';
COMMENT ON COLUMN mart.target.aggregation_over_areas IS
'sum; ratio_of_sums: add numerators and denominators, then divide; none: choose one area. Of one level only.';
COMMENT ON COLUMN mart.target.aggregation_over_time_ytd IS
'last: figures of the year to date never add up, the last period has them all.';
COMMENT ON COLUMN mart.target.aggregation_over_time_in_period IS
'sum or none: whether numerator_in_period of mart.target_period adds up over periods of one kind.';
