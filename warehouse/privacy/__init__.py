"""Small-count suppression and database roles."""
