"""Figures that are typed together with their unit ("3.000.000đ", "12 vụ", "85%")."""

import re
from decimal import Decimal

from schemas.declaration import Measure
from schemas.findings import Finding, Words
from transforms.layout.cells.stated_units import (
    StatedUnit,
    conversion,
    mismatch_details,
    nouns_of_measure,
    own_unit,
    read_unit,
)
from transforms.text.normalise import ascii_key

_FIGURE_AND_UNIT = re.compile(r"\s*([+\-]?\d[\d.,\s]*?)\s*(\(?[^\W\d_][^\d]*|\(?%\)?)\s*")


def figure_alone(text: str, measure: Measure, factor: Decimal | None) -> str | Finding | None:
    """Return the figure of a text that ends in a unit: without the unit, where it is the one of the column.

    `factor` converts the column's figures to the measure's unit; None where they are in it. Returns the
    finding UNIT-MISMATCH for any other unit, and None where the text is no figure with a unit.
    """
    found = _FIGURE_AND_UNIT.fullmatch(text)
    stated = read_unit(found[2], nouns_of_measure(measure)) if found is not None else None
    if found is None or stated is None:
        return None
    if _is_of(stated, measure, factor or Decimal(1)):
        return found[1]
    details = mismatch_details(measure, Words("unit.in-cell"))
    return Finding("UNIT-MISMATCH", value_shown=text, details=details)


def unit_beside(text: str, displayed: str, measure: Measure, factor: Decimal | None) -> Finding | bool:
    """Return whether the text that a format adds to a figure is the unit of its column; see `figure_alone`.

    Another unit is a fault where the column holds money: "1500 đ" in a column in million dong.
    """
    stated = read_unit(text, nouns_of_measure(measure)) if text else None
    if stated is None:
        return False
    if _is_of(stated, measure, factor or Decimal(1)):
        return True
    if not measure.unit.money:
        return False
    details = mismatch_details(measure, Words("unit.in-cell"))
    return Finding("UNIT-MISMATCH", value_shown=displayed, details=details)


def _is_of(stated: StatedUnit, measure: Measure, factor: Decimal) -> bool:
    own = own_unit(measure.unit)
    if stated.base == "count" and stated.factor == 1:
        words = f"{ascii_key(measure.label_vi)} {own.noun}"
        return own.base == "count" and (stated.noun in words or own.noun in stated.noun)
    if stated.base == "share":
        return own.base in ("share", "score")
    return conversion(stated, measure.unit) == factor
