"""From a figure to its source cells, and from a cell to the figures that it is part of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, select, text

from plans.aggregation_functions import AGGREGATION_FUNCTIONS, COMBINATIONS
from plans.model import Plan, Target
from plans.plan_years import plan_window
from plans.reporting_calendar import Period, period_from_code, year_window
from plans.target_expressions import Term, all_terms, target_terms
from warehouse.form_catalog import form_set_of
from warehouse.indicators.evaluation_grid import CELLS, REPORTS
from warehouse.indicators.indicator_compiler import is_derived, term_parameters
from warehouse.models.target_tables import TARGET_INDICATOR
from warehouse.sql_templates import read_sql, render

Cell = dict[str, Any]
_GRID = {**CELLS, **REPORTS}
_ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)  # bounds depend on the present, figures do not


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a figure is traced: the area and the period; `areas` limit the grid, None: the whole province."""

    connection: Connection
    plan: Plan
    area_code: str
    period: Period
    areas: tuple[str, ...] | None

    def parameters(self) -> dict[str, object]:
        """The parameters of the statements that lineage runs."""
        year_start, year_end = year_window(self.period.year, self.plan.calendar)
        return {
            "plan": self.plan.code,
            "province": self.plan.area,
            "area": self.area_code,
            "levels": [self.plan.areas_by_code[self.area_code].level],
            "window_start": self.period.window_start,
            "window_end": self.period.window_end,
            "year_start": year_start,
            "year_end": year_end,
            "plan_start": plan_window(self.plan)[0],
            "plan_end": plan_window(self.plan)[1],
            "as_of": None,
            "now": _ANY_TIME,
            "year": self.period.year,
            "today": date.max,
            "periods": [self.period.code],
            "areas": None if self.areas is None else list(self.areas),
        }


def trace(
    connection: Connection, plan: Plan, target_code: str, period_code: str, area_code: str
) -> list[Cell]:
    """Every source cell behind a figure: part, term, sign, weight, function, body, file, sheet, cell, value.

    `part` is numerator or denominator, `term` the number of the term in it. What the plan states, and a count
    of areas or reports, has no cell. A term of another target has that target's figure as its value, and the
    source cells of the other target follow with the part `source`. Raises LookupError for an unknown target.
    """
    target = plan.targets_by_code.get(target_code)
    if target is None:
        raise LookupError(f"The plan {plan.code} has no target {target_code}.")
    period = period_from_code(period_code, plan.calendar)
    areas = None if is_derived(target) else (area_code,)
    return _traced(_Place(connection, plan, area_code, period, areas), target)


def _traced(place: _Place, target: Target) -> list[Cell]:
    numerator, denominator = target_terms(target)
    cells: list[Cell] = []
    for part, terms in (("numerator", numerator), ("denominator", denominator)):
        for number, term in enumerate(terms):
            origin = {
                **{"part": part, "term": number, "sign": term.sign, "weight": term.weight},
                "function": term.function,
            }
            cells += [origin | cell for cell in _cells(place, target, term)]
            if term.target:
                for cell in _traced(place, place.plan.targets_by_code[term.target]):
                    cells.append({"target": term.target, **cell, "part": "source"})
    return cells


def recompute(cells: Sequence[Cell], target: Target) -> tuple[Decimal, Decimal | None]:
    """Numerator and denominator from the values of the cells alone."""
    numerator = _combined([cell for cell in cells if cell["part"] == "numerator"])
    denominator = _combined([cell for cell in cells if cell["part"] == "denominator"])
    return numerator, denominator if target.denominator else None


def _combined(cells: Sequence[Cell]) -> Decimal:
    """Return the sum of the terms, each computed from its cells as its function declares."""
    by_term: dict[tuple[int, Decimal, str], list[Cell]] = {}
    for cell in cells:
        by_term.setdefault((cell["term"], cell["sign"] * cell["weight"], cell["function"]), []).append(cell)
    total = Decimal(0)
    for (_, factor, function), of_term in by_term.items():
        values = [(str(cell["area_code"]), Decimal(str(cell["value"]))) for cell in of_term]
        total += factor * COMBINATIONS[AGGREGATION_FUNCTIONS[function].combine](values)
    return total


def _cells(place: _Place, target: Target, term: Term) -> list[Cell]:
    """The cells, reports, records or areas that give a term; one line with the figure for other functions."""
    function = AGGREGATION_FUNCTIONS[term.function]
    parameters = term_parameters(place.plan, form_set_of(place.connection, place.plan), target, term)
    values = {**place.parameters(), "measure": term.measure}
    name = f"{term.form}.{term.measure}"
    if function.takes_measure:
        query = render("indicators/source_cells", grid=_GRID, term=parameters)
        return [{"measure": name, **_with_value(row)} for row in _rows(place, query, values)]
    name = f"{term.function}({', '.join(filter(None, (term.form, term.name, term.target, term.level)))})"
    if function.argument == "form":
        query = render("indicators/source_reports", grid=_GRID, term=parameters)
    elif function.argument == "target_level":
        query = render("indicators/source_areas", grid=_GRID, term=parameters)
    else:
        query = render("indicators/source_figure", grid=_GRID, term=parameters)
    cells = [{"measure": name, "cell": None, **row} for row in _rows(place, query, values)]
    return [cell for cell in cells if cell["value"] is not None]


def _rows(place: _Place, query: str, values: dict[str, object]) -> list[Cell]:
    return [dict(row) for row in place.connection.execute(text(query), values).mappings()]


def _with_value(row: Cell) -> Cell:
    """The cell with its reported value under `value`; a flag counts one."""
    reported = row.pop("reported")
    return {**row, "value": int(reported) if isinstance(reported, bool) else reported}


def figures_of_cell(
    connection: Connection, plan: Plan, body_code: str, file_name: str, sheet_name: str, cell: str
) -> list[dict[str, Any]]:
    """The figures of the plan's targets that a cell is part of now: target, area, period and part."""
    rows = connection.execute(
        text(read_sql("indicators/measures_of_cell")),
        {"plan": plan.code, "body": body_code, "file": file_name, "sheet": sheet_name, "cell": cell},
    ).all()
    wanted = {"body_code": body_code, "file_name": file_name, "sheet_name": sheet_name, "cell": cell}
    found: list[dict[str, Any]] = []
    keys = {form.code: key for key, form in form_set_of(connection, plan).by_key.items()}
    for form_code, window_end, measure in rows:
        wanted["measure"] = f"{keys[form_code]}.{measure}"
        for target, area, period in _candidates(connection, plan, wanted["measure"], body_code, window_end):
            for source in trace(connection, plan, target, period, area):
                if all(source.get(key) == value for key, value in wanted.items()):
                    figure = {"target_code": target, "area_code": area, "period_code": period}
                    found.append({**figure, "part": source["part"]})
    return found


def _candidates(
    connection: Connection, plan: Plan, measure: str, body_code: str, window_end: date
) -> list[tuple[str, str, str]]:
    """The few figures that may draw on a measure as a body reported it for a period."""
    area_of_body = plan.bodies_by_code[body_code].area
    areas = {*plan.areas_within[area_of_body], *plan.ancestors(area_of_body)}
    targets = [
        target.code
        for target in plan.targets
        if any(f"{t.form}.{t.measure}" == measure for t in all_terms(target, plan.targets_by_code))
    ]
    columns = TARGET_INDICATOR.columns
    query = (
        select(columns.target_code, columns.area_code, columns.period_code)
        .where(
            columns.plan_code == plan.code,
            columns.target_code == func.any(targets),
            columns.area_code == func.any(sorted(areas)),
            columns.window_end >= window_end,
        )
        .order_by(columns.target_code, columns.area_code, columns.window_end)
    )
    return [(row.target_code, row.area_code, row.period_code) for row in connection.execute(query)]
