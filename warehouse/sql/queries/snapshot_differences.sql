-- The figures in which an edition of a closed period differs from the one before.
SELECT
    target_code,
    area_code,
    area_name,
    edition,
    previous_value,
    value,
    previous_verdict,
    verdict,
    submission_ids
FROM mart.snapshot_difference
WHERE plan_code = :plan AND period_code = :period AND edition = :edition
ORDER BY target_code, area_code
