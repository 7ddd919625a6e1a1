-- Every finding of a plan with its state, which the audit chain's events about it determine.
WITH decision AS (
    SELECT DISTINCT ON (subject)
        subject,
        kind,
        occurred_at,
        payload
    FROM audit.event
    WHERE kind IN ('explain', 'accept')
    ORDER BY subject ASC, event_id DESC
),

-- What the body wrote itself, into the file that was returned to it. It undoes no acceptance.
reply AS (
    SELECT DISTINCT ON (subject)
        subject,
        occurred_at,
        payload
    FROM audit.event
    WHERE kind = 'reply'
    ORDER BY subject ASC, event_id DESC
)

SELECT
    f.submission_id,
    f.finding_no,
    f.severity,
    f.code,
    f.sheet_name,
    f.cell,
    f.column_key,
    f.message_vi,
    f.message_en,
    s.body_code,
    b.body_name,
    s.form_code,
    s.period_code,
    s.ingested_at AS since,
    CASE
        WHEN EXISTS (
            SELECT FROM audit.submission AS v
            WHERE
                v.plan_code = s.plan_code
                AND v.body_code = s.body_code
                AND v.form_code = s.form_code
                AND v.period_code = s.period_code
                AND v.revision IS NOT NULL
                AND v.submission_id > s.submission_id
                AND NOT EXISTS (
                    SELECT FROM audit.withdrawal AS w
                    WHERE w.submission_id = v.submission_id
                )
        ) OR EXISTS (
            SELECT FROM audit.withdrawal AS w
            WHERE w.submission_id = s.submission_id
        ) OR (
            -- Its plan did not require the sheet; it was judged again for one that does.
            s.status IN ('rejected', 'ignored') AND EXISTS (
                SELECT FROM audit.submission AS v
                WHERE
                    v.sha256 = s.sha256
                    AND v.body_code = s.body_code
                    AND v.sheet_name = s.sheet_name
                    AND v.plan_code <> s.plan_code
                    AND v.status <> 'duplicate'
                    AND v.submission_id > s.submission_id
            )
        ) THEN 'gone'
        WHEN
            d.kind = 'accept' AND (d.payload ->> 'until')::date >= CAST(:today AS date)
            THEN 'finding_accepted'
        WHEN d.kind = 'explain' OR r.subject IS NOT NULL THEN 'explained'
        ELSE 'open'
    END AS state,
    d.payload ->> 'reason' AS why,
    d.payload ->> 'by' AS by,
    d.payload ->> 'until' AS until,
    d.occurred_at AS said_at,
    r.payload ->> 'reason' AS reply,
    r.occurred_at AS replied_at,
    CASE
        WHEN f.severity = 'warning' THEN ARRAY(
            SELECT e.period_code
            FROM audit.finding AS g
            INNER JOIN audit.submission AS e USING (submission_id)
            WHERE
                e.plan_code = s.plan_code
                AND e.body_code = s.body_code
                AND e.form_code = s.form_code
                AND g.code = f.code
                AND g.column_key IS NOT DISTINCT FROM f.column_key
                AND e.period_code <> s.period_code
                AND e.submission_id < s.submission_id
            GROUP BY e.period_code
            ORDER BY min(e.submission_id)
        )
        ELSE ARRAY[]::text []
    END AS seen_in
FROM audit.finding AS f
INNER JOIN audit.submission AS s USING (submission_id)
INNER JOIN dw.dim_plan AS pl USING (plan_code)
LEFT JOIN dw.dim_body AS b
    ON b.province_code = pl.province_code AND b.body_code = s.body_code AND b.is_latest
LEFT JOIN decision AS d ON d.subject = f.submission_id || '/' || f.finding_no
LEFT JOIN reply AS r ON r.subject = f.submission_id || '/' || f.finding_no
WHERE s.plan_code = :plan
ORDER BY f.submission_id, f.severity, f.finding_no
