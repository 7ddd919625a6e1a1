-- The digest of the frozen figures of each edition of a closed period: SHA-256 over the rows as text, one per line, in
-- order.
SELECT
    t.plan_code,
    t.snapshot_code,
    t.edition,
    encode(sha256(convert_to(string_agg(t::text, E'\n' ORDER BY t.target_code, t.area_code), 'UTF8')), 'hex') AS digest
FROM dw.target_snapshot AS t
WHERE
    t.plan_code = coalesce(:plan, t.plan_code)
    AND t.snapshot_code = coalesce(:period, t.snapshot_code)
    AND t.edition = coalesce(:edition, t.edition)
GROUP BY t.plan_code, t.snapshot_code, t.edition
