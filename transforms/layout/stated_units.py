"""Units that a sheet states ("ĐVT: 1.000 đồng", "(triệu đồng)", "nghìn người") and their exact conversion."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from schemas.declaration import Unit
from schemas.forms import FORMS
from transforms.text.normalise import ascii_key, match_key

_SCALES = {
    "": 1,
    "tram": 100,
    "nghin": 1_000,
    "ngan": 1_000,
    "1000": 1_000,
    "1 000": 1_000,
    "000": 1_000,
    "k": 1_000,
    "chuc nghin": 10_000,
    "tram nghin": 100_000,
    "100 000": 100_000,
    "trieu": 1_000_000,
    "tr": 1_000_000,
    "1000000": 1_000_000,
    "1 000 000": 1_000_000,
    "nghin trieu": 1_000_000_000,
    "ty": 1_000_000_000,
    "ti": 1_000_000_000,
    "1 000 000 000": 1_000_000_000,
}
_MONEY = frozenset({"dong", "d", "vnd", "vn d", "dong vn", "dong viet nam", "viet nam dong"})
_FOREIGN_MONEY = frozenset({"usd", "do la", "do la my", "euro", "eur"})
_SHARES = frozenset({"phan tram", "ty le", "phan nghin"})
_COUNTED = frozenset(  # nouns in reports beside those of the declared units
    "nguoi vu luot cuoc co so tu_diem dia_ban san_pham lop mo_hinh doi_tuong bi_can bi_cao truong_hop lan "
    "luot_nguoi vu_viec dot buoi hoc_vien bai tin to cai chiec ho hop_dong don_vi giay_phep giay ngay_cong "
    "xa phuong thi_tran xa_phuong huyen tin_bai phong_su diem ho_so vu_an so_vu duong_day o_nhom khach_san "
    "can_bo nan_nhan".replace("co so", "co_so").split()
)
_COUNTS = _COUNTED | {
    ascii_key(measure.unit.label_vi).replace(" ", "_")
    for form in FORMS
    for measure in form.measures
    if measure.is_number
}
_SCORES = frozenset({"diem"})
_BASE = re.compile(
    r"(?:(?P<scale>chuc nghin|tram nghin|nghin trieu|1 000 000 000|1 000 000|100 000|1000000|1 000|1000|000"
    r"|tram|nghin|ngan|trieu|tr|ty|ti|k) ?)?(?P<base>[a-z ]*)"
)
_UNIT_LINE = re.compile(
    r"\b(?:don vi tinh|don vi do|dv tinh|dvt|d v t"
    r"|don vi(?= (?:1 ?000 |nghin |ngan |trieu |ty |tram )?(?:dong|vnd|d|nguoi|luot)$))\b ?"
)
_UNIT_LABEL = re.compile(
    r"(?:đơn vị tính|đơn vị đo|đơn vị|đv tính|đvt|đ\.v\.t|don vi tinh|don vi do|don vi|dv tinh|dvt)\W*"
)
_SEPARATORS = re.compile(r"[,;/+]| - |\bvà\b|\bhoặc\b")
_LONGEST = 60  # characters of a stated unit


@dataclass(frozen=True, slots=True)
class StatedUnit:
    """A unit as stated: `base` is "money", "count", "score", "share" or "foreign", `factor` its multiple.

    `noun` is what is counted ("nguoi"), without diacritics.
    """

    text: str
    base: str
    factor: int
    noun: str = ""


def read_unit(text: str) -> StatedUnit | None:
    """The unit that a text is ("1.000 đồng", "nghìn người", "tr.đ"), or None where it is no unit."""
    return _read_unit(match_key(text).strip(" .:()[]"))


@lru_cache(maxsize=4096)
def _read_unit(words: str) -> StatedUnit | None:
    if not words or len(words) > _LONGEST:
        return None
    if words in ("%", "‰"):
        return StatedUnit(words, "share", 1)
    plain = ascii_key(words)
    if plain.startswith(("dvt ", "don vi tinh ")):
        plain = plain.removeprefix("dvt ").removeprefix("don vi tinh ")
    found = _BASE.fullmatch(plain)
    if found is None:
        return None
    scale, base = found["scale"] or "", found["base"].strip()
    kind = _kind_of(base)
    if kind is None and not base and scale in ("nghin", "ngan", "trieu", "tr", "ty", "ti"):
        kind = "scaled"  # "(triệu)": money where the measure is money
    if kind is None or (kind == "score" and scale):
        return None
    return StatedUnit(words, kind, _SCALES[scale], base)


def _kind_of(base: str) -> str | None:
    if base in _MONEY:
        return "money"
    if base in _FOREIGN_MONEY:
        return "foreign"
    if base in _SHARES:
        return "share"
    if base in _SCORES:
        return "score"
    return "count" if base.replace(" ", "_") in _COUNTS else None


@lru_cache(maxsize=4096)
def units_of_line(text: str) -> tuple[StatedUnit, ...]:
    """The units of a line like "(Đơn vị tính: vụ, người, triệu đồng)"; none for any other text."""
    plain = ascii_key(text)
    if len(plain) > 3 * _LONGEST or not _UNIT_LINE.search(plain):
        return ()
    words = match_key(text)
    label = _UNIT_LABEL.search(words)
    stated = (words[label.end() :] if label else words).strip(" .:()[]")
    whole = _read_unit(stated)
    if whole is not None:
        return (whole,)
    units = (_read_unit(part.strip(" .:()[]")) for part in _SEPARATORS.split(stated))
    return tuple(unit for unit in units if unit is not None)


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
