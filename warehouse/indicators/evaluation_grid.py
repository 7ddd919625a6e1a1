"""What all targets are computed over: the cells of the grid, the areas inside each, and the owed reports.

Each is a query, and a temporary table for a run over many targets: without statistics the planner misjudges
the sizes of subqueries and chooses nested loops that take seconds.

Parameters: :plan, :province, :year, :today, :periods and :areas (null means all), :as_of (null means now).
"""

from collections.abc import Mapping

from warehouse.sql_templates import read_sql

# A cell is an area as it exists at the end of a period. The order matters: later queries read earlier ones.
CELLS = {name: read_sql(f"indicators/{name}") for name in ("grid", "moments", "inside")}
REPORTS = {"owed": read_sql("indicators/owed")}


def _temporary(queries: Mapping[str, str]) -> tuple[str, ...]:
    """The statements that create the queries' results as temporary tables with statistics."""
    created = [f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {query}" for name, query in queries.items()]
    return (*created, f"ANALYZE {', '.join(queries)}")


GRID = _temporary(CELLS)
OWED = _temporary(REPORTS)
CLEAR = f"DROP TABLE {', '.join((*CELLS, *REPORTS))}"
