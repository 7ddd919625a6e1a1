"""Exports for other programs: Parquet, DHIS2, SDMX, Superset and dbt."""
