"""What the connected account may do in the warehouse."""

from enum import StrEnum

from sqlalchemy import Connection, column, select, table, text

from plans.errors import ChitieuError
from warehouse.sql_templates import read_sql

_PLAN = table("plan", column("plan_code"), column("definition_sha256"), schema="mart")


class Access(StrEnum):
    """The rights of an account: everything, reading everything, or reading mart alone."""

    FULL = "full"
    AUDITOR = "auditor"
    READER = "reader"


class AccessError(ChitieuError):
    """Something that the connected account may not do, in one sentence."""


def access_of(connection: Connection) -> Access:
    """Return the rights of the connected account; full in a database without a warehouse.

    Raises AccessError for an account without a role of the warehouse.
    """
    row = connection.execute(text(read_sql("queries/account_access"))).one()
    if row.reads_mart is False:
        raise AccessError(
            f"The account {row.account} has no role of the warehouse.",
            "Its owner makes one with chitieu account create NAME --as bi.",
        )
    if row.reads_dw is False:
        return Access.READER
    return Access.AUDITOR if row.writes is False else Access.FULL


def loaded_plans(connection: Connection) -> dict[str, str]:
    """Return the digests of the loaded plans by code, as readers of mart see them."""
    rows = connection.execute(
        select(_PLAN.c.plan_code, _PLAN.c.definition_sha256).order_by(_PLAN.c.plan_code)
    )
    return {row.plan_code: row.definition_sha256 for row in rows}
