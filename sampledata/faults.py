"""The faults that a sheet can carry, one at a time: a declared list of code, where it can occur, effect.

A fault changes what a sheet prints, never what the body means, and returns where it sits.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from plans.languages.catalog import DEFAULT
from plans.reporting_calendar import period_from_code
from sampledata import value_faults
from sampledata.figures import intended_rows
from sampledata.heads import window_words
from sampledata.mistakes import break_rule
from sampledata.sheet import Mark, Sheet, printed_rows
from schemas.form_set import FormSet

PERSONS = (
    "Nguyễn Văn An, CMND 271234567, ĐT 0903123456",
    "Trần Thị Bình, CCCD 075190001234",
    "Lê Văn Cường, SĐT 0918 765 432",
)
PHONES = ("ĐT liên hệ: 0903.123.456", "0987654321", "Điện thoại: 0912 345 678")
# These concern the file as a whole.
OF_FILE = frozenset({"FILE-UNREADABLE", "FILE-MACRO"})
_YEARS_AHEAD = 15


@dataclass(frozen=True)
class Fault:
    """A way to spoil a sheet; several may bear one code."""

    code: str
    can: Callable[[Sheet], bool]
    put: Callable[[Sheet, Random], Mark | None]


def _always(_sheet: Sheet) -> bool:
    return True


def _nothing(_sheet: Sheet, _rng: Random) -> None:
    """The file is spoiled after it was written."""


def _unknown_form(sheet: Sheet, rng: Random) -> None:
    far, near = (_with_number(sheet.form.code, number) for number in ("99", "13"))
    sheet.words["form"] = rng.choice((f"Biểu số: {far}", f"Biểu {near}", "Biểu số: ......", "Biểu 03-XYZ"))


def _with_number(code: str, number: str) -> str:
    """Return a form code with another number, which no form has."""
    return re.sub(r"\d+", number, code, count=1) if re.search(r"\d", code) else f"{number}-{code}"


def _forms_not_owed(sheet: Sheet, form_set: FormSet) -> list[str]:
    owed = {form for body, form in sheet.plan.cadences if body == sheet.body.code}
    return [f.code for f in form_set.forms if f.code not in owed and f.area_dimension is None]


def _form_not_owed(sheet: Sheet, rng: Random, form_set: FormSet) -> None:
    form = form_set.by_code[rng.choice(_forms_not_owed(sheet, form_set))]
    seed = rng.randrange(1000)
    year = intended_rows(sheet.plan, sheet.body, form, [sheet.period], seed, form_set.sample)
    sheet.form, sheet.rows = form, year[sheet.period.code]
    sheet.shown = printed_rows(sheet.form, sheet.rows)


def _other_names(sheet: Sheet) -> list[str]:
    # The superior body belongs in a letterhead.
    above = {f"{sheet.plan.local_body_prefix}{code}" for code in sheet.plan.ancestors(sheet.body.area)}
    own = above | {sheet.body.code}
    return [b.name for b in sheet.plan.all_bodies if b.level != "commune" and b.code not in own]


def _other_body(sheet: Sheet, rng: Random) -> None:
    sheet.words["body"] = rng.choice(_other_names(sheet))


def _no_period(sheet: Sheet, _rng: Random) -> None:
    sheet.words |= {"period": "", "window": ""}


def _impossible_period(sheet: Sheet, rng: Random) -> None:
    year, later = sheet.period.year, sheet.period.year + _YEARS_AHEAD
    if sheet.plan.language != DEFAULT:
        sheet.words |= {"period": _later_period(sheet), "window": ""}
        return
    words = {
        "M": (f"Tháng 13 năm {year}", f"Tháng 3 năm {later}", f"Quý I năm {year}"),
        "Q": (f"Tháng 3 năm {year}", f"Quý V năm {year}", f"Quý I/{later}"),
        "H": (f"Quý II năm {year}", f"6 tháng đầu năm {later}", f"9 tháng đầu năm {year}"),
        "Y": (f"Quý IV năm {year}", f"Năm {later}"),
        "A": (f"Đột xuất ngày 31/02/{year}", f"Đột xuất ngày 05/03/{later}", f"Tháng 3 năm {year}"),
    }
    sheet.words |= {"period": rng.choice(words.get(sheet.period.kind, words["M"][:1])), "window": ""}


def _later_period(sheet: Sheet) -> str:
    """Return the name of the same period years ahead, in the language of the plan."""
    code, calendar = sheet.period.code.replace("-W53", "-W52"), sheet.plan.calendar
    later = re.sub(r"\d{4}", lambda year: str(int(year[0]) + _YEARS_AHEAD), code, count=1)
    return period_from_code(later.replace("-A-0229", "-A-0228"), calendar).name_vi


def _other_window(sheet: Sheet, rng: Random) -> None:
    start, end = sheet.period.window_start, sheet.period.window_end
    month_start = end.replace(day=1)
    month_end = (month_start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    windows: list[tuple[date, date]] = [
        (start + timedelta(days=2), end + timedelta(days=31)),
        (start, end + timedelta(days=1)),
        (month_start, month_end),
    ]
    others = [window for window in windows if window != (start, end)]
    sheet.words["window"] = window_words(*rng.choice(others), rng, sheet.plan.language)


def _column_missing(sheet: Sheet, rng: Random) -> None:
    sheet.missing_column = rng.choice(sheet.printed.measures).key


def _column_twice(sheet: Sheet, rng: Random) -> None:
    sheet.doubled_column = rng.choice(sheet.printed.measures).key


def _row_twice(sheet: Sheet, rng: Random) -> None:
    sheet.shown.append(dict(rng.choice(sheet.shown)))


def _places(sheet: Sheet) -> list[str]:
    place = sheet.form.area_dimension
    return sorted({row[place.key] for row in sheet.rows}) if place else []


def _place_left_out(sheet: Sheet, rng: Random) -> None:
    place, left_out = sheet.form.area_dimension, rng.choice(_places(sheet))
    sheet.shown = [row for row in sheet.shown if place and row[place.key] != left_out]


def _wrong_total(sheet: Sheet, rng: Random) -> Mark:
    sheet.wrong_total = rng.choice([m.key for m in sheet.printed.measures if m.is_additive])
    return Mark("total", sheet.wrong_total)


def _person_in_note(sheet: Sheet, rng: Random) -> Mark:
    sheet.note = (rng.randrange(len(sheet.shown)), rng.choice(PERSONS))
    return Mark("note")


def _phone_in_cell(sheet: Sheet, rng: Random) -> Mark:
    sheet.loose = rng.choice(PHONES)
    return Mark("loose")


def _person_in_notes_sheet(sheet: Sheet, rng: Random) -> None:
    sheet.notes_sheet = rng.choice(PERSONS)


FAULTS: tuple[Fault, ...] = (
    Fault("FILE-UNREADABLE", _always, _nothing),
    Fault("FILE-MACRO", _always, _nothing),
    Fault("FORM-UNKNOWN", _always, _unknown_form),
    Fault("BODY-MISMATCH", lambda s: bool(_other_names(s)), _other_body),
    Fault("PERIOD-MISSING", _always, _no_period),
    Fault("PERIOD-INVALID", _always, _impossible_period),
    Fault("PERIOD-WINDOW", _always, _other_window),
    Fault("COLUMN-MISSING", _always, _column_missing),
    Fault("COLUMN-DUPLICATE", _always, _column_twice),
    Fault("VALUE-MISSING", _always, value_faults.row_without_values),
    Fault("VALUE-MISSING", _always, value_faults.empty_key),
    Fault("VALUE-MISSING", value_faults.has_required_measure, value_faults.empty_measure),
    Fault("VALUE-TYPE", _always, value_faults.no_number),
    Fault("VALUE-TYPE", value_faults.has_date, value_faults.no_date),
    Fault("VALUE-NEGATIVE", _always, value_faults.negative),
    Fault("VALUE-RANGE", value_faults.has_whole_measure, value_faults.fraction),
    Fault("VALUE-RANGE", _always, value_faults.too_large),
    Fault("VALUE-CODE", value_faults.has_codes, value_faults.unlisted_code),
    Fault("AREA-UNKNOWN", lambda s: s.form.area_dimension is not None, value_faults.unknown_place),
    Fault("AREA-OUTSIDE", value_faults.has_outside, value_faults.place_outside),
    Fault("ROW-DUPLICATE", _always, _row_twice),
    Fault("TOTAL-MISMATCH", lambda s: any(m.is_additive for m in s.printed.measures), _wrong_total),
    Fault("PII-SUSPECTED", _always, _person_in_note),
    Fault("PII-SUSPECTED", _always, _phone_in_cell),
    Fault("PII-SUSPECTED", _always, _person_in_notes_sheet),
)


def faults_of(form_set: FormSet) -> tuple[Fault, ...]:
    """The faults that sheets of the set can have, with those that its forms and rules have."""
    not_owed = Fault(
        "FORM-NOT-OWED",
        lambda sheet: sheet.period.kind == "Q" and bool(_forms_not_owed(sheet, form_set)),
        lambda sheet, rng: _form_not_owed(sheet, rng, form_set),
    )
    total = next(n for n, fault in enumerate(FAULTS) if fault.code == "TOTAL-MISMATCH")
    missing = (*FAULTS[3:total], *_missing_places(form_set), *FAULTS[total:])
    return (*FAULTS[:3], not_owed, *missing, *_broken_rules(form_set))


def _missing_places(form_set: FormSet) -> list[Fault]:
    """One for each finding by which forms report a place without a row."""
    findings = {form.rows_expected[1] for form in form_set.forms if form.rows_expected}

    def can_lack(finding: str) -> Callable[[Sheet], bool]:
        return lambda sheet: (sheet.form.rows_expected or ("", ""))[1] == finding and len(_places(sheet)) > 1

    general_first = sorted(findings, key=lambda finding: (finding != "ROW-MISSING", finding))
    return [Fault(finding, can_lack(finding), _place_left_out) for finding in general_first]


def _broken_rules(form_set: FormSet) -> Iterator[Fault]:
    def is_form(key: str) -> Callable[[Sheet], bool]:
        return lambda sheet: sheet.form.key == key

    for key, declared in form_set.sample.forms.items():
        for rule, changes in declared.breaks.items():
            yield Fault(rule, is_form(key), break_rule(rule, changes))


def deal_faults(sheets: list[Sheet], share: float, rng: Random, form_set: FormSet) -> list[Sheet]:
    """Spoil about that share of the sheets, each in one way; return the spoiled ones.

    The ways seen least so far come first, so that also a small drive has many.
    """
    faults = faults_of(form_set)
    dealt = dict.fromkeys(faults, 0)
    spoiled = [sheet for sheet in sheets if rng.random() < share]
    for sheet in rng.sample(spoiled, len(spoiled)):
        possible = [fault for fault in faults if fault.can(sheet)]
        fewest = min(dealt[fault] for fault in possible)
        fault = rng.choice([f for f in possible if dealt[f] == fewest])
        dealt[fault] += 1
        sheet.code = fault.code
        sheet.mark = fault.put(sheet, rng)
    return spoiled
