-- Events that refer to something the warehouse does not have, or that refer to nothing: a plan, a load of their kind
-- and moment, a submission or a finding. `missing` names it.
WITH referred AS (
    SELECT
        event_id,
        kind,
        subject,
        occurred_at,
        coalesce(
            payload ->> 'plan',
            payload ->> 'plan_code',
            CASE WHEN kind IN ('plan', 'publish', 'ingest', 'backfill') THEN subject END
        ) AS plan_code,
        (payload ->> 'load_id')::bigint AS load_id,
        kind IN ('load', 'ingest', 'backfill', 'withdraw', 'purge') AS needs_load,
        CASE WHEN kind IN ('ingest', 'backfill', 'withdraw') THEN kind END AS load_kind,
        CASE WHEN kind IN ('explain', 'accept', 'reply') THEN subject END AS finding,
        CASE WHEN kind = 'reopen' THEN payload ->> 'edition' END AS reopened,
        ARRAY(
            SELECT (s.entry ->> 'submission_id')::bigint
            FROM
                jsonb_array_elements(
                    CASE
                        WHEN jsonb_typeof(payload -> 'submissions') = 'array' THEN payload -> 'submissions'
                        ELSE '[]'
                    END
                ) AS s (entry)
            UNION ALL
            SELECT (payload ->> 'submission_id')::bigint
            WHERE payload ->> 'submission_id' IS NOT NULL
            UNION ALL
            SELECT n.number::bigint
            FROM
                jsonb_array_elements_text(
                    CASE WHEN jsonb_typeof(payload -> 'restored') = 'array' THEN payload -> 'restored' ELSE '[]' END
                ) AS n (number)
        ) AS submissions
    FROM audit.event
)

SELECT
    r.event_id,
    r.kind,
    r.subject,
    m.missing
FROM referred AS r
CROSS JOIN LATERAL (
    SELECT 'the plan ' || r.plan_code AS missing
    WHERE r.plan_code IS NOT NULL AND NOT EXISTS (SELECT FROM dw.dim_plan AS p WHERE p.plan_code = r.plan_code)
    UNION ALL
    SELECT coalesce('load ' || r.load_id, 'its load')
    WHERE
        (r.needs_load OR r.load_id IS NOT NULL) AND NOT EXISTS (
            SELECT FROM audit.load AS l
            WHERE
                l.load_id = r.load_id AND l.started_at = r.occurred_at
                AND l.kind = coalesce(r.load_kind, l.kind)
        )
    UNION ALL
    SELECT 'submission ' || n.number
    FROM unnest(r.submissions) AS n (number)
    WHERE NOT EXISTS (SELECT FROM audit.submission AS s WHERE s.submission_id = n.number)
    UNION ALL
    SELECT 'finding ' || r.finding
    WHERE
        r.finding IS NOT NULL AND NOT EXISTS (
            SELECT FROM audit.submission AS s
            LEFT JOIN audit.finding AS f ON s.submission_id = f.submission_id
            WHERE
                s.submission_id = split_part(r.finding, '/', 1)::bigint
                AND (
                    f.finding_no = split_part(r.finding, '/', 2)::int
                    OR EXISTS (SELECT FROM audit.purge AS x WHERE x.submission_id = s.submission_id)
                )
        )
    UNION ALL
    SELECT 'closing ' || r.reopened
    WHERE
        r.reopened IS NOT NULL AND NOT EXISTS (
            SELECT FROM audit.event AS c
            WHERE
                c.kind = 'close' AND c.event_id < r.event_id AND c.subject = r.subject
                AND c.payload ->> 'plan' = r.plan_code AND c.payload ->> 'edition' = r.reopened
        )
    UNION ALL
    SELECT 'a plan, a load or a submission'
    WHERE r.plan_code IS NULL AND r.load_id IS NULL AND r.finding IS NULL AND r.submissions = '{}'
) AS m
ORDER BY r.event_id, m.missing
