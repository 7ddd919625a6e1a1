-- Areas: one row per state of an area (what its code meant from valid_from to valid_to), with the area of
-- today in which it lies.
{% from 'macros/areas.sql' import present_areas %}
{% from 'macros/visibility.sql' import in_seen_areas %}
CREATE VIEW mart.area WITH (security_barrier) AS
{% call(source) in_seen_areas() %}
SELECT a.area_key, a.province_code, a.area_code, a.area_name, a.area_name_en, a.area_kind, a.area_level, a.parent_code,
    up.area_name AS parent_name, up.area_name_en AS parent_name_en, a.valid_from, a.valid_to, a.is_latest, t.area_code AS area_code_today,
    t.area_name AS area_name_today, t.is_divided, a.sort_key
FROM dw.dim_area a LEFT JOIN (
    {{ present_areas() }}
) t USING (area_key)
LEFT JOIN dw.dim_area up ON up.province_code = a.province_code AND up.area_code = a.parent_code
    AND up.valid_from <= a.valid_from AND up.valid_to > a.valid_from
WHERE a.valid_from < a.valid_to
UNION ALL
SELECT -1 AS area_key, NULL AS province_code, 'unknown' AS area_code, 'Không xác định' AS area_name,
    'Unknown' AS area_name_en, NULL AS area_kind, NULL AS area_level, NULL AS parent_code, NULL AS parent_name,
    NULL AS parent_name_en, NULL AS valid_from, NULL AS valid_to, TRUE AS is_latest, 'unknown' AS area_code_today,
    'Không xác định' AS area_name_today, FALSE AS is_divided, NULL AS sort_key
{% endcall %};

COMMENT ON VIEW mart.area IS
'Areas: one row per state with its days and the area of today in which it lies, and the row unknown (area_key -1).';
COMMENT ON COLUMN mart.area.area_key IS 'Key of the state; the form views have the same.';
COMMENT ON COLUMN mart.area.area_name_en IS 'Name in English: without diacritics, the kind last.';
COMMENT ON COLUMN mart.area.parent_name_en IS 'Area that it lies in: name in English.';
COMMENT ON COLUMN mart.area.province_code IS 'Province that reports are made to.';
COMMENT ON COLUMN mart.area.area_code IS 'Official code of the area.';
COMMENT ON COLUMN mart.area.area_name IS 'Name with the word before it.';
COMMENT ON COLUMN mart.area.area_kind IS 'The word before the name.';
COMMENT ON COLUMN mart.area.area_level IS 'Level: province, district or commune.';
COMMENT ON COLUMN mart.area.parent_code IS 'Area that it lies in: code.';
COMMENT ON COLUMN mart.area.parent_name IS 'Area that it lies in: name.';
COMMENT ON COLUMN mart.area.valid_from IS 'First day of this state.';
COMMENT ON COLUMN mart.area.valid_to IS 'First day after it.';
COMMENT ON COLUMN mart.area.is_latest IS 'Whether it is the last state of the code.';
COMMENT ON COLUMN mart.area.area_code_today IS
'Area of today in which it lies: code; of a divided area, the codes of all parts, joined.';
COMMENT ON COLUMN mart.area.area_name_today IS 'Area of today in which it lies: name.';
COMMENT ON COLUMN mart.area.is_divided IS 'Whether it was divided later.';
COMMENT ON COLUMN mart.area.sort_key IS 'Key that sorts names in Vietnamese order.';
