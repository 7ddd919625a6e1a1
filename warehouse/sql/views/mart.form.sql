-- Forms: one row per form, and one for submissions in which none was found.
CREATE VIEW mart.form AS
SELECT form_code, form_name, title_vi AS form_title, title_en AS form_title_en, is_sensitive
FROM dw.dim_form
UNION ALL
SELECT 'unknown' AS form_code, 'unknown' AS form_name, 'Không xác định' AS form_title, 'Unknown' AS form_title_en,
    FALSE AS is_sensitive;

COMMENT ON VIEW mart.form IS 'Report forms, and the row unknown for submissions in which no form was found.';
COMMENT ON COLUMN mart.form.form_code IS 'Code as printed.';
COMMENT ON COLUMN mart.form.form_name IS 'English key; the form''s view is mart.<key>.';
COMMENT ON COLUMN mart.form.form_title IS 'Title of the form.';
COMMENT ON COLUMN mart.form.form_title_en IS 'Title of the form in English.';
COMMENT ON COLUMN mart.form.is_sensitive IS 'Whether it counts persons in need.';
