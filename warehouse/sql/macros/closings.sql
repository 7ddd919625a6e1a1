{# The closings of periods, from the event chain: one row per plan, closed period and edition. #}
{% macro closings() -%}
SELECT e.payload ->> 'plan' AS plan_code, e.subject AS period_code, (e.payload ->> 'edition')::int AS edition,
    e.event_id, e.occurred_at AS closed_at, (e.payload ->> 'figures')::int AS figures,
    e.payload ->> 'sha256' AS sha256, e.payload ->> 'by' AS closed_by,
    (e.payload ->> 'last_submission')::bigint AS last_submission, (e.payload ->> 'last_load')::bigint AS last_load,
    encode(e.hash, 'hex') AS chain_head, r.occurred_at AS reopened_at, r.payload ->> 'reason' AS reopen_reason,
    (r.payload ->> 'last_submission')::bigint AS last_submission_before_reopening
FROM audit.event e
LEFT JOIN audit.event r
    ON r.kind = 'reopen' AND r.subject = e.subject AND r.payload ->> 'plan' = e.payload ->> 'plan'
    AND r.payload ->> 'edition' = e.payload ->> 'edition'
WHERE e.kind = 'close'
{%- endmacro %}

{# Row `row` of mart.target_snapshot is of the latest edition of its period. #}
{% macro is_latest_edition(row) -%}
NOT EXISTS (
    SELECT FROM audit.event n
    WHERE n.kind = 'close' AND n.payload ->> 'plan' = {{ row }}.plan_code AND n.subject = {{ row }}.snapshot_code
        AND (n.payload ->> 'edition')::int > {{ row }}.edition
)
{%- endmacro %}
