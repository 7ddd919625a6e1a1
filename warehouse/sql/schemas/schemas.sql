-- The three schemas of the warehouse. Runs before the migrations, so it must be safe to repeat.
CREATE SCHEMA IF NOT EXISTS dw;
CREATE SCHEMA IF NOT EXISTS mart;
CREATE SCHEMA IF NOT EXISTS audit;
COMMENT ON SCHEMA dw IS 'The star schema: dimensions and facts.';
COMMENT ON SCHEMA mart IS 'The relations for BI tools.';
COMMENT ON SCHEMA audit IS 'Submissions, findings and the event chain.';
