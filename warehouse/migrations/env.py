"""Alembic's environment: it runs on the connection of `warehouse.migrations.upgrade`."""

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
