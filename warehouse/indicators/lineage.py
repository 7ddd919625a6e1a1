"""From a figure to its source cells, and from a cell to the figures that it is part of."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, select, text

from plans.aggregation_functions import AGGREGATION_FUNCTIONS, COMBINATIONS
from plans.model import Plan, Target
from plans.reporting_calendar import period_from_code, year_window
from plans.target_expressions import Term, target_terms
from schemas.forms import BY_CODE
from warehouse.indicators.evaluation_grid import CLEAR_GRID, GRID
from warehouse.indicators.indicator_compiler import term_parameters
from warehouse.models.target_tables import TARGET_INDICATOR
from warehouse.sql_templates import read_sql, render

Cell = dict[str, Any]


def trace(
    connection: Connection, plan: Plan, target_code: str, period_code: str, area_code: str
) -> list[Cell]:
    """Every source cell behind a figure: part, term, sign, function, body, file, sha256, sheet, cell, value.

    `part` is numerator or denominator, `term` the number of the term in it. A function of a level has no
    cell; its value is the count. Raises LookupError for a target that the plan does not have.
    """
    target = next((t for t in plan.targets if t.code == target_code), None)
    if target is None:
        raise LookupError(f"The plan {plan.code} has no target {target_code}.")
    numerator, denominator = target_terms(target)
    grid = {
        "plan": plan.code,
        "province": plan.area,
        "year": plan.year,
        "today": date.max,
        "as_of": None,
        "periods": [period_code],
        "areas": [area_code],
    }
    for statement in GRID:
        connection.execute(text(statement), grid)
    cells: list[Cell] = []
    for part, terms in (("numerator", numerator), ("denominator", denominator)):
        for number, term in enumerate(terms):
            origin = {"part": part, "term": number, "sign": term.sign, "function": term.function}
            cells += [origin | cell for cell in _cells(connection, plan, term, period_code, area_code)]
    connection.execute(text(CLEAR_GRID))
    return cells


def recompute(cells: Sequence[Cell], target: Target) -> tuple[Decimal, Decimal | None]:
    """Numerator and denominator from the values of the cells alone."""
    numerator = _combined([cell for cell in cells if cell["part"] == "numerator"])
    denominator = _combined([cell for cell in cells if cell["part"] == "denominator"])
    return numerator, denominator if target.denominator else None


def _combined(cells: Sequence[Cell]) -> Decimal:
    """Return the sum of the terms, each computed from its cells as its function declares."""
    by_term: dict[tuple[int, int, str], list[Cell]] = {}
    for cell in cells:
        by_term.setdefault((cell["term"], cell["sign"], cell["function"]), []).append(cell)
    total = Decimal(0)
    for (_, sign, function), of_term in by_term.items():
        values = [(cell["area_code"], Decimal(str(cell["value"]))) for cell in of_term]
        total += sign * COMBINATIONS[AGGREGATION_FUNCTIONS[function].combine](values)
    return total


def _cells(connection: Connection, plan: Plan, term: Term, period_code: str, area_code: str) -> list[Cell]:
    year_start, year_end = year_window(plan.year, plan.calendar)
    window_end = period_from_code(period_code, plan.calendar).window_end
    parameters = {"province": plan.area, "area": area_code, "window_end": window_end}
    if not AGGREGATION_FUNCTIONS[term.function].takes_measure:
        count = connection.scalar(
            text(read_sql("indicators/areas_of_level")), {**parameters, "level": term.level}
        )
        name = f"{term.function}({term.level})"
        return [{"measure": name, "area_code": area_code, "cell": None, "value": count}]
    parameters |= {
        "plan": plan.code,
        "year_start": year_start,
        "year_end": year_end,
        "as_of": None,
        "measure": term.measure,
    }
    query = render("indicators/source_cells", term=term_parameters(plan, term))
    rows = connection.execute(text(query), parameters).mappings()
    return [{"measure": f"{term.form}.{term.measure}", **_with_value(dict(row))} for row in rows]


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
    for form_code, window_end, measure in rows:
        wanted["measure"] = f"{BY_CODE[form_code].key}.{measure}"
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
        if any(f"{t.form}.{t.measure}" == measure for terms in target_terms(target) for t in terms)
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
