-- Note since when the target table, with its history, covers the periods that have ended.
INSERT INTO audit.indicator_coverage (plan_code, period_code, covered_since)
SELECT
    :plan AS plan_code,
    unnest(CAST(:periods AS text [])) AS period_code,
    :now AS covered_since
ON CONFLICT DO NOTHING
