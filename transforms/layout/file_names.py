"""The period that the name of a file states, compared with that of the sheets in it."""

import re

from plans.languages.catalog import DEFAULT
from plans.reporting_calendar import Period
from schemas.declaration import Severity
from schemas.findings import Finding, Named, Words
from transforms.layout.parsed_sheet import SheetReading
from transforms.privacy.personal_data import mask
from transforms.text.normalise import ascii_key
from transforms.text.reading_words import in_readers_words

_YEAR = r"(?:(?: nam)? ((?:19|20|21)\d\d))?"
_MONTH = re.compile(rf"\b(?:thang|thg|t) ?(0?[1-9]|1[0-2])\b{_YEAR}(?! thang| ngay)")
# "Q1" alone may be a district: Quận 1.
_QUARTER = re.compile(rf"\b(?:quy|q(?= ?\w+ (?:19|20|21)\d\d)) ?([1-4]|iii|ii|iv|i)\b{_YEAR}")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_NOT_LETTERS = re.compile(r"[\W_]+")


def check_file_name(reading: SheetReading, file_name: str, language: str = DEFAULT) -> None:
    """Note a file whose name states another month or quarter than the sheet: a copy of an older report.

    A name decides nothing. One that states several, or a period of another kind, is not compared.
    """
    period = reading.period
    if period is None or period.kind not in ("M", "Q"):
        return
    name = file_name.rpartition("/")[2]
    stated = _stated(name.rpartition(".")[0] or name, period.kind, language)
    if stated is None or _is_of(period, *stated):
        return
    number, year = stated
    kind = "month" if period.kind == "M" else "quarter"
    of_year = Words("named.year", {"year": year}) if year else ""
    details = {
        "named": Words(f"named.{kind}", {"number": number, "year": of_year}),
        "period": Named(period.name_vi[:1].lower() + period.name_vi[1:], period.name_en),
    }
    finding = Finding(
        "PERIOD-INVALID",
        reading.sheet_name,
        value_shown=mask(name),
        details=details,
        severity_override=Severity.WARNING,
        text_key="file-name-differs",
    )
    reading.findings.append(finding)


def _stated(stem: str, kind: str, language: str) -> tuple[int, int | None] | None:
    """The number and the year of the only month or quarter that words of a file name state."""
    words = ascii_key(in_readers_words(_NOT_LETTERS.sub(" ", stem), language))
    pattern = _MONTH if kind == "M" else _QUARTER
    found = {(_ROMAN.get(m[1]) or int(m[1]), int(m[2]) if m[2] else None) for m in pattern.finditer(words)}
    return found.pop() if len(found) == 1 else None


def _is_of(period: Period, number: int, year: int | None) -> bool:
    return number == period.number and year in (None, period.year, period.window_end.year)
