-- The closed periods of a plan. Each has thousands of frozen rows, so the snapshot is probed period by period.
SELECT p.period_code
FROM dw.dim_plan AS pl
INNER JOIN dw.dim_period AS p USING (year)
WHERE
    pl.plan_code = :plan AND p.period_kind <> 'A'
    AND EXISTS (
        SELECT FROM dw.target_snapshot AS s
        WHERE s.snapshot_code = p.period_code AND s.plan_code = pl.plan_code
    )
