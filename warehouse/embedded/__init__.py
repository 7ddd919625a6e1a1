"""The PostgreSQL server that is installed with the project and started on demand."""
