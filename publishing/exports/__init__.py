"""The star schema as Parquet and the target table for DHIS2."""
