-- A number: one for each cell of the grid, which the term multiplies.
SELECT
    g.area_key,
    g.period_key,
    1::numeric AS figure
FROM grid AS g
