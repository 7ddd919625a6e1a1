"""Database roles: roles without login that an office grants to its accounts."""

import psycopg
from sqlalchemy import Connection, Engine, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError, ProgrammingError

from warehouse.bulk_copy import run_script
from warehouse.database import lock_in_transaction
from warehouse.models.tables import AREA_ACCESS
from warehouse.models.target_tables import FIGURE_TABLES, partitions
from warehouse.privacy.accounts import limit_statements
from warehouse.sql_templates import quote_identifier, quote_literal, render

READERS = ("chitieu_bi", "chitieu_auditor", "chitieu_area")
ROLES = {
    "chitieu_writer": "The pipeline: adds submissions and facts, supersedes facts, computes targets.",
    "chitieu_bi": "BI tools: read mart, small counts about persons withheld.",
    "chitieu_auditor": "Auditors: read everything, write nothing.",
    "chitieu_area": "Readers of one area: as BI tools, limited to the areas of their own roles.",
}


def create_roles(engine: Engine) -> list[str]:
    """Create the roles and grant their rights; safe to repeat.

    Returns a sentence for each step that the connected account may not do itself; that is no failure.
    """
    for role, comment in ROLES.items():
        with engine.begin() as connection:
            if not _create_role(connection, role, comment):
                return [
                    f"The role {role} could not be created: ask an administrator for"
                    f" {', '.join(ROLES)} and run chitieu init again."
                ]
    with engine.begin() as connection:
        lock_in_transaction(connection, "roles")
        run_script(
            connection,
            grants_sql(
                _tables(connection, "fact_"), _tables(connection, "dim_"), _tables(connection, "suppressed_")
            ),
        )
        run_script(connection, render("roles/database_limits"))
    return [warning for role in READERS for warning in _limit_role(engine, role)]


def _limit_role(engine: Engine, role: str) -> list[str]:
    """Give a reading role its timeouts, unless it has settings already; returns a warning if that fails.

    They are for an office that lets its readers log in as the role itself.
    """
    statements = limit_statements(role)
    with engine.begin() as connection:
        query = text("SELECT rolconfig IS NOT NULL FROM pg_roles WHERE rolname = :role")
        if connection.scalar(query, {"role": role}):
            return []
        try:
            run_script(connection, "\n".join(statements))
        except psycopg.errors.InsufficientPrivilege:
            connection.rollback()
            return [f"The role {role} has no timeouts: ask an administrator to run {' '.join(statements)}"]
        except (psycopg.errors.InternalError_, psycopg.errors.UniqueViolation):  # another database did it now
            connection.rollback()
    return []


def grants_sql(fact_tables: list[str], dimension_tables: list[str], suppressed_tables: list[str]) -> str:
    """The statements that grant the roles their rights."""
    of_figures = [name for table in FIGURE_TABLES for name in partitions(table)]
    return render(
        "roles/grants",
        roles=list(ROLES),
        fact_tables=fact_tables,
        dimension_tables=dimension_tables,
        derived_tables=[*of_figures, *suppressed_tables],
    )


def create_area_role(engine: Engine, province: str, area: str) -> str:
    """Create the role that sees one area of a province with all that lies in it; safe to repeat.

    Returns its name, to be granted to accounts. Raises ProgrammingError where the account may not do so.
    """
    role = f"chitieu_area_{area}"
    statement = insert(AREA_ACCESS).values(role_name=role, province_code=province, area_code=area)
    statement = statement.on_conflict_do_update(
        index_elements=[AREA_ACCESS.c.role_name],
        set_={
            "province_code": statement.excluded.province_code,
            "area_code": statement.excluded.area_code,
        },
    )
    with engine.begin() as connection:
        connection.execute(statement)
        if not _create_role(connection, role, f"Readers of the area {area} alone."):
            raise PermissionError(f"The role {role} could not be created: ask an administrator to run this.")
        run_script(connection, f"GRANT chitieu_area TO {quote_identifier(role)}")
    return role


def _create_role(connection: Connection, role: str, comment: str) -> bool:
    """Create a role of the server, unless it exists; another database may create it at the same moment."""
    if connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}):
        return True
    name = quote_identifier(role)
    try:
        with connection.begin_nested():
            run_script(
                connection,
                f"CREATE ROLE {name} NOLOGIN; COMMENT ON ROLE {name} IS {quote_literal(comment)}",
            )
    except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation, psycopg.errors.InternalError_):
        return True
    except (psycopg.errors.InsufficientPrivilege, ProgrammingError, DBAPIError):
        return False
    return True


def _tables(connection: Connection, prefix: str) -> list[str]:
    """The tables of schema dw with a prefix; tables of other schemas are not ours."""
    query = text("SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname = 'dw'")
    names = connection.execute(query).scalars()
    return sorted(name for name in names if name.startswith(f"dw.{prefix}"))
