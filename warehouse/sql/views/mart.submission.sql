-- Submissions without file names, which may hold a name: what lineage in mart leads to. An auditor finds the file in
-- audit.submission by the same number.
{% from 'macros/suppression.sql' import warnings_shown %}
{% from 'macros/visibility.sql' import of_seen_bodies %}
CREATE VIEW mart.submission WITH (security_barrier) AS
{% call(source) of_seen_bodies() %}
SELECT s.submission_id, s.load_id, s.plan_code, coalesce(b.body_code, 'unknown') AS body_code,
    coalesce(b.body_name, s.body_code) AS body_name,
    coalesce(b.body_name_en, s.body_code) AS body_name_en, coalesce(fo.form_code, 'unknown') AS form_code,
    coalesce(p.period_code, 'unknown') AS period_code, s.revision,
{% if source == "everything" %}
    s.status,
{% else %}
    CASE WHEN s.status = 'accepted_with_warnings' AND {{ warnings_shown(forms, source, "s") }} = 0 THEN 'accepted'
        ELSE s.status END AS status,
{% endif %}
    s.received_at, s.ingested_at, s.error_count, {{ warnings_shown(forms, source, "s") }} AS warning_count,
    {{ "s.sha256" if source == "everything" else "NULL::text AS sha256" }}, s.is_declared_correction,
    w.submission_id IS NOT NULL AS is_withdrawn
FROM audit.submission s
LEFT JOIN audit.withdrawal w USING (submission_id)
LEFT JOIN dw.dim_plan pl USING (plan_code)
LEFT JOIN dw.dim_form fo USING (form_code)
LEFT JOIN dw.dim_period p ON p.plan_code = s.plan_code AND p.period_code = s.period_code
LEFT JOIN dw.dim_body b ON b.province_code = pl.province_code AND b.body_code = s.body_code AND b.is_latest
{% endcall %};

COMMENT ON VIEW mart.submission IS
'Submissions: one row per sheet that is a form, and one per file in which no form was found.';
COMMENT ON COLUMN mart.submission.submission_id IS 'Number of the submission; rows of the form views refer to it.';
COMMENT ON COLUMN mart.submission.load_id IS 'Load that it belongs to.';
COMMENT ON COLUMN mart.submission.plan_code IS 'Plan under which it was ingested.';
COMMENT ON COLUMN mart.submission.body_code IS 'Body whose folder it lay in: code; unknown for a folder of none.';
COMMENT ON COLUMN mart.submission.body_name IS
'Body whose folder it lay in: name; of a folder of none the name of the folder.';
COMMENT ON COLUMN mart.submission.body_name_en IS 'Body whose folder it lay in: name in English.';
COMMENT ON COLUMN mart.submission.form_code IS 'Form; unknown where none was found, as in mart.form.';
COMMENT ON COLUMN mart.submission.period_code IS
'Period; unknown where none of the plan was found, as in mart.calendar.';
COMMENT ON COLUMN mart.submission.revision IS
'0 for the first valid report, then 1, 2; empty where it was not accepted.';
COMMENT ON COLUMN mart.submission.status IS
'accepted, accepted_with_warnings, rejected, duplicate or ignored.';
COMMENT ON COLUMN mart.submission.received_at IS 'When the file was received.';
COMMENT ON COLUMN mart.submission.ingested_at IS 'When it was ingested.';
COMMENT ON COLUMN mart.submission.error_count IS 'How many errors were found.';
COMMENT ON COLUMN mart.submission.warning_count IS 'How many warnings were found.';
COMMENT ON COLUMN mart.submission.sha256 IS
'Hash of the file; empty where it was too large to read, and for readers from whom counts are withheld.';
COMMENT ON COLUMN mart.submission.is_declared_correction IS 'Whether the sheet declares itself a correction.';
COMMENT ON COLUMN mart.submission.is_withdrawn IS 'Whether it was taken back.';
