"""Views and functions of the database derived from declarations."""
