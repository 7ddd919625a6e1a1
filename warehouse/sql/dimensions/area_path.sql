-- The rows of dw.area_path: for each state of an area, one row from each day on which the province or the district
-- above it changes. The rows of an area cover all days, so that a join by area and day finds exactly one.
WITH state AS MATERIALIZED (
    SELECT *
    FROM dw.dim_area
    WHERE valid_from < valid_to
),

stretch AS (
    SELECT
        area_key,
        day AS valid_from,
        lead(day, 1, '9999-12-31') OVER (PARTITION BY area_key ORDER BY day) AS valid_to
    FROM (
        SELECT
            area_key,
            date '0001-01-01' AS day
        FROM dw.dim_area
        UNION
        SELECT
            a.area_key,
            up.valid_from
        FROM dw.dim_area AS a
        INNER JOIN state AS up USING (province_code)
        WHERE up.area_code IN (a.province_code, a.parent_code)
    ) AS boundary
)

SELECT
    a.area_key,
    s.valid_from,
    s.valid_to,
    a.area_code,
    a.area_name,
    a.area_name_en,
    a.area_level,
    a.province_code,
    p.area_name AS province_name,
    p.area_name_en AS province_name_en,
    CASE a.area_level WHEN 'district' THEN a.area_code ELSE d.area_code END AS district_code,
    CASE a.area_level WHEN 'district' THEN a.area_name ELSE d.area_name END AS district_name,
    CASE a.area_level WHEN 'district' THEN a.area_name_en ELSE d.area_name_en END AS district_name_en,
    CASE a.area_level WHEN 'commune' THEN a.area_code END AS commune_code,
    CASE a.area_level WHEN 'commune' THEN a.area_name END AS commune_name,
    CASE a.area_level WHEN 'commune' THEN a.area_name_en END AS commune_name_en
FROM stretch AS s
INNER JOIN dw.dim_area AS a USING (area_key)
LEFT JOIN state AS p
    ON
        p.province_code = a.province_code AND p.area_code = a.province_code
        AND p.valid_from <= s.valid_from AND p.valid_to > s.valid_from
LEFT JOIN state AS d
    ON
        d.province_code = a.province_code AND d.area_code = a.parent_code AND d.area_level = 'district'
        AND d.valid_from <= s.valid_from AND d.valid_to > s.valid_from
