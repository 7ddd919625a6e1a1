"""The database: tables, migrations, loading, targets, roles, and the server that comes along."""
