"""Planner statistics: gathered right after a large load, instead of by autovacuum a minute later."""

from collections.abc import Sequence

from sqlalchemy import Connection, cast, column, func, select, table
from sqlalchemy.dialects.postgresql import REGCLASS

from warehouse.bulk_copy import run_script

_PG_CLASS = table("pg_class", column("oid"), column("reltuples"))
_MIN_CHANGED_ROWS = 50  # with a tenth of the table: the threshold of autovacuum


def analyze_if_stale(connection: Connection, name: str, columns: Sequence[str], changed: int) -> None:
    """Analyze columns of a table ("schema.name") after `changed` rows, where autovacuum would.

    Autovacuum starts later, and until then readers get bad plans.
    """
    query = select(func.greatest(_PG_CLASS.c.reltuples, 0)).where(_PG_CLASS.c.oid == cast(name, REGCLASS))
    rows = float(connection.scalar(query) or 0)
    if changed > _MIN_CHANGED_ROWS + rows / 10:
        run_script(connection, f"ANALYZE {name} ({', '.join(columns)})")
