-- The periods of the grid.
SELECT DISTINCT
    period_key,
    window_start,
    window_end
FROM grid
