{# The figure of a term without source cells, in one area for the period of the grid. #}
{% from "macros/grid.sql" import grid_relations %}
WITH
{{ grid_relations(grid) }}

SELECT
    g.area_code,
    t.figure AS value
FROM (
    {% include "indicators/functions/" ~ term.function.name ~ ".sql" %}

) AS t
INNER JOIN grid AS g USING (area_key, period_key)
WHERE g.area_code = :area
