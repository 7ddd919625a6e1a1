"""Faults of single cells: a value that is missing, of the wrong kind, or that no list and no plan has."""

from random import Random

from plans.model import Area
from sampledata.figures import effective_level
from sampledata.sheet import Exactly, Mark, Sheet
from schemas.declaration import Dimension, Measure, MeasureType
from schemas.printed_form import declared_key


def _print(sheet: Sheet, row: int, key: str, value: str | float) -> Mark:
    sheet.shown[row][key] = Exactly(value)
    return Mark(row, key)


def _some_row(sheet: Sheet, rng: Random) -> int:
    return rng.randrange(len(sheet.shown))


def _counts(sheet: Sheet) -> list[Measure]:
    """The number columns whose limits are the general ones, not those of a rule."""
    ruled = {rule.column for rule in sheet.form.rules if rule.replaces_check}
    return [m for m in sheet.printed.measures if m.is_number and declared_key(m.key) not in ruled]


def row_without_values(sheet: Sheet, rng: Random) -> None:
    """Leave every measure of a row empty."""
    row = _some_row(sheet, rng)
    sheet.shown[row] |= {m.key: Exactly("") for m in sheet.printed.measures}


def empty_key(sheet: Sheet, rng: Random) -> Mark:
    """Leave a key empty."""
    return _print(sheet, _some_row(sheet, rng), rng.choice(sheet.printed.dimensions).key, "")


def _required(sheet: Sheet) -> list[Measure]:
    return [m for m in sheet.printed.measures if m.kind in (MeasureType.FLAG, MeasureType.SCORE)]


def has_required_measure(sheet: Sheet) -> bool:
    """Whether a flag, score or code must be given."""
    return bool(_required(sheet))


def empty_measure(sheet: Sheet, rng: Random) -> Mark:
    """Leave a flag, score or code empty."""
    return _print(sheet, _some_row(sheet, rng), rng.choice(_required(sheet)).key, "")


def no_number(sheet: Sheet, rng: Random) -> Mark:
    """Words in place of a number or of yes and no."""
    measures = [m for m in sheet.printed.measures if m.code_list is None]
    words = rng.choice(("nhiều", "chưa rõ", "đang thống kê", "#REF!"))
    return _print(sheet, _some_row(sheet, rng), rng.choice(measures).key, words)


def _date_columns(sheet: Sheet) -> list[Dimension]:
    return [d for d in sheet.printed.dimensions if d.level is None and d.code_list is None]


def has_date(sheet: Sheet) -> bool:
    """Whether the form has a column of dates."""
    return bool(_date_columns(sheet))


def no_date(sheet: Sheet, rng: Random) -> Mark:
    """A day that no calendar has, or words."""
    words = rng.choice((f"31/02/{sheet.period.year}", "hôm qua", "chưa rõ"))
    return _print(sheet, _some_row(sheet, rng), rng.choice(_date_columns(sheet)).key, words)


def negative(sheet: Sheet, rng: Random) -> Mark:
    """A number below zero."""
    value = rng.choice((-3, "-3", -1))
    return _print(sheet, _some_row(sheet, rng), rng.choice(_counts(sheet)).key, value)


def _whole(sheet: Sheet) -> list[Measure]:
    return [m for m in _counts(sheet) if m.unit.whole]


def has_whole_measure(sheet: Sheet) -> bool:
    """Whether the form counts anything."""
    return bool(_whole(sheet))


def fraction(sheet: Sheet, rng: Random) -> Mark:
    """A fraction of what is counted."""
    value = rng.choice((1.5, "1,5", 2.25))
    return _print(sheet, _some_row(sheet, rng), rng.choice(_whole(sheet)).key, value)


def too_large(sheet: Sheet, rng: Random) -> Mark:
    """A number past all reason."""
    return _print(sheet, _some_row(sheet, rng), rng.choice(_counts(sheet)).key, 10**13)


def _listed(sheet: Sheet) -> list[str]:
    return [c.key for c in sheet.printed.columns.values() if c.code_list]


def has_codes(sheet: Sheet) -> bool:
    """Whether the form has a column with a code list."""
    return bool(_listed(sheet))


def unlisted_code(sheet: Sheet, rng: Random) -> Mark:
    """A wording that the list has not."""
    words = rng.choice(("Sân bóng đá", "Không xếp loại", "Loại khác nữa"))
    return _print(sheet, _some_row(sheet, rng), rng.choice(_listed(sheet)), words)


def _place_column(sheet: Sheet) -> Dimension:
    column = sheet.form.area_dimension
    if column is None:
        raise ValueError(f"form {sheet.form.code} has no column of places")
    return column


def unknown_place(sheet: Sheet, rng: Random) -> Mark:
    """A place that no area of the plan bears."""
    words = "Huyện Không Có" if _place_column(sheet).level == "district" else "Xã Không Có"
    return _print(sheet, _some_row(sheet, rng), _place_column(sheet).key, words)


def _outside(sheet: Sheet) -> list[Area]:
    column = sheet.form.area_dimension
    if column is None:
        return []
    within = sheet.plan.areas_within[sheet.body.area]
    level = effective_level(sheet.plan, column.level) if column.level else None
    areas = [a for a in sheet.plan.areas if a.level == level]
    names = [a.name for a in areas]
    return [a for a in areas if a.code not in within and names.count(a.name) == 1]


def has_outside(sheet: Sheet) -> bool:
    """Whether there are places of the form's level outside the body's area."""
    return bool(_outside(sheet))


def place_outside(sheet: Sheet, rng: Random) -> Mark:
    """A place of somebody else."""
    area = rng.choice(_outside(sheet))
    return _print(sheet, _some_row(sheet, rng), _place_column(sheet).key, area.name)
