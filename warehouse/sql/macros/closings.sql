{# The closings of periods, from the event chain: one row per plan and closed period. #}
{% macro closings() -%}
SELECT payload ->> 'plan' AS plan_code, subject AS period_code, occurred_at AS closed_at,
    (payload ->> 'figures')::int AS figures, payload ->> 'sha256' AS sha256,
    payload ->> 'by' AS closed_by,
    (payload ->> 'last_submission')::bigint AS last_submission, encode(hash, 'hex') AS chain_head
FROM audit.event WHERE kind = 'close'
{%- endmacro %}
