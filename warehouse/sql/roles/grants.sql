-- Rights of the product's roles on everything in the three schemas. Safe to repeat; runs after each migration,
-- because a view that was created again has lost its grants.
{% set all_roles = roles | map('ident') | join(', ') %}
REVOKE ALL ON ALL TABLES IN SCHEMA dw, mart, audit FROM PUBLIC, {{ all_roles }};
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA dw, audit FROM PUBLIC;

-- Readers: BI tools and area roles see the views of mart. They have no right on any table: a condition or a row policy
-- on a table that a reader queries shows through plans and counters what it hides, see macros/visibility.
GRANT USAGE ON SCHEMA mart TO chitieu_bi, chitieu_area;
GRANT SELECT ON ALL TABLES IN SCHEMA mart TO chitieu_bi, chitieu_area;
REVOKE SELECT ON mart.check_result, mart.drive_freshness FROM chitieu_area;  -- about the whole province
GRANT EXECUTE ON FUNCTION
audit.present(), audit.reader(), audit.reader_at_planning(), audit.areas_seen(name), audit.targets_withheld(name),
dw.targets_not_covered(timestamptz, name, text, text)
TO {{ all_roles }};

-- Auditors and the pipeline read everything.
GRANT USAGE ON SCHEMA dw, mart, audit TO chitieu_auditor, chitieu_writer;
GRANT SELECT ON ALL TABLES IN SCHEMA dw, mart, audit TO chitieu_auditor, chitieu_writer;
GRANT EXECUTE ON FUNCTION audit.uncovered_periods(timestamptz, text, text) TO chitieu_auditor, chitieu_writer;
GRANT EXECUTE ON FUNCTION audit.event_hash(bytea, bigint, timestamptz, timestamptz, text, text, text, text, jsonb)
TO chitieu_auditor;

-- The pipeline adds rows, supersedes facts and updates figures. Events and history come from functions and triggers.
-- Rows of partitions come through their table, suppressed rows from triggers.
GRANT INSERT ON ALL TABLES IN SCHEMA dw, audit TO chitieu_writer;
REVOKE INSERT ON dw.area_access, audit.event, audit.purge, dw.target_indicator_history, dw.target_breakdown_history,
{{ derived_tables | map('ident') | join(', ') }} FROM chitieu_writer;
GRANT EXECUTE ON FUNCTION audit.append_event(text, text, jsonb, timestamptz) TO chitieu_writer;
GRANT EXECUTE ON FUNCTION audit.remove_unasked_figures(text, timestamptz) TO chitieu_writer;
GRANT EXECUTE ON FUNCTION audit.remove_early_figures(text, timestamptz) TO chitieu_writer;
GRANT EXECUTE ON FUNCTION audit.end_blocking_readers(interval) TO chitieu_writer;
GRANT EXECUTE ON FUNCTION dw.code_range(text, text, text) TO chitieu_writer;
GRANT UPDATE ON dw.target_indicator, dw.target_breakdown, dw.outlier TO chitieu_writer;
GRANT UPDATE ON audit.lock, audit.drive_file, audit.drive_freshness, audit.schema_fingerprint TO chitieu_writer;
GRANT UPDATE, DELETE ON dw.reporting_obligation TO chitieu_writer;
GRANT DELETE ON dw.area_succession, dw.area_path, dw.bridge_area, dw.outlier TO chitieu_writer;
GRANT UPDATE (superseded_at) ON {{ fact_tables | map('ident') | join(', ') }} TO chitieu_writer;
GRANT UPDATE ON {{ dimension_tables | map('ident') | join(', ') }} TO chitieu_writer;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA dw, audit TO chitieu_writer;
