"""What the audit chain records of a load: its row, and digests of the rows that it wrote beside the facts."""

from typing import Any

from sqlalchemy import Connection, Subquery, Table, func, literal_column, select, union

from warehouse.integrity.digests import grouped_digests, in_utc
from warehouse.models.audit_tables import PURGE, WITHDRAWAL
from warehouse.models.tables import LOAD
from warehouse.models.target_tables import (
    INDICATOR_COVERAGE,
    REVISION_CAUSE,
    TARGET_BREAKDOWN,
    TARGET_BREAKDOWN_HISTORY,
    TARGET_INDICATOR,
    TARGET_INDICATOR_HISTORY,
)

# Tables whose rows refer to their load.
OF_LOAD: tuple[Table, ...] = (WITHDRAWAL, PURGE, REVISION_CAUSE)


def _computed(table: Table, history: Table) -> Subquery:
    """The keys of the figures by the moment at which they were computed, whether current or replaced."""
    names = [*(column.name for column in table.primary_key), "computed_at"]
    return union(*(select(*(t.c[name] for name in names)) for t in (table, history))).subquery("computed")


# By name, relations whose rows have the moment of their load in a column. Several loads may have the same
# moment: the last one records the rows of all.
OF_MOMENT: dict[str, tuple[Table | Subquery, str]] = {
    TARGET_INDICATOR.fullname: (_computed(TARGET_INDICATOR, TARGET_INDICATOR_HISTORY), "computed_at"),
    TARGET_BREAKDOWN.fullname: (_computed(TARGET_BREAKDOWN, TARGET_BREAKDOWN_HISTORY), "computed_at"),
    TARGET_INDICATOR_HISTORY.fullname: (TARGET_INDICATOR_HISTORY, "superseded_at"),
    TARGET_BREAKDOWN_HISTORY.fullname: (TARGET_BREAKDOWN_HISTORY, "superseded_at"),
    INDICATOR_COVERAGE.fullname: (INDICATOR_COVERAGE, "covered_since"),
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
        name: {plan: digest for (plan,), digest in found.items()}
        for name, (relation, column) in OF_MOMENT.items()
        if (found := grouped_digests(connection, relation, ["plan_code"], relation.c[column] == moment))
    }
    return {**row, "rows": rows, "rows_of_moment": rows_of_moment}
