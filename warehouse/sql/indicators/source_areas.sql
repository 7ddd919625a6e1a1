{# The areas behind a count of areas that reach a target: 1 for each that does. #}
{% from "macros/grid.sql" import grid_relations %}
WITH
{{ grid_relations(grid) }}

SELECT
    d.area_code,
    d.area_name,
    (f.value IS NOT NULL AND f.is_reached)::int AS value
FROM ({{ term.inner }}) AS f
INNER JOIN dw.dim_area AS d USING (area_key)
INNER JOIN inside AS i ON f.area_key = i.area_key AND f.period_key = i.period_key
INNER JOIN grid AS g ON i.outer_key = g.area_key AND i.period_key = g.period_key
WHERE g.area_code = :area
ORDER BY d.area_code
