-- Quality of loads over time: one row per load, plan, form, body and severity of its worst finding.
{% from 'macros/suppression.sql' import warnings_shown %}
{% from 'macros/visibility.sql' import of_seen_bodies %}
CREATE VIEW mart.data_quality_trend WITH (security_barrier) AS
{% call(source) of_seen_bodies() %}
SELECT l.load_id, l.started_at, (l.started_at AT TIME ZONE coalesce(pl.timezone, 'UTC'))::date AS loaded_on,
    s.plan_code, coalesce(fo.form_code, 'unknown') AS form_code,
    coalesce(fo.title_vi, 'Không xác định') AS form_title, coalesce(fo.title_en, 'Unknown') AS form_title_en,
    coalesce(b.body_code, 'unknown') AS body_code, coalesce(b.body_name, s.body_code) AS body_name,
    coalesce(b.body_name_en, s.body_code) AS body_name_en,
    CASE WHEN s.error_count > 0 THEN 'error' WHEN s.warning_count > 0 THEN 'warning' ELSE 'none' END AS severity,
    count(*)::int AS submissions,
    (count(*) FILTER (WHERE s.revision IS NOT NULL))::int AS accepted,
    (count(*) FILTER (WHERE s.status = 'rejected'))::int AS rejected,
    sum(s.error_count)::int AS errors, sum(s.warning_count)::int AS warnings
FROM audit.load l
{% if source == "everything" %}
JOIN audit.submission s USING (load_id)
{% else %}
JOIN (
    SELECT s.load_id, s.submission_id, s.plan_code, s.form_code, s.body_code, s.revision, s.status, s.error_count,
        {{ warnings_shown(forms, source, "s") }} AS warning_count
    FROM audit.submission s
) s USING (load_id)
{% endif %}
LEFT JOIN dw.dim_form fo USING (form_code)
LEFT JOIN dw.dim_plan pl ON pl.plan_code = s.plan_code
LEFT JOIN dw.dim_body b ON b.province_code = pl.province_code AND b.body_code = s.body_code AND b.is_latest
GROUP BY l.load_id, l.started_at, pl.timezone, s.plan_code, fo.form_code, fo.title_vi, fo.title_en, s.body_code,
    b.body_code, b.body_name, b.body_name_en,
    CASE WHEN s.error_count > 0 THEN 'error' WHEN s.warning_count > 0 THEN 'warning' ELSE 'none' END
{% endcall %};

COMMENT ON VIEW mart.data_quality_trend IS
'Submissions and findings of each load, by form, body and severity: how quality develops.';
COMMENT ON COLUMN mart.data_quality_trend.load_id IS 'Load.';
COMMENT ON COLUMN mart.data_quality_trend.started_at IS 'Present moment of the load.';
COMMENT ON COLUMN mart.data_quality_trend.loaded_on IS 'Day of the load in the time zone of the plan.';
COMMENT ON COLUMN mart.data_quality_trend.plan_code IS 'Plan under which it was submitted.';
COMMENT ON COLUMN mart.data_quality_trend.form_code IS 'Form: code; unknown where none was found.';
COMMENT ON COLUMN mart.data_quality_trend.form_title IS 'Form: title.';
COMMENT ON COLUMN mart.data_quality_trend.form_title_en IS 'Form: title in English.';
COMMENT ON COLUMN mart.data_quality_trend.body_code IS 'Body: code.';
COMMENT ON COLUMN mart.data_quality_trend.body_name IS 'Body: name.';
COMMENT ON COLUMN mart.data_quality_trend.body_name_en IS 'Body: name in English.';
COMMENT ON COLUMN mart.data_quality_trend.severity IS
'Severity of the worst finding of the submissions: error, warning or none.';
COMMENT ON COLUMN mart.data_quality_trend.submissions IS 'How many submissions it has.';
COMMENT ON COLUMN mart.data_quality_trend.accepted IS 'How many of them were accepted.';
COMMENT ON COLUMN mart.data_quality_trend.rejected IS 'How many of them were rejected.';
COMMENT ON COLUMN mart.data_quality_trend.errors IS 'How many errors they have.';
COMMENT ON COLUMN mart.data_quality_trend.warnings IS 'How many warnings they have.';
