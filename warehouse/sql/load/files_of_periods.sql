-- The files received for some periods, or for one that could not be read, in the order of their first submission.
-- On request also those that were rejected under other plans of the province.
SELECT
    source_url,
    body_code,
    file_name,
    sha256,
    size_bytes,
    received_at,
    load_id
FROM (
    SELECT DISTINCT ON (body_code, sha256) *
    FROM audit.submission
    WHERE
        (
            plan_code = :plan
            OR (
                CAST(:rejected_elsewhere AS boolean) AND status = 'rejected'
                AND plan_code IN (
                    SELECT o.plan_code
                    FROM dw.dim_plan AS o
                    INNER JOIN dw.dim_plan AS p USING (province_code)
                    WHERE p.plan_code = :plan
                )
            )
        )
        AND sha256 IS NOT NULL
        AND status NOT IN ('duplicate', 'ignored')
        AND (period_code = ANY(:periods) OR period_code IS NULL)
        AND (CAST(:until AS bigint) IS NULL OR submission_id <= :until)
    ORDER BY body_code, sha256, submission_id
) AS first_submission
ORDER BY submission_id
