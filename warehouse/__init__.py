"""The PostgreSQL warehouse: tables, loading, indicators, history, privacy, integrity."""
