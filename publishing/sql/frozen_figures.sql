-- The figures of an edition of a closed period, targets and areas in the plan's order, others after them.
SELECT *
FROM mart.target_snapshot
WHERE plan_code = :plan AND snapshot_code = :period AND edition = :edition
ORDER BY
    array_position(CAST(:targets AS text []), target_code),
    target_code,
    array_position(CAST(:levels AS text []), area_level),
    array_position(CAST(:areas AS text []), area_code),
    area_code
