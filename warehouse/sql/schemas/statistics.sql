-- Planner statistics of the figures' key: analyzed after each large load, at a sample of 20 in 20 ms instead of 120.
ALTER TABLE dw.target_indicator ALTER plan_code SET STATISTICS 20, ALTER target_code SET STATISTICS 20,
ALTER area_code SET STATISTICS 20, ALTER period_code SET STATISTICS 20;
