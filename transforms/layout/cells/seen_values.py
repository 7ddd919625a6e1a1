"""What a person sees in a cell where the stored value differs: formats, raised or crossed-out text."""

import re
from dataclasses import replace
from decimal import Decimal

from schemas.declaration import Dimension, Measure, Severity
from schemas.findings import Finding, Words
from transforms.extract.number_formats import MULTIPLE, QUALIFIED
from transforms.extract.sheet import CellFlag, Sheet
from transforms.layout.cells.cell_values import TypedValue, expected_kind, shown, type_fault
from transforms.layout.cells.figures_with_units import unit_beside
from transforms.layout.cells.stated_units import own_unit

_RAISED = re.compile(r"[\u00b9\u00b2\u00b3\u2070-\u209c]+")
_FIGURE = re.compile(r"-?\d+(?:\.\d+)?")
_ADDED = re.compile(r"[\d(]")  # to a figure by its format
_POINT_FIRST = re.compile(r"(?:^|[^\d])[.,]\d")

_STRUCK_OUT = {"todo": Words("todo.struck-out")}
_RAISED_DIGITS = {"todo": Words("todo.raised")}
_FORMAT = {"todo": Words("todo.format")}


def _of_error(fault: Finding) -> Finding:
    """The fault of a cell with an error value, with what to do about its formula."""
    advice = {"shown": Words("seen.error"), "advice": Words("advice.formula")}
    return replace(fault, details=fault.details | advice)


def text_seen(sheet: Sheet, row: int, column: int, value: object) -> object:
    """The value without raised marks and crossed-out parts; other values as they are."""
    displayed = sheet.displayed.get((row, column))
    if displayed is None or not isinstance(value, str):
        return value
    return _RAISED.sub("", displayed).strip() or None


def flag_fault(sheet: Sheet, row: int, position: int, column: Dimension | Measure) -> TypedValue | None:
    """The fault of a cell with an error value or an uncalculated formula; None where it can be read."""
    flag = sheet.flags.get((row, position))
    if flag is CellFlag.ERROR:
        return TypedValue(None, _of_error(type_fault("#LỖI!", expected_kind(column))))
    if flag is CellFlag.UNCALCULATED:
        return TypedValue(None, Finding("FORMULA-UNCALCULATED"))
    value = sheet.rows[row][position] if position < len(sheet.rows[row]) else None
    if flag is None and isinstance(value, str) and sheet.displayed.get((row, position)) == "":
        return _differs(value, "")
    if (
        flag is CellFlag.STRUCK_OUT
        and value is not None
        and not sheet.displayed.get((row, position), "").strip()
    ):
        details = {"first": shown(value), "second": Words("seen.struck-out")} | _STRUCK_OUT
        return TypedValue(None, Finding("NUMBER-AMBIGUOUS", value_shown=shown(value), details=details))
    if flag is CellFlag.SUPERSCRIPT and isinstance(value, int | float):
        seen = sheet.displayed.get((row, position), "?")
        details = {"first": shown(value), "second": seen, **_RAISED_DIGITS}
        return TypedValue(None, Finding("NUMBER-AMBIGUOUS", value_shown=shown(value), details=details))
    return None


def figure_seen(
    sheet: Sheet, row: int, position: int, number: float, measure: Measure, factor: Decimal | None
) -> TypedValue | None:
    """The figure that a number format shows, or the fault where it differs; None where they agree."""
    if sheet.flags.get((row, position)) is CellFlag.AMBIGUOUS:
        details = {"first": shown(number), "second": Words("seen.unknown-format")}
        details |= _FORMAT
        fault = Finding(
            "NUMBER-AMBIGUOUS",
            value_shown=shown(number),
            details=details,
            severity_override=Severity.WARNING,
        )
        return TypedValue(_plain(number), fault)
    displayed = sheet.displayed.get((row, position))
    if displayed is None:
        return None
    found = _FIGURE.search(displayed)
    seen = float(found[0]) if found else None
    if displayed.rstrip().endswith("%"):
        if seen is not None and own_unit(measure.unit).base in ("score", "share"):
            return TypedValue(_plain(seen))
        return _differs(number, displayed)
    if seen is None:
        return _differs(number, displayed)
    decimals = len(found[0].partition(".")[2]) if found else 0
    beside = displayed.replace(found[0], "", 1).lower().strip() if found else ""
    unit = unit_beside(beside, displayed, measure, factor)
    if isinstance(unit, Finding) and number:
        return TypedValue(None, unit)
    is_other = (
        _ADDED.search(beside) or QUALIFIED.search(displayed.lower()) or (MULTIPLE.search(beside) and not unit)
    )
    if is_other or _POINT_FIRST.search(displayed):
        return _differs(number, displayed)
    if abs(seen - number) <= 0.5 * 10.0**-decimals * (1 + 1e-9):
        return None  # rounding: a count keeps its fraction and fails for it, an amount is kept as stored
    return _differs(number, displayed)


def _plain(number: float) -> int | float:
    return int(number) if float(number).is_integer() else number


def _differs(stored: float | str, displayed: str) -> TypedValue:
    details = {"first": displayed or Words("seen.blank"), "second": shown(stored)} | _FORMAT
    return TypedValue(None, Finding("NUMBER-AMBIGUOUS", value_shown=displayed, details=details))
