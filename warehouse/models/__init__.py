"""SQLAlchemy tables, fixed and derived from form declarations."""
