-- The closings of a period, the first edition first.
{% from 'macros/closings.sql' import closings %}
SELECT
    c.edition,
    c.event_id,
    c.closed_at,
    c.last_submission,
    c.chain_head,
    c.reopened_at IS NOT NULL AS is_reopened
FROM (
{{ closings() }}
) AS c
WHERE c.plan_code = :plan AND c.period_code = :period
ORDER BY c.edition
