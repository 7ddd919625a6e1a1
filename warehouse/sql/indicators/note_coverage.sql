-- Note since when the target table, with its history, covers the periods that have ended.
INSERT INTO audit.indicator_coverage (plan_code, period_code, covered_since)
SELECT
    :plan,
    unnest(CAST(:periods AS text [])),
    :now
ON CONFLICT DO NOTHING
