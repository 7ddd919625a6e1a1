"""The surrogate keys of the dimensions by natural code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Table, select

from plans.model import Plan
from warehouse.models.tables import DIM_AREA, DIM_BODY, DIM_PERIOD


@dataclass(frozen=True, slots=True)
class Keys:
    """The surrogate keys of the dimensions by natural code.

    A body or an area has a key for each state, with its first day, in order; a period has its last day.
    """

    bodies: Mapping[str, Sequence[tuple[date, int]]]
    areas: Mapping[str, Sequence[tuple[date, int]]]
    periods: Mapping[str, tuple[int, date]]

    def body(self, code: str, period: str) -> int:
        """The key of a body as it is at the end of a period."""
        return _latest_state(self.bodies[code], self.periods[period][1])

    def area(self, code: str, period: str) -> int:
        """The key of an area as it is at the end of a period, or was when it ended within."""
        return _latest_state(self.areas[code], self.periods[period][1])


def _latest_state(states: Sequence[tuple[date, int]], day: date) -> int:
    """The key of the last state that had begun by a day; of the first one where none had."""
    return next((key for start, key in reversed(states) if start <= day), states[0][1])


def read_keys(connection: Connection, plan: Plan) -> Keys:
    """The keys of the plan's bodies, areas and periods."""
    columns = DIM_PERIOD.columns
    query = select(columns.period_code, columns.period_key, columns.window_end).where(
        columns.plan_code == plan.code
    )
    periods = {row.period_code: (row.period_key, row.window_end) for row in connection.execute(query)}
    return Keys(
        bodies=_states(connection, DIM_BODY, "body", plan.area),
        areas=_states(connection, DIM_AREA, "area", plan.area),
        periods=periods,
    )


def _states(
    connection: Connection, table: Table, name: str, province: str
) -> dict[str, list[tuple[date, int]]]:
    """The first day and key of each state in a dimension of type 2, by natural code."""
    columns = table.columns
    query = (
        select(columns[f"{name}_code"], columns.valid_from, columns[f"{name}_key"])
        .where(columns.province_code == province, columns.valid_from < columns.valid_to)
        .order_by(columns.valid_from)
    )
    states: dict[str, list[tuple[date, int]]] = {}
    for code, start, key in connection.execute(query):
        states.setdefault(code, []).append((start, key))
    return states
