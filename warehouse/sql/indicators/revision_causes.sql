-- Which submissions that a load brought or withdrew the figures of closed periods changed with, since the latest
-- closing and also while a period is reopened. A report about an area may change the figures of all areas that it lies
-- in, or came to lie in later, and of all areas inside it.
-- There are few: the figures that changed, and the submissions of one load.
WITH moved AS MATERIALIZED (
    SELECT
        t.plan_code,
        t.target_code,
        t.area_code,
        t.period_code,
        t.window_end,
        drawn_on.form_code,
        a.ancestors,
        (e.payload ->> 'last_submission')::bigint AS last_submission
    FROM changed_figure AS f
    INNER JOIN dw.target_indicator AS t USING (target_code, area_code, period_code)
    CROSS JOIN LATERAL (
        SELECT c.payload
        FROM audit.event AS c
        WHERE c.kind = 'close' AND c.payload ->> 'plan' = :plan AND c.subject = t.period_code
        ORDER BY c.event_id DESC
        LIMIT 1
    ) AS e
    INNER JOIN
        unnest(CAST(:targets AS text []), CAST(:forms AS text []))
            AS drawn_on (target_code, form_code)
        USING (target_code)
    INNER JOIN dw.dim_area AS a
        ON
            a.province_code = :province AND t.area_code = a.area_code
            AND a.valid_from <= t.window_end AND a.valid_to > t.window_end
    WHERE t.plan_code = :plan
),

received AS MATERIALIZED (
    SELECT
        x.submission_id,
        w.submission_id IS NOT NULL AS is_withdrawn,
        x.form_code,
        x.is_declared_correction,
        p.window_end,
        own.area_code,
        own.ancestors || ARRAY(
            SELECT DISTINCT up.code
            FROM dw.bridge_area AS s
            INNER JOIN dw.dim_area AS l ON s.later_area_key = l.area_key
            CROSS JOIN unnest(l.ancestors) AS up (code)
            WHERE s.area_key = own.area_key
        ) AS ancestors
    FROM audit.submission AS x
    INNER JOIN dw.dim_period AS p USING (plan_code, period_code)
    INNER JOIN dw.dim_body AS b
        ON
            b.province_code = :province AND x.body_code = b.body_code
            AND b.valid_from <= p.window_end AND b.valid_to > p.window_end
    INNER JOIN dw.dim_area AS own ON b.area_key = own.area_key
    LEFT JOIN audit.withdrawal AS w ON x.submission_id = w.submission_id AND w.load_id = :load_id
    WHERE
        x.plan_code = :plan AND x.revision IS NOT NULL
        AND (x.load_id = :load_id OR w.submission_id IS NOT NULL)
)

INSERT INTO audit.revision_cause (
    plan_code, target_code, area_code, period_code, submission_id, load_id, is_declared_correction
)
SELECT
    m.plan_code,
    m.target_code,
    m.area_code,
    m.period_code,
    c.submission_id,
    CAST(:load_id AS bigint) AS load_id,
    c.is_declared_correction
FROM moved AS m
INNER JOIN received AS c USING (form_code)
WHERE
    c.window_end <= m.window_end
    AND (c.is_withdrawn OR c.submission_id > m.last_submission)
    AND (m.area_code = ANY(c.ancestors) OR c.area_code = ANY(m.ancestors))
ON CONFLICT DO NOTHING
