-- mart.commune_status: the current rows of form 05-PCMD with names beside codes, one per row of a sheet.
-- Readers who may not see small counts about persons get the suppressed form of the rows, in which these are null.
CREATE VIEW mart.commune_status WITH (security_barrier) AS
SELECT v.* FROM (
WITH unmerged AS (SELECT)
SELECT
    p.plan_code,
    p.year,
    p.period_code,
    p.name_vi AS period_name,
    p.name_en AS period_name_en,
    p.window_start,
    p.window_end,
    b.body_code,
    b.body_name,
    b.body_name_en,
    a.area_code,
    a.area_name,
    a.area_level,
    a.area_key,
    a.area_name_en,
    a.province_code,
    a.province_name,
    a.province_name_en,
    a.district_code,
    a.district_name,
    a.district_name_en,
    a.commune_code,
    a.commune_name,
    a.commune_name_en,
    f.free_of_prostitution,
    f.plan_deployed,
    f.volunteer_team,
    f.hotspots,
    f.sanctioned,
    f.managed,
    f.inspected,
    f.score,
    f.classification,
    l_classification.label_vi AS classification_label,
    l_classification.label_en AS classification_label_en,
    l_classification.sort_order AS classification_sort,
    f.is_suppressed,
    f.submission_id,
    f.recorded_at
FROM (SELECT *, FALSE AS is_suppressed FROM dw.fact_commune_status WHERE superseded_at IS NULL) AS f
INNER JOIN dw.dim_body AS b USING (body_key)
INNER JOIN dw.dim_period AS p USING (period_key)
INNER JOIN dw.area_path AS a
    ON f.area_key = a.area_key AND a.valid_from <= p.window_end AND a.valid_to > p.window_end
INNER JOIN dw.dim_classification AS l_classification ON f.classification = l_classification.code

) AS v
WHERE audit.reader_at_planning() IN ('all') AND (SELECT audit.reader()) IN ('all')
UNION ALL
SELECT v.* FROM (
WITH unmerged AS (SELECT)
SELECT
    p.plan_code,
    p.year,
    p.period_code,
    p.name_vi AS period_name,
    p.name_en AS period_name_en,
    p.window_start,
    p.window_end,
    b.body_code,
    b.body_name,
    b.body_name_en,
    a.area_code,
    a.area_name,
    a.area_level,
    a.area_key,
    a.area_name_en,
    a.province_code,
    a.province_name,
    a.province_name_en,
    a.district_code,
    a.district_name,
    a.district_name_en,
    a.commune_code,
    a.commune_name,
    a.commune_name_en,
    f.free_of_prostitution,
    f.plan_deployed,
    f.volunteer_team,
    f.hotspots,
    f.sanctioned,
    f.managed,
    f.inspected,
    f.score,
    f.classification,
    l_classification.label_vi AS classification_label,
    l_classification.label_en AS classification_label_en,
    l_classification.sort_order AS classification_sort,
    f.is_suppressed,
    f.submission_id,
    f.recorded_at
FROM (
    SELECT
        fact_id,
        submission_id,
        load_id,
        body_key,
        period_key,
        area_key,
        free_of_prostitution,
        plan_deployed,
        volunteer_team,
        hotspots,
        NULL::bigint AS sanctioned,
        managed,
        inspected,
        score,
        classification,
        source_sheet,
        source_row,
        recorded_at,
        TRUE AS is_suppressed
    FROM dw.fact_commune_status
    WHERE superseded_at IS NULL
) AS f
INNER JOIN dw.dim_body AS b USING (body_key)
INNER JOIN dw.dim_period AS p USING (period_key)
INNER JOIN dw.area_path AS a
    ON f.area_key = a.area_key AND a.valid_from <= p.window_end AND a.valid_to > p.window_end
INNER JOIN dw.dim_classification AS l_classification ON f.classification = l_classification.code

) AS v
WHERE audit.reader_at_planning() IN ('bi') AND (SELECT audit.reader()) IN ('bi')
UNION ALL
SELECT fenced.* FROM (
    WITH visible AS MATERIALIZED (
        SELECT v.* FROM (
SELECT
    p.plan_code,
    p.year,
    p.period_code,
    p.name_vi AS period_name,
    p.name_en AS period_name_en,
    p.window_start,
    p.window_end,
    b.body_code,
    b.body_name,
    b.body_name_en,
    a.area_code,
    a.area_name,
    a.area_level,
    a.area_key,
    a.area_name_en,
    a.province_code,
    a.province_name,
    a.province_name_en,
    a.district_code,
    a.district_name,
    a.district_name_en,
    a.commune_code,
    a.commune_name,
    a.commune_name_en,
    f.free_of_prostitution,
    f.plan_deployed,
    f.volunteer_team,
    f.hotspots,
    f.sanctioned,
    f.managed,
    f.inspected,
    f.score,
    f.classification,
    l_classification.label_vi AS classification_label,
    l_classification.label_en AS classification_label_en,
    l_classification.sort_order AS classification_sort,
    f.is_suppressed,
    f.submission_id,
    f.recorded_at
FROM (
    SELECT
        fact_id,
        submission_id,
        load_id,
        body_key,
        period_key,
        area_key,
        free_of_prostitution,
        plan_deployed,
        volunteer_team,
        hotspots,
        NULL::bigint AS sanctioned,
        managed,
        inspected,
        score,
        classification,
        source_sheet,
        source_row,
        recorded_at,
        TRUE AS is_suppressed
    FROM dw.fact_commune_status
    WHERE superseded_at IS NULL
) AS f
INNER JOIN dw.dim_body AS b USING (body_key)
INNER JOIN dw.dim_period AS p USING (period_key)
INNER JOIN dw.area_path AS a
    ON f.area_key = a.area_key AND a.valid_from <= p.window_end AND a.valid_to > p.window_end
INNER JOIN dw.dim_classification AS l_classification ON f.classification = l_classification.code

        ) AS v
        WHERE
            v.area_code = ANY(((SELECT audit.areas_seen(current_user)) COLLATE "default"))
    )

    SELECT * FROM visible
) AS fenced
WHERE audit.reader_at_planning() IN ('area') AND (SELECT audit.reader()) IN ('area');

COMMENT ON VIEW mart.commune_status IS
'Form 05-PCMD (ĐÁNH GIÁ XÃ, PHƯỜNG, THỊ TRẤN LÀM TỐT CÔNG TÁC PHÒNG, CHỐNG TỆ NẠN MẠI DÂM): the current rows, names beside codes.';
COMMENT ON COLUMN mart.commune_status.plan_code IS 'Plan that the report belongs to.';
COMMENT ON COLUMN mart.commune_status.year IS 'Year that the period is named after.';
COMMENT ON COLUMN mart.commune_status.period_code IS 'Period: code.';
COMMENT ON COLUMN mart.commune_status.period_name IS 'Period: name.';
COMMENT ON COLUMN mart.commune_status.period_name_en IS 'Period: name in English.';
COMMENT ON COLUMN mart.commune_status.window_start IS 'First day of the window.';
COMMENT ON COLUMN mart.commune_status.window_end IS 'Last day of the window.';
COMMENT ON COLUMN mart.commune_status.body_code IS 'Body that reported: code.';
COMMENT ON COLUMN mart.commune_status.body_name IS 'Body that reported: name.';
COMMENT ON COLUMN mart.commune_status.body_name_en IS 'Body that reported: name in English.';
COMMENT ON COLUMN mart.commune_status.area_code IS 'Area: code.';
COMMENT ON COLUMN mart.commune_status.area_name IS 'Area: name.';
COMMENT ON COLUMN mart.commune_status.area_level IS 'Area: level.';
COMMENT ON COLUMN mart.commune_status.area_key IS
'Area as it was in the window: key of mart.area. A join on it does not multiply rows.';
COMMENT ON COLUMN mart.commune_status.area_name_en IS 'Area: name in English.';
COMMENT ON COLUMN mart.commune_status.province_code IS 'Province of the area: code.';
COMMENT ON COLUMN mart.commune_status.province_name IS 'Province of the area: name in the window.';
COMMENT ON COLUMN mart.commune_status.province_name_en IS 'Province of the area: name in English.';
COMMENT ON COLUMN mart.commune_status.district_code IS 'District of the area, or the area itself: code.';
COMMENT ON COLUMN mart.commune_status.district_name IS 'District of the area: name in the window.';
COMMENT ON COLUMN mart.commune_status.district_name_en IS 'District of the area: name in English.';
COMMENT ON COLUMN mart.commune_status.commune_code IS 'Code of the area where it is a commune.';
COMMENT ON COLUMN mart.commune_status.commune_name IS 'Name of the area where it is a commune.';
COMMENT ON COLUMN mart.commune_status.commune_name_en IS 'Name in English of the area where it is a commune.';
COMMENT ON COLUMN mart.commune_status.free_of_prostitution IS
'Không có tệ nạn mại dâm.';
COMMENT ON COLUMN mart.commune_status.plan_deployed IS
'Đã triển khai kế hoạch phòng, chống mại dâm.';
COMMENT ON COLUMN mart.commune_status.volunteer_team IS
'Có Đội công tác xã hội tình nguyện.';
COMMENT ON COLUMN mart.commune_status.hotspots IS
'Số tụ điểm (tụ điểm).';
COMMENT ON COLUMN mart.commune_status.sanctioned IS
'Số người bị xử phạt hành chính (người).';
COMMENT ON COLUMN mart.commune_status.managed IS
'Số cơ sở đang quản lý (cơ sở).';
COMMENT ON COLUMN mart.commune_status.inspected IS
'Số cơ sở được kiểm tra lần đầu trong năm (cơ sở).';
COMMENT ON COLUMN mart.commune_status.score IS
'Điểm đánh giá.';
COMMENT ON COLUMN mart.commune_status.classification IS
'Xếp loại.';
COMMENT ON COLUMN mart.commune_status.classification_label IS
'Xếp loại: label.';
COMMENT ON COLUMN mart.commune_status.classification_label_en IS
'Xếp loại: label in English.';
COMMENT ON COLUMN mart.commune_status.classification_sort IS
'Xếp loại: place in the code list, to sort labels by.';
COMMENT ON COLUMN mart.commune_status.is_suppressed IS
'Whether small counts about persons, and the counts linked to them, are withheld from you.';
COMMENT ON COLUMN mart.commune_status.submission_id IS 'Submission of the row.';
COMMENT ON COLUMN mart.commune_status.recorded_at IS 'When it was recorded.';
