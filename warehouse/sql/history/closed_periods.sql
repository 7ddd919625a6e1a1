-- The closed periods of a plan: those whose last edition was not reopened. Each has thousands of frozen rows, so the
-- snapshot is probed period by period.
SELECT p.period_code
FROM dw.dim_period AS p
CROSS JOIN LATERAL (
    SELECT max(s.edition) AS edition
    FROM dw.target_snapshot AS s
    WHERE s.snapshot_code = p.period_code AND s.plan_code = p.plan_code
) AS latest
WHERE
    p.plan_code = :plan AND p.period_kind <> 'A' AND latest.edition IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM audit.event AS r
        WHERE
            r.kind = 'reopen' AND r.payload ->> 'plan' = :plan AND r.subject = p.period_code
            AND r.payload ->> 'edition' = latest.edition::text
    )
