"""What the audit chain records of a load: its row, and digests of the rows that it wrote beside the facts."""

from typing import Any

from sqlalchemy import Connection, Table, func, literal_column, select

from warehouse.integrity.digests import grouped_digests, in_utc
from warehouse.models.audit_tables import PURGE, WITHDRAWAL
from warehouse.models.tables import LOAD
from warehouse.models.target_tables import (
    INDICATOR_COVERAGE,
    REVISION_CAUSE,
    TARGET_BREAKDOWN_HISTORY,
    TARGET_INDICATOR_HISTORY,
)

# Tables whose rows refer to their load.
OF_LOAD: tuple[Table, ...] = (WITHDRAWAL, PURGE, REVISION_CAUSE)
# Tables whose rows have the moment of their load in a column. Several loads may have the same moment: the
# last one records the rows of all.
OF_MOMENT: dict[Table, str] = {
    TARGET_INDICATOR_HISTORY: "superseded_at",
    TARGET_BREAKDOWN_HISTORY: "superseded_at",
    INDICATOR_COVERAGE: "covered_since",
}


def load_record(connection: Connection, load_id: int) -> dict[str, Any]:
    """The payload of the event of a load: the columns of its row, and digests of rows by table.

    `rows` has those that refer to the load, `rows_of_moment` by plan those of its moment.
    """
    in_utc(connection)
    query = select(func.to_jsonb(literal_column(LOAD.name)), LOAD.c.started_at).where(
        LOAD.c.load_id == load_id
    )
    row, moment = connection.execute(query).one()
    rows = {
        table.fullname: digest
        for table in OF_LOAD
        for digest in grouped_digests(connection, table, [], table.c.load_id == load_id).values()
        if digest
    }
    rows_of_moment = {
        table.fullname: {plan: digest for (plan,), digest in found.items()}
        for table, column in OF_MOMENT.items()
        if (found := grouped_digests(connection, table, ["plan_code"], table.c[column] == moment))
    }
    return {**row, "rows": rows, "rows_of_moment": rows_of_moment}
