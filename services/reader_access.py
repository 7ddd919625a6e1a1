"""Connections with the rights of readers: what they get is what the views of mart show them."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import ProgrammingError

from services.accounts import reader_url, role_of_kind
from services.context import AppContext
from warehouse.database import connect
from warehouse.form_catalog import catalog_of, with_catalog
from warehouse.privacy.access import AccessError
from warehouse.sql_templates import quote_identifier


@contextmanager
def reader_connection(context: AppContext, kind: str) -> Iterator[Connection]:
    """Connect as a kind of reader: bi, or area:CODE.

    Raises AccessError where the account of an own server cannot take the reader's role.
    """
    if context.settings.database_url is None:
        moment = context.now if context.settings.now else None
        engine = connect(reader_url(context, kind), moment)
        engine = with_catalog(engine, catalog_of(context.engine))
        with engine.connect() as connection:
            yield connection
        engine.dispose()
        return
    role = role_of_kind(context, kind)
    with context.engine.connect() as connection:
        _take_role(connection, role)
        yield connection
        connection.rollback()


def _take_role(connection: Connection, role: str) -> None:
    """Take a role until the transaction ends.

    An account that created the role may administer it, which since PostgreSQL 16 does not include taking it:
    such an account grants it to itself first. The grant ends with the transaction, which is rolled back.
    """
    name = quote_identifier(role)
    take = text(f"SET LOCAL ROLE {name}")
    try:
        with connection.begin_nested():
            connection.execute(take)
    except ProgrammingError as error:
        try:
            with connection.begin_nested():
                connection.execute(text(f"GRANT {name} TO CURRENT_USER"))
            connection.execute(take)
        except ProgrammingError:
            raise AccessError(
                f"The account of CHITIEU_DATABASE_URL cannot take the role {role}.",
                f"Let an administrator run: GRANT {name} TO the account.",
            ) from error
    if not connection.scalar(select(func.has_schema_privilege("mart", "USAGE"))):
        raise AccessError(f"The role {role} has no rights in this database.", "Run chitieu init.")
