-- finished_at is as long after started_at as the transaction has taken, also where the present is set.
INSERT INTO audit.load (
    load_id, kind, started_at, finished_at, plan_code, software_version, plan_sha256, forms_sha256
)
VALUES (
    :load_id,
    :kind,
    :now,
    CAST(:now AS timestamptz) + (clock_timestamp() - now()),
    :plan,
    :software,
    :plan_sha256,
    :forms_sha256
)
