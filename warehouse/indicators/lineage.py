"""From a figure to the cells that it came from, and from a cell to the figures that it moved."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, text

from plans.model import Plan, Target
from plans.reporting_calendar import period_from_code, year_window
from plans.target_expressions import Term, target_terms
from schemas.forms import BY_CODE
from warehouse.indicators.evaluation_grid import CARRIED, CLEAR_GRID, GRID, OTHERS
from warehouse.indicators.indicator_compiler import facts_of

Cell = dict[str, Any]

_CELLS = """
SELECT f.submission_id, s.revision, s.form_code, s.body_code, b.body_name, d.area_code, d.area_name,
    f.period_code, s.source_url, s.file_name, s.sha256, s.sheet_name,
    (s.column_map ->> :measure) || f.source_row AS cell, f.{measure} AS figure
FROM facts f JOIN dw.dim_area d ON d.area_key = f.area_key
JOIN audit.submission s ON s.submission_id = f.submission_id
JOIN dw.dim_body b ON b.body_key = f.body_key {chosen}
WHERE f.counts AND f.window_end <= :window_end AND {carried}
    AND EXISTS (SELECT FROM inside i WHERE i.area_key = f.area_key AND (i.is_there OR NOT :there))
ORDER BY f.window_end, s.body_code, f.source_row
"""
_OF_ONE_REPORT = (
    " JOIN (SELECT series, {end}(window_end) AS window_end FROM facts WHERE window_end <= :window_end"
    " GROUP BY series) chosen ON chosen.series = f.series AND chosen.window_end = f.window_end"
)
_ENDS = {"sum": None, "first": "min", "last": "max", "count": "max"}


def trace(
    connection: Connection, plan: Plan, target_code: str, period_code: str, area_code: str
) -> list[Cell]:
    """Every source cell behind a figure: part, sign, body, file, sha256, sheet, cell, value.

    `part` is numerator or denominator. A count of areas has no cell; its value is the count. LookupError for
    a target that the plan has not.
    """
    target = next((t for t in plan.targets if t.code == target_code), None)
    if target is None:
        raise LookupError(f"The plan {plan.code} has no target {target_code}.")
    numerator, denominator = target_terms(target)
    cells: list[Cell] = []
    asked = {"plan": plan.code, "province": plan.area, "year": plan.year, "today": date.max, "as_of": None}
    for statement in GRID:
        connection.execute(text(statement), {**asked, "periods": [period_code], "areas": [area_code]})
    for part, terms in (("numerator", numerator), ("denominator", denominator)):
        for term in terms:
            for cell in _cells(connection, plan, term, period_code, area_code):
                cells.append({"part": part, "sign": term.sign, "function": term.function, **cell})
    connection.execute(text(CLEAR_GRID))
    return cells


def reckon(cells: Sequence[Cell], target: Target) -> tuple[Decimal, Decimal | None]:
    """Numerator and denominator from the values of the cells alone."""

    def total(part: str) -> Decimal:
        return sum((c["sign"] * Decimal(str(c["value"])) for c in cells if c["part"] == part), Decimal(0))

    return total("numerator"), total("denominator") if target.denominator else None


def _cells(connection: Connection, plan: Plan, term: Term, period_code: str, area_code: str) -> list[Cell]:
    year_start, year_end = year_window(plan.year, plan.calendar)
    window_end = period_from_code(period_code, plan.calendar).window_end
    values = {"province": plan.area, "area": area_code, "window_end": window_end}
    if term.function == "areas":
        count = connection.scalar(
            text(
                "SELECT count(*) FROM dw.dim_area WHERE province_code = :province AND area_level = :level"
                " AND :area = ANY(ancestors) AND valid_from <= :window_end AND valid_to > :window_end"
            ),
            {**values, "level": term.level},
        )
        return [{"measure": f"areas({term.level})", "area_code": area_code, "cell": None, "value": count}]
    end = _ENDS[term.function]
    chosen = _OF_ONE_REPORT.format(end=end) if end else ""
    rows = connection.execute(
        text(
            f"WITH facts AS MATERIALIZED ({facts_of(plan, term)}), {OTHERS}"
            + _CELLS.format(
                measure=term.measure,
                chosen=chosen,
                carried=CARRIED[term.function].format(end=":window_end"),
            )
        ),
        {
            **values,
            "plan": plan.code,
            "year_start": year_start,
            "year_end": year_end,
            "as_of": None,
            "measure": term.measure,
            "there": term.function == "count",
        },
    )
    return [{"measure": f"{term.form}.{term.measure}", **_with_value(dict(row))} for row in rows.mappings()]


def _with_value(row: Cell) -> Cell:
    figure = row.pop("figure")
    return {**row, "value": int(figure) if isinstance(figure, bool | int) else figure}


def figures_of_cell(
    connection: Connection, plan: Plan, body_code: str, file_name: str, sheet_name: str, cell: str
) -> list[dict[str, Any]]:
    """The figures of the plan's targets that a cell is part of now: target, area, period and part."""
    rows = connection.execute(
        text(
            "SELECT s.form_code, p.window_end, m.key AS measure FROM audit.submission s"
            " JOIN dw.dim_period p USING (period_code), jsonb_each_text(s.column_map) m"
            " WHERE s.plan_code = :plan AND s.body_code = :body AND s.file_name = :file"
            " AND s.sheet_name = :sheet AND s.revision IS NOT NULL AND m.value = rtrim(:cell, '0123456789')"
        ),
        {"plan": plan.code, "body": body_code, "file": file_name, "sheet": sheet_name, "cell": cell},
    ).all()
    found: list[dict[str, Any]] = []
    for form_code, window_end, measure in rows:
        name = f"{BY_CODE[form_code].key}.{measure}"
        for target, area, period in _figures_near(connection, plan, name, body_code, window_end):
            for source in trace(connection, plan, target, period, area):
                here = [source.get(key) for key in ("body_code", "file_name", "sheet_name", "cell")]
                if here == [body_code, file_name, sheet_name, cell] and source["measure"] == name:
                    figure = {"target_code": target, "area_code": area, "period_code": period}
                    found.append({**figure, "part": source["part"]})
    return found


def _figures_near(
    connection: Connection, plan: Plan, measure: str, body_code: str, window_end: date
) -> list[tuple[str, str, str]]:
    """The figures that a measure may have a part in, as a body reported it for a period: few of all."""
    of_body = plan.bodies_by_code[body_code].area
    areas = {*plan.areas_within[of_body], *plan.ancestors(of_body)}
    targets = [
        target.code
        for target in plan.targets
        if any(f"{t.form}.{t.measure}" == measure for terms in target_terms(target) for t in terms)
    ]
    rows = connection.execute(
        text(
            "SELECT target_code, area_code, period_code FROM mart.target_indicator WHERE plan_code = :plan"
            " AND target_code = ANY(:targets) AND area_code = ANY(:areas) AND window_end >= :window_end"
            " ORDER BY 1, 2, window_end"
        ),
        {"plan": plan.code, "targets": targets, "areas": sorted(areas), "window_end": window_end},
    )
    return [(row[0], row[1], row[2]) for row in rows]
