"""Notes by which a figure of the table is another one: "số đúng là 15", "chưa tính 3 vụ", "số lũy kế"."""

import re
from functools import lru_cache

from transforms.layout.row_words import names_other_figures
from transforms.text.normalise import ascii_key

# Numbers that are no figures of the table: dates, documents, the columns and forms of an explanation.
_NO_FIGURE = re.compile(
    r"\b(?:ngay |thang )?(?:\d{1,2} ){1,2}(?:19|20)\d\d\b|\b(?:ngay|thang|quy|nam) \d+\b|\b(?:19|20)\d\d\b"
    r"|\b(?:cot|bieu|bieu so|mau|mau so|dieu|khoan|lan|phu luc|trang) \d+\b"
    r"|\b(?:thong tu|nghi dinh|nghi quyet|quyet dinh|cong van|chi thi|luat|van ban|ke hoach)(?: so)? \d+\b"
    r"|\bso \d+ (?:\d+ )?(?:nd|nq|qd|tt|kh|ct|cv|bc|ttr|hd|ubnd)\b"
)
_CORRECTION = re.compile(
    r"\b(?:so dung|dung la|thuc te(?: la)?|(?:sua|dieu chinh|doi) (?:lai )?(?:thanh|la)|dinh chinh"
    r"|(?:chua|khong) (?:tinh|cong|gom|bao gom)|chi tinh|con thieu|(?:cong|tinh|bo sung) them)\b.{0,40}?\d"
    r"|\b(?:phai la|sua lai|sua)(?: so| so lieu)? \d"
    r"|\b(?:bo|xoa|huy) (?:dong|hang|muc|so lieu)(?: so)? \d"
    r"|\btinh (?:theo|bang)(?: don vi)? (?:chuc|tram|nghin|ngan|trieu|ty)\b(?! dong)"
    r"|\bso lieu (?:nay )?(?:con )?(?:chua (?:day )?du|chua chinh xac|thieu)\b"
    r"|\bso lieu (?:nay )?(?:tam tinh|uoc tinh|gia dinh|vi du)\b"
    r"|^(?:ban |bao cao )?(?:nhap|du thao)$"
)
_FIGURES_OF_PERIOD = re.compile(
    r"(?<!so voi )\bso lieu (?:cua |trong |la )?"
    r"((?:thang|quy|nam) ?[0-9ivx]{1,4}(?: (?:nam )?\d{4})?|6 thang (?:dau|cuoi) nam(?: \d{4})?)\b"
)
_OF_FIGURES = re.compile(r"(?:ghi chu |luu y )?so (?:lieu |luy ke)")
# Many offices report estimates for the last days of a period; the figure is the one they mean.
_ESTIMATE = re.compile(r"(?:so lieu )?(?:uoc|uoc tinh)")
_ADDED = re.compile(r"[+-] ?\d+")  # "+12"


@lru_cache(maxsize=4096)
def corrects_figures(text: str) -> bool:
    """Whether a note corrects a figure, calls it incomplete, or states that "số liệu" are others."""
    words = " ".join(_NO_FIGURE.sub(" ", ascii_key(text)).split())
    if _is_estimate(text):
        return False
    return (
        _CORRECTION.search(words) is not None
        or _ADDED.fullmatch(text.strip()) is not None
        or (_OF_FIGURES.match(ascii_key(text)) is not None and names_other_figures(text))
    )


@lru_cache(maxsize=4096)
def tells_other_figure(text: str) -> bool:
    """Whether a note beside figures corrects them or names what they are ("Kế hoạch năm")."""
    return not _is_estimate(text) and (corrects_figures(text) or names_other_figures(text))


def _is_estimate(text: str) -> bool:
    return _ESTIMATE.fullmatch(ascii_key(text)) is not None


@lru_cache(maxsize=4096)
def period_of_figures(text: str) -> str:
    """Return the words of the part of the year to which a note assigns the figures, "" for none."""
    found = _FIGURES_OF_PERIOD.search(ascii_key(text))
    return found[1] if found else ""
