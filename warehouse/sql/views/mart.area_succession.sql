-- Changes of areas: one row per old area, new area and day. Names come from the states before and after the day.
CREATE VIEW mart.area_succession AS
SELECT s.from_day, s.old_province_code, s.old_area_code, o.area_name AS old_area_name, s.new_province_code,
    s.new_area_code, n.area_name AS new_area_name, s.kind, s.extent, s.decree
FROM dw.area_succession s
LEFT JOIN dw.dim_area o ON o.province_code = s.old_province_code AND o.area_code = s.old_area_code
    AND o.valid_from < s.from_day AND o.valid_to >= s.from_day
LEFT JOIN dw.dim_area n ON n.province_code = s.new_province_code AND n.area_code = s.new_area_code
    AND n.valid_from <= s.from_day AND n.valid_to > s.from_day;

COMMENT ON VIEW mart.area_succession IS
'Changes of areas: merged into others, split, renamed or moved, from which day, by which decree.';
COMMENT ON COLUMN mart.area_succession.from_day IS 'First day of the change.';
COMMENT ON COLUMN mart.area_succession.old_province_code IS 'Province of the old area.';
COMMENT ON COLUMN mart.area_succession.old_area_code IS 'Old area: code.';
COMMENT ON COLUMN mart.area_succession.old_area_name IS
'Old area: name; empty where no plan of its province is loaded.';
COMMENT ON COLUMN mart.area_succession.new_province_code IS 'Province of the new area.';
COMMENT ON COLUMN mart.area_succession.new_area_code IS
'New area, in which the old one or a part of it lies: code.';
COMMENT ON COLUMN mart.area_succession.new_area_name IS
'New area, in which the old one or a part of it lies: name.';
COMMENT ON COLUMN mart.area_succession.kind IS 'merged, split, renamed or moved.';
COMMENT ON COLUMN mart.area_succession.extent IS 'whole or part: how much of the old area.';
COMMENT ON COLUMN mart.area_succession.decree IS 'The decree that ordered it.';
