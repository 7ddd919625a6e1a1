-- What speaks for closing a period: accepted reports inside its window, owed ones, the last ingest and load.
WITH reports AS (
    SELECT
        s.body_code,
        s.form_code,
        s.period_code,
        p.window_end = CAST(:end AS date) AS is_last
    FROM audit.submission AS s
    INNER JOIN dw.dim_period AS p USING (plan_code, period_code)
    WHERE
        s.plan_code = :plan AND s.revision IS NOT NULL
        AND NOT EXISTS (SELECT FROM audit.withdrawal AS w WHERE w.submission_id = s.submission_id)
        AND p.window_end BETWEEN CAST(:start AS date) AND CAST(:end AS date)
        AND p.window_end - p.window_start <= CAST(:end AS date) - CAST(:start AS date)
    GROUP BY s.body_code, s.form_code, s.period_code, p.window_end
),

owed AS (
    SELECT
        r.body_code IS NOT NULL AS is_in,
        p.window_end = CAST(:end AS date) AS is_last
    FROM dw.reporting_obligation AS o
    INNER JOIN dw.dim_plan AS pl USING (plan_key)
    INNER JOIN dw.dim_body AS b USING (body_key)
    INNER JOIN dw.dim_form AS fo USING (form_key)
    INNER JOIN dw.dim_period AS p USING (period_key)
    LEFT JOIN reports AS r USING (body_code, form_code, period_code)
    WHERE
        pl.plan_code = :plan AND NOT o.is_optional AND o.waived_at IS NULL
        AND p.window_end BETWEEN CAST(:start AS date) AND CAST(:end AS date)
        AND p.window_end - p.window_start <= CAST(:end AS date) - CAST(:start AS date)
)

SELECT
    (SELECT count(*) FROM reports WHERE is_last OR NOT EXISTS (SELECT FROM owed WHERE is_last)) AS received,
    (SELECT count(*) FROM owed) AS owed,
    (SELECT count(*) FROM owed WHERE is_in) AS owed_received,
    -- The last ones by number: a clock that was ahead left later moments.
    (
        SELECT l.started_at
        FROM audit.load AS l
        WHERE l.plan_code = :plan AND l.kind = 'ingest'
        ORDER BY l.load_id DESC
        LIMIT 1
    ) AS last_ingest,
    (
        SELECT s.ingested_at
        FROM audit.submission AS s
        WHERE s.plan_code = :plan
        ORDER BY s.submission_id DESC
        LIMIT 1
    ) AS last_load
