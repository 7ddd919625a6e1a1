-- Bodies that report: one row per body of a province in its last state, and one for folders that are no body's.
{% from 'macros/visibility.sql' import of_seen_bodies %}
CREATE VIEW mart.body WITH (security_barrier) AS
{% call(source) of_seen_bodies() %}
SELECT b.province_code, b.body_code, b.body_name, b.body_name_en, b.short_name, b.body_level, a.area_key, a.area_code,
    a.area_name, a.area_name_en
FROM dw.dim_body b JOIN dw.dim_area a USING (area_key)
WHERE b.is_latest
UNION ALL
SELECT NULL AS province_code, 'unknown' AS body_code, 'Không xác định' AS body_name, 'Unknown' AS body_name_en,
    '' AS short_name, NULL AS body_level, -1 AS area_key, 'unknown' AS area_code,
    'Không xác định' AS area_name, 'Unknown' AS area_name_en
{% endcall %};

COMMENT ON VIEW mart.body IS 'Bodies that report, in their last state, and the row unknown.';
COMMENT ON COLUMN mart.body.province_code IS 'Province that it reports to.';
COMMENT ON COLUMN mart.body.body_code IS 'Code; its folder on the drives bears it.';
COMMENT ON COLUMN mart.body.body_name IS 'Name as letterheads have it.';
COMMENT ON COLUMN mart.body.body_name_en IS 'Name in English.';
COMMENT ON COLUMN mart.body.short_name IS 'Short name; empty where there is none.';
COMMENT ON COLUMN mart.body.body_level IS 'Level: province, district or commune.';
COMMENT ON COLUMN mart.body.area_key IS 'Area that it is responsible for: key of mart.area.';
COMMENT ON COLUMN mart.body.area_code IS 'Area that it is responsible for: code.';
COMMENT ON COLUMN mart.body.area_name IS 'Area that it is responsible for: name.';
COMMENT ON COLUMN mart.body.area_name_en IS 'Area that it is responsible for: name in English.';
