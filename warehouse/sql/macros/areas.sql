{# From each state of an area to the area of today in which it lies: one row per area_key. A divided area has all its
   parts, joined; one whose parts have another level (a former district) has its province. Materialized, so that the
   planner computes it once; joined to provinces from the left, so that it knows the number of rows. #}
{% macro present_areas() -%}
WITH present_state AS (
        SELECT d.area_key, string_agg(l.area_code, '+' ORDER BY l.area_code) AS area_codes,
            string_agg(l.area_name, ' + ' ORDER BY l.area_code) AS area_names, d.area_level,
            bool_and(l.area_level = d.area_level) OR count(*) = 1 AS of_one_level,
            min(l.province_code) AS province_code, count(*) > 1 AS is_divided
        FROM (SELECT area_key, area_key AS later_area_key FROM dw.dim_area
            UNION ALL SELECT area_key, later_area_key FROM dw.bridge_area) b
        JOIN dw.dim_area d ON d.area_key = b.area_key
        JOIN dw.dim_area l ON l.area_key = b.later_area_key
            AND l.valid_from <= audit.present()::date AND l.valid_to > audit.present()::date
        GROUP BY d.area_key, d.area_level
    ),
    present AS MATERIALIZED (
        SELECT s.area_key, CASE WHEN of_one_level THEN s.area_codes ELSE p.area_code END AS area_code,
            CASE WHEN of_one_level THEN s.area_names ELSE p.area_name END AS area_name,
            CASE WHEN of_one_level THEN s.area_level ELSE p.area_level END AS area_level,
            s.province_code, s.is_divided
        FROM present_state s LEFT JOIN dw.dim_area p ON p.province_code = s.province_code
            AND p.area_code = s.province_code AND p.is_latest
    )
    SELECT * FROM present
{%- endmacro %}
