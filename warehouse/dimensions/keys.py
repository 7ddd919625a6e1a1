"""The surrogate keys of the dimensions by natural code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from plans.model import Plan


@dataclass(frozen=True, slots=True)
class Keys:
    """The surrogate keys of the dimensions by natural code.

    Of a body or an area there is a key for each state, with its first day, in order; of a period its last.
    """

    bodies: Mapping[str, Sequence[tuple[date, int]]]
    areas: Mapping[str, Sequence[tuple[date, int]]]
    periods: Mapping[str, tuple[int, date]]

    def body(self, code: str, period: str) -> int:
        """The key of a body as it is at the end of a period."""
        return _begun(self.bodies[code], self.periods[period][1])

    def area(self, code: str, period: str) -> int:
        """The key of an area as it is at the end of a period, or was when it ended within."""
        return _begun(self.areas[code], self.periods[period][1])


def _begun(states: Sequence[tuple[date, int]], day: date) -> int:
    """The state that had begun last by a day; before the first one, that one."""
    return next((key for start, key in reversed(states) if start <= day), states[0][1])


def read_keys(connection: Connection, plan: Plan) -> Keys:
    """The keys of the plan's bodies and areas, and of all periods."""

    def states(of: str) -> dict[str, list[tuple[date, int]]]:
        found: dict[str, list[tuple[date, int]]] = {}
        rows = connection.execute(
            text(
                f"SELECT {of}_code, valid_from, {of}_key FROM dw.dim_{of}"
                " WHERE province_code = :province AND valid_from < valid_to ORDER BY valid_from"
            ),
            {"province": plan.area},
        )
        for code, start, key in rows:
            found.setdefault(code, []).append((start, key))
        return found

    periods = connection.execute(text("SELECT period_code, period_key, window_end FROM dw.dim_period"))
    return Keys(states("body"), states("area"), {row[0]: (row[1], row[2]) for row in periods})
