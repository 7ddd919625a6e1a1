"""The attack of somebody who has all that BI tools see, and knows the rules of the forms: integer programs.

For each withheld count it finds the smallest and the largest value that contradict nothing: neither the rules of
its row, nor the fact that its group was withheld, nor a sum that is published.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import highspy

from schemas.declaration import Form, RuleScope, Severity

LARGEST = 10_000
SMALL = 4
Cell = tuple[int, str]  # number of the row, count
Interval = tuple[int, int]


@dataclass
class Sum:
    """A published sum of a count over some rows."""

    count: str
    rows: Sequence[int]
    value: int


@dataclass
class Attack:
    """What is known: rows as shown, withheld counts being None, and sums.

    `for_small_counts`: that a row is withheld says that one of its counts is small, or was.
    """

    form: Form
    rows: Sequence[Mapping[str, Any]]
    group: Sequence[str]
    sums: Sequence[Sum] = ()
    for_small_counts: bool = True
    solver: highspy.Highs = field(default_factory=highspy.Highs)
    unknown: dict[Cell, Any] = field(default_factory=dict)

    def intervals(self) -> dict[Cell, Interval]:
        """The smallest and largest possible value of each withheld count of the group."""
        self.solver.silent()
        for number, row in enumerate(self.rows):
            if row[self.group[0]] is None:
                self._add_row(number, row)
        for known in self.sums:
            visible = sum(self.rows[n][known.count] or 0 for n in known.rows)
            withheld = [self.unknown[n, known.count] for n in known.rows if (n, known.count) in self.unknown]
            if withheld:
                self.solver.addConstr(self.solver.qsum(withheld) == known.value - visible)
        return {cell: (self._extreme(cell, 1), self._extreme(cell, -1)) for cell in self.unknown}

    def _add_row(self, number: int, row: Mapping[str, Any]) -> None:
        solver = self.solver
        values = {count: solver.addIntegral(0, LARGEST) for count in self.group}
        self.unknown |= {(number, count): value for count, value in values.items()}
        floors = dict.fromkeys(self.group, 0)
        for rule in self.form.rules_of(RuleScope.ROW):
            if rule.severity is not Severity.ERROR or rule.condition:
                continue
            if total := re.fullmatch(r"(\w+) == (\w+(?: \+ \w+)+)", rule.expression):
                if total[1] in values:
                    solver.addConstr(
                        values[total[1]] == solver.qsum(values[p] for p in total[2].split(" + "))
                    )
            elif part := re.fullmatch(r"(\w+) <= (\w+)", rule.expression):
                if part[1] in values and part[2] in values:
                    solver.addConstr(values[part[1]] <= values[part[2]])
                elif part[1] in values:  # a bound that is withheld too is at most 4
                    solver.addConstr(values[part[1]] <= (SMALL if row[part[2]] is None else row[part[2]]))
            elif (floor := re.fullmatch(r"(\w+) >= (\w+)", rule.expression)) and floor[1] in values:
                floors[floor[1]] = row[floor[2]]
                solver.addConstr(values[floor[1]] >= row[floor[2]])
        if not self.for_small_counts:
            return
        chosen = []
        for count, value in values.items():  # one of them is small
            is_small = solver.addBinary()
            largest = SMALL if not 1 <= floors[count] <= SMALL else floors[count] + SMALL - 1
            solver.addConstr(value + LARGEST * is_small <= largest + LARGEST)
            solver.addConstr(value - is_small >= 0)
            chosen.append(is_small)
        solver.addConstr(solver.qsum(chosen) >= 1)

    def _extreme(self, cell: Cell, sign: int) -> int:
        self.solver.minimize(sign * self.unknown[cell])
        assert self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal, (
            "what is shown contradicts itself"
        )
        return int(self.solver.val(self.unknown[cell]) + 0.5)
