"""Alembic's way into the database: on the connection that `warehouse.migrations.upgrade` hands over."""

from alembic import context

from warehouse.models.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table_schema="audit",
    include_schemas=True,
    transactional_ddl=True,
)
context.run_migrations()
