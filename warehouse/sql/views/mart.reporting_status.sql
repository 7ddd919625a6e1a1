-- Reporting status: one row per plan, body, form and period that a report is owed for, or that one came for without
-- being owed. Timeliness is that of the first valid report; a revision does not change it.
{% from 'macros/visibility.sql' import of_seen_bodies %}
CREATE VIEW mart.reporting_status WITH (security_barrier) AS
{% call(source) of_seen_bodies() %}
WITH sent AS (
    SELECT s.plan_code, s.body_code, s.form_code, s.period_code,
        (array_agg(s.received_at ORDER BY s.revision, s.submission_id) FILTER (WHERE s.revision IS NOT NULL))[1]
            AS received_at,
        max(s.revision) AS revision,
        (array_agg(s.submission_id ORDER BY s.revision DESC, s.submission_id DESC) FILTER (WHERE s.revision IS NOT NULL))[1]
            AS submission_id,
        bool_or(s.status = 'rejected') AS any_rejected,
        (array_agg(s.submission_id ORDER BY s.submission_id DESC) FILTER (WHERE s.status = 'rejected'))[1]
            AS rejected_id
    FROM (
        SELECT x.plan_code, x.body_code, x.form_code, x.period_code, x.received_at, x.submission_id, x.status,
            CASE WHEN w.submission_id IS NULL THEN x.revision END AS revision
        FROM audit.submission x LEFT JOIN audit.withdrawal w USING (submission_id)
    ) s
    WHERE s.form_code IS NOT NULL AND s.period_code IS NOT NULL
    GROUP BY s.plan_code, s.body_code, s.form_code, s.period_code
),
owed AS (
    SELECT pl.plan_code, b.body_code, b.body_name, b.body_name_en, b.area_key, fo.form_code, p.period_code, o.due_at, o.is_optional,
        o.waived_at
    FROM dw.reporting_obligation o JOIN dw.dim_plan pl USING (plan_key)
    JOIN dw.dim_body b USING (body_key) JOIN dw.dim_form fo USING (form_key)
    JOIN dw.dim_period p USING (period_key)
)
SELECT plan_code, body_code, coalesce(o.body_name, b.body_name, body_code) AS body_name, form_code,
    period_code, o.due_at, s.received_at,
    CASE
        WHEN s.revision IS NOT NULL AND (o.due_at IS NULL OR s.received_at <= o.due_at) THEN 'on_time'
        WHEN s.revision IS NOT NULL THEN 'late'
        WHEN o.waived_at IS NOT NULL THEN 'waived'
        WHEN s.any_rejected THEN 'rejected'
        WHEN o.due_at < audit.present() THEN 'missing'
        ELSE 'not_due'
    END AS status,
    s.revision, coalesce(s.submission_id, s.rejected_id) AS submission_id,
    coalesce(o.body_name_en, b.body_name_en, body_code) AS body_name_en,
    fo.form_name, fo.title_vi AS form_title, fo.title_en AS form_title_en, a.area_code, a.area_name, a.area_name_en,
    a.area_level, (o.due_at AT TIME ZONE pl.timezone)::date AS due_on,
    (s.received_at AT TIME ZONE pl.timezone)::date AS received_on,
    CASE
        WHEN s.revision IS NULL AND (o.waived_at IS NOT NULL OR o.due_at >= audit.present()) THEN NULL
        ELSE greatest(
            0,
            (CASE WHEN s.revision IS NOT NULL THEN s.received_at ELSE audit.present() END
                AT TIME ZONE pl.timezone)::date - (o.due_at AT TIME ZONE pl.timezone)::date
        )
    END AS days_late
FROM owed o FULL JOIN sent s USING (plan_code, body_code, form_code, period_code)
LEFT JOIN (SELECT plan_code, province_code, timezone, true AS is_latest FROM dw.dim_plan) pl USING (plan_code)
LEFT JOIN dw.dim_body b USING (province_code, body_code, is_latest)
LEFT JOIN dw.dim_form fo USING (form_code)
LEFT JOIN dw.dim_area a ON a.area_key = coalesce(o.area_key, b.area_key)
WHERE (o.plan_code IS NOT NULL AND NOT o.is_optional) OR s.revision IS NOT NULL
{% endcall %};

COMMENT ON VIEW mart.reporting_status IS
'Status of reports: one row per report that is owed, and per report that came without being owed.';
COMMENT ON COLUMN mart.reporting_status.plan_code IS 'Plan that requires it.';
COMMENT ON COLUMN mart.reporting_status.body_code IS 'Body: code.';
COMMENT ON COLUMN mart.reporting_status.body_name IS 'Body: name.';
COMMENT ON COLUMN mart.reporting_status.form_code IS 'Form: code.';
COMMENT ON COLUMN mart.reporting_status.period_code IS 'Period: code.';
COMMENT ON COLUMN mart.reporting_status.due_at IS 'Until when it is on time; empty where nothing was owed.';
COMMENT ON COLUMN mart.reporting_status.received_at IS 'When the first valid report came that is not withdrawn.';
COMMENT ON COLUMN mart.reporting_status.status IS 'on_time, late, missing, rejected, not_due or waived.';
COMMENT ON COLUMN mart.reporting_status.revision IS 'Revision in force; 0 is the first.';
COMMENT ON COLUMN mart.reporting_status.submission_id IS
'Submission in force, or the last one that was rejected.';
COMMENT ON COLUMN mart.reporting_status.body_name_en IS 'Body: name in English.';
COMMENT ON COLUMN mart.reporting_status.form_name IS 'Form: English key.';
COMMENT ON COLUMN mart.reporting_status.form_title IS 'Form: title.';
COMMENT ON COLUMN mart.reporting_status.form_title_en IS 'Form: title in English.';
COMMENT ON COLUMN mart.reporting_status.area_code IS 'Area that the body is responsible for: code.';
COMMENT ON COLUMN mart.reporting_status.area_name IS 'Area that the body is responsible for: name.';
COMMENT ON COLUMN mart.reporting_status.area_name_en IS 'Area that the body is responsible for: name in English.';
COMMENT ON COLUMN mart.reporting_status.area_level IS 'Area that the body is responsible for: level.';
COMMENT ON COLUMN mart.reporting_status.due_on IS 'Last day on which it is on time, in the time zone of the plan.';
COMMENT ON COLUMN mart.reporting_status.received_on IS
'Day on which the first valid report came, in the time zone of the plan.';
COMMENT ON COLUMN mart.reporting_status.days_late IS
'Days from the due day to the report, or to today where none came; 0 on time, empty where nothing is due.';
