"""Alembic migrations of the warehouse."""
