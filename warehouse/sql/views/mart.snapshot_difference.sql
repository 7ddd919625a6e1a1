-- Figures that differ between an edition of a closed period and the one before: one row per plan, target, area, closed
-- period and edition. A target or area that only one of the two has is a difference too.
{% from 'macros/closings.sql' import closings, is_latest_edition %}
{% from 'macros/visibility.sql' import figures, in_seen_areas %}
CREATE VIEW mart.snapshot_difference WITH (security_barrier) AS
{% call(source) in_seen_areas() %}
SELECT d.*, (d.previous_verdict IS DISTINCT FROM d.verdict) AS verdict_changed, c.closed_at,
    earlier.closed_at AS previous_closed_at, earlier.reopen_reason,
    ARRAY(
        SELECT DISTINCT r.submission_id FROM audit.revision_cause r
        WHERE (r.plan_code, r.target_code, r.area_code, r.period_code)
            = (d.plan_code, d.target_code, d.area_code, d.period_code)
            AND r.load_id > earlier.last_load AND r.load_id <= c.last_load
        ORDER BY r.submission_id
    ) AS submission_ids
FROM (
    SELECT plan_code, target_code, area_code, coalesce(n.area_name, o.area_name) AS area_name,
        snapshot_code AS period_code, edition, o.numerator AS previous_numerator,
        o.denominator AS previous_denominator, o.value AS previous_value,
        o.target_value AS previous_target_value, o.verdict AS previous_verdict, n.numerator, n.denominator, n.value,
        n.target_value, n.verdict
    FROM (SELECT * FROM {{ figures(source, 'target_snapshot') }} WHERE edition > 1) n
    FULL JOIN (
        SELECT s.plan_code, s.target_code, s.area_code, s.area_name, s.snapshot_code, s.edition + 1 AS edition,
            s.numerator, s.denominator, s.value, s.target_value, s.verdict, s.is_final
        FROM {{ figures(source, 'target_snapshot') }} s WHERE NOT {{ is_latest_edition('s') }}
    ) o USING (plan_code, target_code, area_code, snapshot_code, edition)
    WHERE (n.numerator, n.denominator, n.value, n.target_value, n.verdict, n.is_final)
        IS DISTINCT FROM (o.numerator, o.denominator, o.value, o.target_value, o.verdict, o.is_final)
) d
JOIN (
{{ closings() }}
) c USING (plan_code, period_code, edition)
JOIN (
{{ closings() }}
) earlier
    ON earlier.plan_code = d.plan_code AND earlier.period_code = d.period_code AND earlier.edition = d.edition - 1
{% endcall %};

COMMENT ON VIEW mart.snapshot_difference IS
'Figures that differ between two editions of a closed period: one row per target, area, period and later edition.';
COMMENT ON COLUMN mart.snapshot_difference.plan_code IS 'Plan of the target.';
COMMENT ON COLUMN mart.snapshot_difference.target_code IS 'Code of the target.';
COMMENT ON COLUMN mart.snapshot_difference.area_code IS 'Area that the figure is about.';
COMMENT ON COLUMN mart.snapshot_difference.area_name IS 'Name of the area.';
COMMENT ON COLUMN mart.snapshot_difference.period_code IS 'Period that was closed.';
COMMENT ON COLUMN mart.snapshot_difference.edition IS 'The later edition; it is compared with the one before.';
COMMENT ON COLUMN mart.snapshot_difference.closed_at IS 'When the later edition was closed.';
COMMENT ON COLUMN mart.snapshot_difference.previous_closed_at IS 'When the edition before was closed.';
COMMENT ON COLUMN mart.snapshot_difference.reopen_reason IS 'Why the period was reopened between the two.';
COMMENT ON COLUMN mart.snapshot_difference.previous_numerator IS 'Numerator of the edition before.';
COMMENT ON COLUMN mart.snapshot_difference.previous_denominator IS 'Denominator of the edition before.';
COMMENT ON COLUMN mart.snapshot_difference.previous_value IS 'Figure of the edition before.';
COMMENT ON COLUMN mart.snapshot_difference.previous_target_value IS 'Figure to reach in the edition before.';
COMMENT ON COLUMN mart.snapshot_difference.previous_verdict IS 'Verdict of the edition before.';
COMMENT ON COLUMN mart.snapshot_difference.numerator IS 'Numerator of the later edition.';
COMMENT ON COLUMN mart.snapshot_difference.denominator IS 'Denominator of the later edition.';
COMMENT ON COLUMN mart.snapshot_difference.value IS 'Figure of the later edition.';
COMMENT ON COLUMN mart.snapshot_difference.target_value IS 'Figure to reach in the later edition.';
COMMENT ON COLUMN mart.snapshot_difference.verdict IS 'Verdict of the later edition.';
COMMENT ON COLUMN mart.snapshot_difference.verdict_changed IS 'Whether the verdicts differ.';
COMMENT ON COLUMN mart.snapshot_difference.submission_ids IS
'Submissions between the two closings that the figure changed with.';
