-- Open findings without values: one row per submission, severity and code. A finding is gone once a later submission
-- for the same report was accepted, its own was withdrawn, or the sheet was judged again for another plan.
{% from 'macros/suppression.sql' import is_telling_warning %}
{% from 'macros/visibility.sql' import of_seen_bodies %}
CREATE VIEW mart.finding WITH (security_barrier) AS
{% call(source) of_seen_bodies() %}
SELECT s.plan_code, coalesce(b.body_code, 'unknown') AS body_code, coalesce(fo.form_code, 'unknown') AS form_code,
    coalesce(p.period_code, 'unknown') AS period_code, s.submission_id, f.severity, f.code, count(*)::int AS findings, s.received_at, coalesce(b.body_name, s.body_code) AS body_name,
    coalesce(b.body_name_en, s.body_code) AS body_name_en, coalesce(fo.form_name, 'unknown') AS form_name,
    coalesce(fo.title_vi, 'Không xác định') AS form_title, coalesce(fo.title_en, 'Unknown') AS form_title_en
FROM audit.finding f JOIN audit.submission s USING (submission_id)
LEFT JOIN dw.dim_form fo USING (form_code)
LEFT JOIN dw.dim_plan pl USING (plan_code)
LEFT JOIN dw.dim_body b ON b.province_code = pl.province_code AND b.body_code = s.body_code AND b.is_latest
LEFT JOIN dw.dim_period p ON p.plan_code = s.plan_code AND p.period_code = s.period_code
WHERE NOT EXISTS (
        SELECT FROM audit.submission v
        WHERE v.plan_code = s.plan_code AND v.body_code = s.body_code AND v.form_code = s.form_code
            AND v.period_code = s.period_code AND v.revision IS NOT NULL AND v.submission_id > s.submission_id
            AND NOT EXISTS (SELECT FROM audit.withdrawal w WHERE w.submission_id = v.submission_id)
    )
    AND NOT EXISTS (SELECT FROM audit.withdrawal w WHERE w.submission_id = s.submission_id)
    AND NOT (s.status IN ('rejected', 'ignored') AND EXISTS (
        SELECT FROM audit.submission v
        WHERE v.sha256 = s.sha256 AND v.body_code = s.body_code AND v.sheet_name = s.sheet_name
            AND v.plan_code <> s.plan_code AND v.status <> 'duplicate' AND v.submission_id > s.submission_id
    ))
{% if source == "suppressed" %}
    AND NOT coalesce({{ is_telling_warning(forms, "f", "s") }}, FALSE)
{% endif %}
GROUP BY s.plan_code, s.body_code, b.body_code, fo.form_code, p.period_code, s.submission_id, f.severity, f.code, s.received_at,
    b.body_name, b.body_name_en, fo.form_name, fo.title_vi, fo.title_en
{% endcall %};

COMMENT ON VIEW mart.finding IS 'Open findings by submission, severity and code, without the values of cells.';
COMMENT ON COLUMN mart.finding.plan_code IS 'Plan under which it was submitted.';
COMMENT ON COLUMN mart.finding.body_code IS 'Body that submitted it; unknown for a folder of none.';
COMMENT ON COLUMN mart.finding.form_code IS 'Form; unknown where none was found, as in mart.form.';
COMMENT ON COLUMN mart.finding.period_code IS 'Period; unknown where none of the plan was found, as in mart.calendar.';
COMMENT ON COLUMN mart.finding.submission_id IS 'Submission in which it was found.';
COMMENT ON COLUMN mart.finding.severity IS 'error or warning.';
COMMENT ON COLUMN mart.finding.code IS 'Finding code, or the id of the form''s rule.';
COMMENT ON COLUMN mart.finding.findings IS 'How many findings of this code the submission has.';
COMMENT ON COLUMN mart.finding.received_at IS 'When the file was received.';
COMMENT ON COLUMN mart.finding.body_name IS 'Body that submitted it: name.';
COMMENT ON COLUMN mart.finding.body_name_en IS 'Body that submitted it: name in English.';
COMMENT ON COLUMN mart.finding.form_name IS 'English key of the form; unknown where none was found, as in mart.form.';
COMMENT ON COLUMN mart.finding.form_title IS 'Title of the form.';
COMMENT ON COLUMN mart.finding.form_title_en IS 'Title of the form in English.';
