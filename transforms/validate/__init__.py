"""Validate batches of parsed sheets: Pandera schemas, cross-period checks, outliers."""
