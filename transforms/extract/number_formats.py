"""Number formats of cells: what a person sees of a stored figure or date.

The text is written for programs to read again: without grouping, "." as the decimal sign, a date without a
day as "3/2020".
"""

import operator
import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache

# Formats that files name by number and do not declare.
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "# ?/?", 13: "# ??/??", 14: "m/d/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "m/d/yyyy h:mm", 37: "#,##0;(#,##0)",
    38: "#,##0;[Red](#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;[Red](#,##0.00)", 45: "mm:ss",
    46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
MAX_FORMAT_LENGTH = 400
_SECTION_BREAK = re.compile(r'((?:"[^"]*"|\\.|\[[^\]]*\]|[^;"\\])*)(?:;|$)')
_TOKEN = re.compile(
    r'(?P<quoted>"[^"]*"?)|\\(?P<escaped>.)|_.|\*.|(?P<bracket>\[[^\]]*\])|(?P<general>General)'
    r"|(?P<clock>AM/PM|A/P)|(?P<exponent>E[+-]0+)|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+)"
    r"|(?P<digits>[0#?][0#?,]*(?:\.[0#?]*)?,*|\.[0#?]+)|(?P<percent>%)|(?P<text>@)|(?P<literal>.)",
    re.DOTALL,
)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?[0-9.]+)\]$")
_CURRENCY = re.compile(r"\[\$([^\]-]*)")
_COMPARE = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
_MONEY = re.compile(r"đ\b|₫|đồng|vnd|usd|[$€£¥]")
# "Trên: 5" names what is counted, "trên 5" is no exact figure.
QUALIFIED = re.compile(
    r"[~<>≈±≤≥]|(?<![^\W\d_])(?:(?:khoảng|gần|hơn|ước|about)(?![^\W\d_])|(?:trên|dưới|over|under) *-?\d)"
)
MULTIPLE = re.compile(r"nghìn|ngàn|triệu|tỷ|tỉ|trđ|tr\b|k\b|thousand|million|billion|%")
_ZERO = 2  # the section for zeros, where a format has three
# Letters between the digits that only group them: "1.234", "1 234 567".
_IS_GROUPED = re.compile(r"-?\d{1,3}(?:([.,'\u2019 \u00a0])\d{3})?(?:\1\d{3})*")
_SIGNS = str.maketrans("", "", "-()")
_SIGNIFICANT_DIGITS = 10  # that a cell of common width shows in the format General
_ROUNDED = Context(prec=_SIGNIFICANT_DIGITS, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a number format.

    scale: power of ten by which the figure is multiplied; decimals: None where all are shown;
    date_parts: the letters y, m, d, h, s of a date format, in order; pattern: its digits (True) and
    the letters between them, where there are some; denominator: the digits behind "/".
    """

    condition: tuple[str, float] | None = None
    prefix: str = ""
    suffix: str = ""
    scale: int = 0
    decimals: int | None = None
    whole_digits: int = 0
    shows_number: bool = False
    is_exotic: bool = False
    date_parts: str = ""
    pattern: tuple[tuple[bool, str], ...] = ()
    denominator: str = ""


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A parsed format; `changes` where it shows whole numbers, dates or texts as something else.

    `text`: what it does to texts, None where it leaves them as they are.
    """

    sections: tuple[Section, ...]
    changes: bool = False
    text: Section | None = None


@lru_cache(maxsize=2048)
def parse_format(code: str) -> NumberFormat:
    """Parse a format code in the notation of English Excel; unknown parts of it are shown as they are."""
    matches = list(_SECTION_BREAK.finditer(code[:MAX_FORMAT_LENGTH]))
    last = next(i for i, match in enumerate(matches) if match.end(1) == match.end())
    texts = [match[1] for match in matches[: last + 1]]
    of_text = texts[3:4] or [text for text in texts[-1:] if "@" in text]
    figures = (
        texts[:3] if len(texts) > 3 or len(texts) == len(of_text) else texts[: len(texts) - len(of_text)]
    )
    sections = tuple(_parse_section(text) for text in figures) or (Section(shows_number=True),)
    text = _of_text(of_text[0]) if of_text else None
    changes = text is not None or any(
        _adds_to_figure(section) or _changes(section) or _names_money(section) for section in sections
    )
    return NumberFormat(sections, changes, text)


def _of_text(code: str) -> Section | None:
    section = _parse_section(code)
    is_plain = section.shows_number and not (section.prefix + section.suffix).strip()
    return None if is_plain else section


def _changes(section: Section) -> bool:
    if section.date_parts:
        return bool(set("ymd") - set(section.date_parts)) and bool(set("ymd") & set(section.date_parts))
    literal_digit = any(letter.isdigit() for letter in section.prefix + section.suffix)
    is_split = bool(section.pattern) and not section.date_parts
    return bool(
        section.scale
        or literal_digit
        or is_split
        or section.is_exotic
        or section.whole_digits > 1
        or not section.shows_number
    )


def _adds_to_figure(section: Section) -> bool:
    """Whether the letters around a figure make it another one: a digit, a sign, "nghìn", "khoảng"."""
    before, after = section.prefix.strip(), section.suffix.strip()
    return (
        any(letter.isdigit() for letter in before + after)
        or before.endswith(("-", "\u2212", "(", ".", ","))
        or MULTIPLE.match(after.lower()) is not None
        or QUALIFIED.search(f"{before.lower()}0") is not None
    )


def _parse_section(text: str) -> Section:
    condition: tuple[str, float] | None = None
    before: list[str] = []
    after: list[str] = []
    pattern: list[tuple[bool, str]] = []
    denominator = date_parts = ""
    percents = 0
    exotic = shows_number = False
    for match in _TOKEN.finditer(text):
        kind, part = match.lastgroup, match[0]
        if kind == "digits" and not exotic:
            pattern += [*((False, letters) for letters in after), (True, part)]
            after, shows_number = [], True
        elif kind in ("general", "text"):
            shows_number = True
        elif kind in ("digits", "exponent") or part == "/" or (exotic and part.isdigit()):
            denominator, exotic = denominator + (part if kind != "exponent" else ""), True
        elif kind == "date":
            date_parts += part[0].lower()
        elif kind == "percent":
            percents += 1
            (after if shows_number else before).append("%")
        elif kind == "bracket":
            condition = _condition(part) or condition
            date_parts += part[1].lower() if part[1:-1].lower().strip("hms") == "" else ""
            currency = _CURRENCY.match(part)
            (after if shows_number else before).append(currency[1] if currency else "")
        elif kind in ("quoted", "escaped", "literal"):
            (after if shows_number else before).append(_literal(part, kind))
    digits = "".join(part for is_digits, part in pattern if is_digits)
    thousands = len(digits) - len(digits.rstrip(","))
    whole, _, fraction = digits.rstrip(",").partition(".")
    return Section(
        condition=condition,
        prefix="".join(before),
        suffix="".join(after),
        scale=2 * percents - 3 * thousands,
        decimals=len(fraction) if digits else None,
        whole_digits=whole.count("0"),
        shows_number=shows_number,
        is_exotic=exotic,
        date_parts=date_parts,
        pattern=tuple(pattern) if len(pattern) > 1 else (),
        denominator=denominator.removeprefix("/"),
    )


def _condition(token: str) -> tuple[str, float] | None:
    found = _CONDITION.match(token)
    try:
        return (found[1], float(found[2])) if found else None
    except ValueError:
        return None


def _literal(token: str, kind: str) -> str:
    if kind == "quoted":
        return token.strip('"')
    return token[1:] if kind == "escaped" else token


def shown_number(value: float, number_format: NumberFormat) -> str | None:
    """Return the figure that a person sees, or None where it equals the stored value."""
    section, is_absolute = _section_for(value, number_format.sections)
    if section.date_parts:
        return None
    if value == 0:
        return _shown_zero(section)
    if not section.shows_number:
        return (section.prefix + section.suffix).strip()
    exact = Decimal(repr(value))
    if section.is_exotic:
        return _shown_in_parts(exact, section)
    figure = exact.scaleb(section.scale)
    if section.decimals is None:
        figure = _ROUNDED.create_decimal(figure)
    elif figure.adjusted() < 25:
        figure = figure.quantize(Decimal(1).scaleb(-section.decimals), ROUND_HALF_UP)
    if is_absolute:
        figure = abs(figure)
    if section.pattern and not _IS_GROUPED.fullmatch(text := _filled(figure, section.pattern)):
        return (section.prefix + text + section.suffix).strip()
    padded = section.whole_digits > 1 and abs(figure) < 10 ** (section.whole_digits - 1)
    adds = value > 0 and _adds_to_figure(section)
    if figure == exact and not (padded or section.scale or is_absolute or adds):
        return None
    return (section.prefix + _plain(figure, section.whole_digits) + section.suffix).strip()


def shown_money(value: float, number_format: NumberFormat) -> str | None:
    """Return a figure that is shown as stored with the money that its format names: "1500 đ", else None."""
    section, is_absolute = _section_for(value, number_format.sections)
    if not _names_money(section) or is_absolute or not section.shows_number:
        return None
    return (section.prefix + _plain(Decimal(repr(value)), 1) + section.suffix).strip()


def _names_money(section: Section) -> bool:
    return _MONEY.search((section.prefix + section.suffix).lower()) is not None


def _shown_zero(section: Section) -> str | None:
    """However a zero is shown ("-", blank), it is one, but for letters that are other digits: "10"."""
    letters = [text for is_digits, text in section.pattern if not is_digits]
    if not any(letter in "123456789" for letter in "".join((section.prefix, *letters, section.suffix))):
        return None
    digits = _filled(Decimal(0), section.pattern) if section.pattern else "0" * section.shows_number
    return (section.prefix + digits + section.suffix).strip()


def _shown_in_parts(exact: Decimal, section: Section) -> str | None:
    """Return a figure shown as a fraction or with an exponent, where that rounds it to another one."""
    if not section.denominator:
        text = f"{exact:.{min(section.decimals or 0, 30)}E}"
        return None if section.whole_digits > 1 or Decimal(text) == exact else text
    whole = Fraction(exact)
    if section.denominator.isdigit() and (fixed := int(section.denominator)):
        shown = Fraction(round(whole * fixed), fixed)
    else:
        shown = whole.limit_denominator(max(10 ** len(section.denominator[:6]) - 1, 1))
    return None if shown == whole else str(shown)


def _filled(figure: Decimal, pattern: tuple[tuple[bool, str], ...]) -> str:
    """Return the figure with its digits in the places of a pattern, from the right: 25 as "2.5"."""
    sign, digits, exponent = figure.as_tuple()
    decimals = -int(exponent) if isinstance(exponent, int) and exponent < 0 else 0
    left = [str(digit) for digit in digits] + ["0"] * max(int(exponent), 0)
    left = ["0"] * (decimals - len(left)) + left
    if left[: len(left) - decimals] == ["0"]:
        left = left[1:]
    places = [
        (is_digits, letter)
        for is_digits, part in pattern
        for letter in (part.replace(",", "") if is_digits else [part])
    ]
    first = next(i for i, (is_digits, _) in enumerate(places) if is_digits)
    shown: list[str] = []
    for i, (is_digits, letter) in reversed(list(enumerate(places))):
        if not is_digits or letter == ".":
            shown.append(letter)
        elif i == first:
            shown += list(reversed(left)) or (["0"] if letter == "0" else [])
        elif left:
            shown.append(left.pop())
        elif letter == "0":
            shown.append("0")
    return "-" * sign + "".join(reversed(shown))


def shown_letters(value: str, number_format: NumberFormat) -> str | None:
    """Return what a person sees of a text, or None where it is the stored one."""
    section = number_format.text
    if section is None:
        return None
    shown = (section.prefix + value * section.shows_number + section.suffix).strip()
    return None if shown == value.strip() else shown


def _section_for(value: float, sections: tuple[Section, ...]) -> tuple[Section, bool]:
    """Return the section for a value, and whether it shows the value without its sign."""
    if any(section.condition for section in sections):
        return next((s for s in sections if _meets(value, s.condition)), sections[-1]), False
    if value == 0 and len(sections) > _ZERO:
        return sections[_ZERO], False
    if value >= 0 or len(sections) == 1:
        return sections[0], False
    negative = sections[1]
    has_sign = "-" in negative.prefix + negative.suffix or "(" in negative.prefix
    prefix, suffix = (text.translate(_SIGNS) for text in (negative.prefix, negative.suffix))
    return replace(negative, prefix=prefix, suffix=suffix), not has_sign


def _meets(value: float, condition: tuple[str, float] | None) -> bool:
    return condition is None or bool(_COMPARE[condition[0]](value, condition[1]))


def _plain(figure: Decimal, whole_digits: int) -> str:
    """Write a figure without exponent and trailing zeros, padded to its digits: 6 as "06"."""
    text = f"{figure:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, point, fraction = digits.partition(".")
    return sign + whole.rjust(whole_digits, "0") + point + fraction


def shown_date(value: date, number_format: NumberFormat) -> str | None:
    """Return a date as shown where its format leaves out the day, month or year: "3/2020", "15/3", "2020"."""
    parts = number_format.sections[0].date_parts
    wanted = _calendar_parts(parts)
    if not wanted or len(wanted) == 3:
        return None
    texts = {"d": str(value.day), "m": str(value.month), "y": str(value.year)}
    clock = f" {value:%H:%M}" if isinstance(value, datetime) and "h" in parts else ""
    return "/".join(texts[part] for part in "dmy" if part in wanted) + clock


def _calendar_parts(parts: str) -> set[str]:
    """Return those of y, m, d that a format shows; an m beside h or s means minutes."""
    minutes = re.sub("hm|ms", "h", parts)
    return set(minutes) & set("ymd")
