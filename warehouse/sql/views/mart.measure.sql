-- Measures of the forms: one row per form and measure, with its labels and additivity.
CREATE VIEW mart.measure AS
SELECT f.form_code, f.form_name, f.title_vi AS form_title, m.measure_name, m.label_vi, m.label_en, m.group_vi,
    m.unit, m.kind, m.is_additive_over_areas, m.is_additive_over_time,
    m.is_additive_over_codes, f.title_en AS form_title_en,
    CASE WHEN m.is_additive_over_areas THEN 'sum' ELSE 'none' END AS aggregation_over_areas,
    CASE m.kind WHEN 'flow' THEN 'sum' WHEN 'opening_stock' THEN 'first' ELSE 'last' END AS aggregation_over_time
FROM dw.dim_measure m JOIN dw.dim_form f USING (form_key);

COMMENT ON VIEW mart.measure IS
'Measures of the forms, their labels and additivity.';
COMMENT ON COLUMN mart.measure.form_code IS 'Code of the form, as printed.';
COMMENT ON COLUMN mart.measure.form_name IS 'English key of the form; its view is mart.<key>.';
COMMENT ON COLUMN mart.measure.form_title IS 'Title of the form.';
COMMENT ON COLUMN mart.measure.measure_name IS 'English key; the name of the column in the form''s view.';
COMMENT ON COLUMN mart.measure.label_vi IS 'Label as printed.';
COMMENT ON COLUMN mart.measure.label_en IS 'Label in English.';
COMMENT ON COLUMN mart.measure.group_vi IS
'Label of the merged header cell above; empty where there is none.';
COMMENT ON COLUMN mart.measure.unit IS 'Unit of measure.';
COMMENT ON COLUMN mart.measure.kind IS 'flow, stock, opening_stock, flag or score: how it adds up over time.';
COMMENT ON COLUMN mart.measure.is_additive_over_areas IS 'Whether figures of several areas add up.';
COMMENT ON COLUMN mart.measure.is_additive_over_time IS 'Whether figures of several periods add up.';
COMMENT ON COLUMN mart.measure.is_additive_over_codes IS
'Whether figures of several codes add up: false for stocks that are counted again under each code.';
COMMENT ON COLUMN mart.measure.form_title_en IS 'Title of the form in English.';
COMMENT ON COLUMN mart.measure.aggregation_over_areas IS 'sum, or none: choose one area.';
COMMENT ON COLUMN mart.measure.aggregation_over_time IS
'sum; last or first: the value of the last or first period of the range.';
