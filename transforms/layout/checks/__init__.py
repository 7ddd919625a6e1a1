"""Findings about a sheet that has been read: what stands above, in and around its table."""
