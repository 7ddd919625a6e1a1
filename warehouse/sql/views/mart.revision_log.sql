-- Figures that changed after their period was closed last: one row per plan, target, area and closed period. The causes
-- are joined from the left, so that a query that only counts rows does not read them.
{% from 'macros/closings.sql' import closings, is_latest_edition %}
{% from 'macros/visibility.sql' import figures, in_seen_areas %}
CREATE VIEW mart.revision_log WITH (security_barrier) AS
{% call(source) in_seen_areas() %}
SELECT s.plan_code, s.target_code, s.area_code, s.area_name, s.period_code, s.closed_at, c.chain_head,
    s.numerator AS frozen_numerator, s.denominator AS frozen_denominator, s.value AS frozen_value,
    s.target_value AS frozen_target_value, s.verdict AS frozen_verdict, t.numerator, t.denominator, t.value,
    t.target_value, t.verdict, s.verdict <> t.verdict AS verdict_changed, t.computed_at AS moved_at,
    m.submission_ids, m.is_declared_correction
FROM {{ figures(source, 'target_snapshot') }} s
JOIN {{ figures(source, 'target_indicator') }} t USING (plan_code, target_code, area_code, period_code)
LEFT JOIN (
{{ closings() }}
) c ON c.plan_code = s.plan_code AND c.period_code = s.snapshot_code AND c.edition = s.edition
LEFT JOIN LATERAL (
    SELECT coalesce(array_agg(DISTINCT submission_id ORDER BY submission_id), '{}') AS submission_ids,
        coalesce(bool_and(is_declared_correction), FALSE) AS is_declared_correction
    FROM audit.revision_cause r
    WHERE (r.plan_code, r.target_code, r.area_code, r.period_code)
        = (s.plan_code, s.target_code, s.area_code, s.period_code)
        AND r.load_id > coalesce(c.last_load, 0)
) m ON TRUE
WHERE {{ is_latest_edition('s') }}
    AND (s.numerator, s.denominator, s.value, s.target_value, s.verdict, s.is_final)
    IS DISTINCT FROM (t.numerator, t.denominator, t.value, t.target_value, t.verdict, t.is_final)
{% endcall %};

COMMENT ON VIEW mart.revision_log IS
'Figures that differ from their latest frozen state: one row per target, area and closed period.';
COMMENT ON COLUMN mart.revision_log.plan_code IS 'Plan of the target.';
COMMENT ON COLUMN mart.revision_log.target_code IS 'Code of the target.';
COMMENT ON COLUMN mart.revision_log.area_code IS 'Area that the figure is about.';
COMMENT ON COLUMN mart.revision_log.area_name IS 'Name of the area.';
COMMENT ON COLUMN mart.revision_log.period_code IS 'Period that was closed.';
COMMENT ON COLUMN mart.revision_log.closed_at IS 'When it was closed.';
COMMENT ON COLUMN mart.revision_log.chain_head IS 'Head of the audit chain at the closing, in hex.';
COMMENT ON COLUMN mart.revision_log.frozen_numerator IS 'Numerator as frozen.';
COMMENT ON COLUMN mart.revision_log.frozen_denominator IS 'Denominator as frozen.';
COMMENT ON COLUMN mart.revision_log.frozen_value IS 'Figure as frozen.';
COMMENT ON COLUMN mart.revision_log.frozen_target_value IS 'Figure to reach as frozen.';
COMMENT ON COLUMN mart.revision_log.frozen_verdict IS 'Verdict as frozen.';
COMMENT ON COLUMN mart.revision_log.numerator IS 'Numerator as known now.';
COMMENT ON COLUMN mart.revision_log.denominator IS 'Denominator as known now.';
COMMENT ON COLUMN mart.revision_log.value IS 'Figure as known now.';
COMMENT ON COLUMN mart.revision_log.target_value IS 'Figure to reach in the plan of now.';
COMMENT ON COLUMN mart.revision_log.verdict IS 'Verdict as known now.';
COMMENT ON COLUMN mart.revision_log.verdict_changed IS 'Whether the verdict differs from the frozen one.';
COMMENT ON COLUMN mart.revision_log.moved_at IS 'When the figure became what it is now.';
COMMENT ON COLUMN mart.revision_log.submission_ids IS
'Submissions after the closing that the figure includes and that changed it.';
COMMENT ON COLUMN mart.revision_log.is_declared_correction IS
'Whether all of these declare themselves corrections of earlier reports.';
