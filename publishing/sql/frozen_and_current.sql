-- Figures of the latest editions of closed periods at the plan's own level beside today's, with the submissions that
-- changed them.
SELECT
    f.snapshot_code,
    f.closed_at,
    f.edition,
    f.target_code,
    f.area_code,
    f.numerator AS frozen_numerator,
    f.denominator AS frozen_denominator,
    f.value AS frozen_value,
    t.numerator AS current_numerator,
    t.denominator AS current_denominator,
    t.value AS current_value,
    ARRAY(
        SELECT c.submission_id
        FROM audit.revision_cause AS c
        WHERE
            c.plan_code = f.plan_code AND c.target_code = f.target_code
            AND c.area_code = f.area_code AND c.period_code = f.snapshot_code
            AND c.load_id > coalesce(
                (
                    SELECT (e.payload ->> 'last_load')::bigint
                    FROM audit.event AS e
                    WHERE
                        e.kind = 'close' AND e.payload ->> 'plan' = f.plan_code
                        AND e.subject = f.snapshot_code AND e.payload ->> 'edition' = f.edition::text
                ), 0
            )
        GROUP BY c.submission_id
        ORDER BY c.submission_id ASC
    ) AS moved_by
FROM mart.target_snapshot AS f
INNER JOIN dw.dim_period AS p ON f.plan_code = p.plan_code AND f.snapshot_code = p.period_code
LEFT JOIN mart.target_indicator AS t
    ON
        f.plan_code = t.plan_code AND f.target_code = t.target_code
        AND f.area_code = t.area_code AND f.period_code = t.period_code
WHERE
    f.plan_code = :plan AND f.area_code = :area
    AND f.edition = (
        SELECT max(latest.edition)
        FROM mart.target_snapshot AS latest
        WHERE latest.snapshot_code = f.snapshot_code AND latest.plan_code = f.plan_code
    )
ORDER BY p.window_end ASC, f.snapshot_code ASC
