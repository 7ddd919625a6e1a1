SELECT count(*)
FROM dw.dim_area
WHERE
    province_code = :province AND area_level = :level
    AND :area = ANY(ancestors) AND valid_from <= :window_end AND valid_to > :window_end
