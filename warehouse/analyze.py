"""What the planner knows of a table: told at once after a large load, instead of a minute later."""

from collections.abc import Sequence

from sqlalchemy import Connection, text

from warehouse.bulk_copy import run_script


def analyze_if_stale(connection: Connection, table: str, columns: Sequence[str], changed: int) -> None:
    """Gather the statistics of columns of a table where so many of its rows changed that the server would.

    By the server's own rule, a tenth of the table; but it waits, and readers meanwhile wait for theirs.
    """
    known = connection.scalar(
        text("SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = CAST(:table AS regclass)"),
        {"table": table},
    )
    if changed > 50 + float(known or 0) / 10:
        run_script(connection, f"ANALYZE {table} ({', '.join(columns)})")
