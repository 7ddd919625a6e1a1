"""Compile targets to SQL, materialise the target tables, trace figures to cells."""
