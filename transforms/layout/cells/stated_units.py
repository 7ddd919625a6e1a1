"""Units that a sheet states ("ĐVT: 1.000 đồng", "(triệu đồng)", "nghìn người") and their exact conversion."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from schemas.declaration import Form, Measure, Unit
from schemas.findings import Words
from transforms.text.normalise import ascii_key, match_key

_LARGE = {"nghin": 1_000, "ngan": 1_000, "trieu": 1_000_000, "tr": 1_000_000}
_LARGE |= {"ty": 1_000_000_000, "ti": 1_000_000_000}
_BEFORE_LARGE = {"chuc": 10, "muoi": 10, "tram": 100, "nghin": 1_000, "ngan": 1_000}
_SCALES = {
    **{"": 1, "tram": 100, "000": 1_000, "k": 1_000},
    **{"x 1 000": 1_000, "x1 000": 1_000, "x 1000": 1_000, "x1000": 1_000},
    **{"1 000": 1_000, "1000": 1_000, "10 000": 10_000, "100 000": 100_000, "100000": 100_000},
    **{"1 000 000": 1_000_000, "1000000": 1_000_000, "1 000 000 000": 1_000_000_000},
    **_LARGE,
    **{f"{first} {word}": n * m for first, n in _BEFORE_LARGE.items() for word, m in _LARGE.items()},
}
_ENGLISH_SCALES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_SCALES |= _ENGLISH_SCALES
_BARE_SCALES = frozenset(_LARGE)  # "(triệu)": of money, or of what is counted
_TIMES = re.compile(r"(?:x ?|')(1?[. ]?000(?:[. ]?000)*)")  # "(x 1.000)", "('000)"
_ONE = re.compile(r"(?:1|mot) ?(?=(?:nghin|ngan|trieu|tr|ty|ti)\b)")  # "1 triệu đồng"
_SIGNS = str.maketrans({"₫": "đ", "$": "usd", "€": "eur"})
_POWER = re.compile(r"\b10(?:\^([369])|([³⁶⁹]))")  # "10^3 đồng", "10³ đồng"
_RAISED = {"³": 3, "⁶": 6, "⁹": 9}
_ABBREVIATED = {"ng d": "nghin d", "ngd": "nghin d", "nd": "nghin d", "n d": "nghin d"}
_MONEY = frozenset({"dong", "d", "vnd", "vn d", "dong vn", "dong viet nam", "viet nam dong"})
_FOREIGN_MONEY = frozenset({"usd", "do la", "do la my", "euro", "eur"})
_SHARES = frozenset({"phan tram", "ty le", "phan nghin"})
_MONEY_FIRST = re.compile(rf"(vnd|dong) ({'|'.join(_ENGLISH_SCALES)})")  # "VND thousand"
_COUNTED = frozenset(  # nouns in reports beside those of a form's own units
    "nguoi vu luot cuoc co so tu_diem dia_ban san_pham lop mo_hinh doi_tuong bi_can bi_cao truong_hop lan "
    "luot_nguoi vu_viec dot buoi hoc_vien bai tin to cai chiec ho hop_dong don_vi giay_phep giay ngay_cong "
    "xa phuong thi_tran xa_phuong huyen tin_bai phong_su diem ho_so vu_an so_vu duong_day o_nhom khach_san "
    "can_bo nan_nhan".replace("co so", "co_so").split()
)
NO_NOUNS: frozenset[str] = frozenset()
_SCORES = frozenset({"diem"})
_SCALE = "|".join(sorted(filter(None, _SCALES), key=len, reverse=True))
_BASE = re.compile(rf"(?:(?P<scale>{_SCALE}) ?)?(?P<base>[a-z ]*)")
_NAMES_UNIT = rf"(?= (?:(?:{_SCALE}) ?)?(?:dong(?: viet nam| vn)?|vnd|d|nguoi|luot|luot nguoi)$)"
_UNIT_LINE = re.compile(
    r"\b(?:don vi tinh|don vi do|don vi tien|dv tinh|d v tinh|dv tien|dvt|d v t|units?(?= )"
    rf"|(?:don vi|dv|tinh bang|tinh theo|tinh ra|quy ra){_NAMES_UNIT})\b ?"
)
_UNIT_LABEL = re.compile(
    r"(?:(?:đơn vị|đv|đ/v) (?:tính(?: tiền)?|đo(?: lường)?|tiền)(?: tệ)?|đơn vị|tính (?:bằng|theo|ra)|quy ra"
    r"|đvt|đv|đ\.v\.t|units?|(?:don vi|dv) (?:tinh(?: tien)?|do(?: luong)?|tien)(?: te)?|don vi|dvt|dv)"
    r"(?![^\W_])\W*"
)
_LABEL_ALONE = re.compile(r"(?:(?:don vi|dv) (?:tinh(?: tien)?|do(?: luong)?|tien)(?: te)?|dvt|d v t)")
_BEFORE_UNIT = re.compile(r"(?:dvt|don vi tinh|don vi|dv tinh|dv|tinh bang|x(?= \d)) (?=.)")
# "Số tiền: nghìn đồng": a multiple of money that no figure comes before states a unit in any line.
_MONEY_NAMED = re.compile(
    rf"(?:(?<=^)|(?<= ))"
    rf"(?P<unit>(?:{_SCALE}) ?(?:dong|vnd|d)|(?:vnd|dong) (?:{'|'.join(_ENGLISH_SCALES)}))\b"
)
_FIGURE_BEFORE = re.compile(
    r"(?:\d|\b(?:mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi|may|vai|nhieu|hang|ca|lam|linh|le|ruoi)) ?$"
)
_LONGEST_LINE = 12  # words: a longer text that names a multiple of money is not a line of units
# "KINH PHÍ (đồng)", "6 tháng đầu năm 2020 - nghìn đồng"
_BEHIND = re.compile(r"(?:[(\[]([^()\[\]]+)[)\]]|(?<=\s)[\-–—/]\s*([^()\[\]\-–—/:]+))[\s.:*]*$")
_YEAR = re.compile(r"\b(?:19|20)\d\d$")
_SHORTEST_ALONE = 3  # characters of a unit alone in a cell or behind a dash, but for "tỷ"
_BILLIONS = frozenset({"tỷ", "tỉ", "ty", "ti"})
_SEPARATORS = re.compile(r"[,;/+]| - |\bvà\b|\bhoặc\b")
_LONGEST = 60  # characters of a stated unit
_LONGEST_TITLE = 300  # characters of a line with a unit at its end


@dataclass(frozen=True, slots=True)
class StatedUnit:
    """A unit as stated: its kind, its multiple, and what is counted.

    `base` is "money", "count", "score", "share", "foreign" or, for a multiple alone, "scaled"; `noun` is
    what is counted ("nguoi"), without diacritics.
    """

    text: str
    base: str
    factor: int
    noun: str = ""


@lru_cache
def nouns_of(form: Form) -> frozenset[str]:
    """What the measures of a form count, where these are no words that all reports have: also "USD", "m³"."""
    return frozenset().union(*(nouns_of_measure(measure) for measure in form.measures if measure.is_number))


@lru_cache
def nouns_of_measure(measure: Measure) -> frozenset[str]:
    """What a measure counts, as `nouns_of`: one noun, or none."""
    known = read_unit(measure.unit.label_vi)
    if known is not None and known.base != "foreign":
        return NO_NOUNS
    return frozenset({ascii_key(measure.unit.label_vi).replace(" ", "_")})


def read_unit(text: str, nouns: frozenset[str] = NO_NOUNS) -> StatedUnit | None:
    """The unit that a text is ("1.000 đồng", "nghìn người", "tr.đ"), or None where it is no unit.

    `nouns` are those of the form, as `nouns_of` has them.
    """
    return _read_unit(match_key(text).strip(" .:()[]"), nouns)


@lru_cache(maxsize=4096)
def _read_unit(words: str, nouns: frozenset[str]) -> StatedUnit | None:
    if not words or len(words) > _LONGEST:
        return None
    if words in ("%", "‰"):
        return StatedUnit(words, "share", 1)
    written = _POWER.sub(lambda power: "1" + "0" * int(power[1] or _RAISED[power[2]]), words)
    if times := _TIMES.fullmatch(written):
        return StatedUnit(words, "scaled", 10 ** times[1].count("0"))
    plain = _ONE.sub("", ascii_key(written.translate(_SIGNS)), count=1)
    plain = _MONEY_FIRST.sub(r"\2 \1", _BEFORE_UNIT.sub("", plain, count=1))
    if plain.replace(" ", "_") in nouns:
        return StatedUnit(words, "count", 1, plain)
    found = _BASE.fullmatch(_ABBREVIATED.get(plain, plain))
    if found is None:
        return None
    scale, base = found["scale"] or "", found["base"].strip()
    kind = _kind_of(base, nouns)
    if kind is None and not base and scale in _BARE_SCALES:
        kind = "scaled"  # "(triệu)": money where the measure is money
    if kind is None or (kind == "score" and scale):
        return None
    return StatedUnit(words, kind, _SCALES[scale], base)


def _kind_of(base: str, nouns: frozenset[str]) -> str | None:
    noun = base.replace(" ", "_")
    if noun in nouns:
        return "count"
    if base in _MONEY:
        return "money"
    if base in _FOREIGN_MONEY:
        return "foreign"
    if base in _SHARES:
        return "share"
    if base in _SCORES:
        return "score"
    return "count" if noun in _COUNTED else None


@lru_cache(maxsize=4096)
def units_of_line(text: str, nouns: frozenset[str] = NO_NOUNS) -> tuple[StatedUnit, ...]:
    """The units of a line like "(Đơn vị tính: vụ, người, triệu đồng)"; none for any other text."""
    plain = ascii_key(text)
    if len(plain) > 3 * _LONGEST or not _UNIT_LINE.search(plain):
        return ()
    words = match_key(text)
    label = _UNIT_LABEL.search(words)
    stated = (words[label.end() :] if label else words).strip(" .:()[]")
    whole = _read_unit(stated, nouns)
    if whole is not None:
        return (whole,)
    # "cơ sở; tiền: triệu đồng"
    parts = (part.rpartition(":")[2].strip(" .:()[]") for part in _SEPARATORS.split(stated))
    units = (_read_unit(part, nouns) for part in parts)
    return tuple(unit for unit in units if unit is not None)


@lru_cache(maxsize=4096)
def money_named(text: str) -> StatedUnit | None:
    """The multiple of money that a short text names without a figure before it ("Số tiền: nghìn đồng")."""
    plain = ascii_key(text)
    for found in _MONEY_NAMED.finditer(plain) if len(plain.split()) <= _LONGEST_LINE else ():
        if not _FIGURE_BEFORE.search(plain[: found.start()]):
            return _read_unit(found["unit"], NO_NOUNS)
    return None


@lru_cache(maxsize=4096)
def units_stated_in(text: str, nouns: frozenset[str] = NO_NOUNS) -> tuple[StatedUnit, ...]:
    """The units that a line states: by a label, alone, at its end, or in words ("Số tiền: nghìn đồng")."""
    stated = units_of_line(text, nouns)
    if stated or states_unit(text):
        return stated
    found = _unit_alone(text, nouns) or _unit_behind(text, nouns) or money_named(text)
    return (found,) if found is not None else ()


def _unit_alone(text: str, nouns: frozenset[str]) -> StatedUnit | None:
    """The unit of a text that holds nothing else ("(nghìn đồng)"), where it is one of money or a multiple."""
    alone = read_unit(text, nouns)
    if alone is None or (len(alone.text) < _SHORTEST_ALONE and alone.text not in _BILLIONS):
        return None
    return alone if alone.base in ("money", "scaled") or alone.factor > 1 else None


def _unit_behind(text: str, nouns: frozenset[str]) -> StatedUnit | None:
    """The unit in brackets or behind a dash at the end of a text, where it is one of money or a multiple."""
    found = _BEHIND.search(text) if len(text) <= _LONGEST_TITLE else None
    before = text[: found.start()].strip() if found is not None else ""
    if found is None or not before or (_FIGURE_BEFORE.search(ascii_key(before)) and not _YEAR.search(before)):
        return None
    if found[1] and ascii_key(found[1]) == "d" and match_key(found[1]) == "đ":
        return read_unit(found[1], nouns)
    return _unit_alone(found[1] or found[2], nouns)


@lru_cache(maxsize=4096)
def is_unit_label(text: str) -> bool:
    """Whether a text is the label of a unit and nothing else ("ĐVT:"); the unit is in the next cell."""
    return _LABEL_ALONE.fullmatch(ascii_key(text)) is not None


@lru_cache(maxsize=4096)
def states_unit(text: str) -> bool:
    """Whether a text is a line that states units, readable or not."""
    return bool(_UNIT_LINE.search(ascii_key(text)))


def conversion(stated: StatedUnit, unit: Unit) -> Decimal | None:
    """The factor from the stated unit to the measure's, or None where there is no certain one."""
    own = own_unit(unit)
    if stated.base == own.base or (stated.base == "scaled" and own.base in ("money", "count")):
        return Decimal(stated.factor) / Decimal(own.factor)
    return None


@lru_cache
def own_unit(unit: Unit) -> StatedUnit:
    """The unit of a measure in the terms of stated units."""
    known = read_unit(unit.label_vi)
    if unit.money and known is not None and known.base == "money":
        return known
    if known is not None and known.base in ("score", "share"):
        return known
    return StatedUnit(unit.label_vi, "count", 1, ascii_key(unit.label_vi))


def mismatch_details(measure: Measure, reason: Words) -> dict[str, object]:
    """Return the details of UNIT-MISMATCH: the unit of a measure, and what is wrong or was done."""
    return {
        "label": measure.label_vi,
        "expected": Words("unit.of-form", {"unit": measure.unit.label_vi}),
        "reason": reason,
    }
