-- The periods of the grid.
SELECT DISTINCT
    period_key,
    window_end
FROM grid
