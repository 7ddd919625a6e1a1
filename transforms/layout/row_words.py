"""The words by which rows of a table are recognised: totals, rows that are left out, notes, signatures."""

import re
from enum import StrEnum
from functools import lru_cache

from schemas.form_set import FormSet
from transforms.layout.letterhead import form_code
from transforms.text.normalise import ascii_key, match_key

_FOOTER = re.compile(
    r"(?:nguoi lap|thu truong|thu tr|nguoi bao cao|nguoi ky|noi nhan|lanh dao|giam doc|pho giam doc|chu tich"
    r"|pho chu tich|tm |kt |tl |tuq |ghi chu|chu thich|luu y|ky ten|ky ghi ro|xac nhan|ke toan|can bo"
    r"|dien thoai|tong so (?:trang|to|ban|bieu)|trang \d|chuyen trang|tiep theo|mang sang)"
    r"|.*\bngay \d{0,2} ?thang \d{0,2} ?nam\b"
)
_TOTAL = re.compile(
    r"(?:tổng cộng|tổng số|tổng|cộng|t[./]? ?cộng|total|sum|grand total|tính chung|tất cả)(?![^\W\d_]).*"
    r"|[∑σς].*|tc"
    r"|(?:toàn|cả) (?:tỉnh|huyện|thành phố|thị xã|xã|phường|thị trấn|ngành|đơn vị|quận|khu vực)\b.*"
)
_TOTAL_WITHOUT_MARKS = re.compile(
    r"(?:tong cong|tong so|tong|cong)(?: chung| (?:toan|ca) [a-z]+| [ivx]+| \d+)*"
    r"|(?:toan|ca) (?:tinh|huyen|thanh pho|xa)"
)
_LEFT_OUT = re.compile(
    r"(?:tong cong |tong so |tong |cong |so lieu |so |thuc hien |ket qua )?(?:luy ke|cong don\b(?! vi )"
    r"|so voi|so sanh"
    r"|so cung ky|cung ky|(?:ky|thang|quy|nam) (?:bao cao )?truoc|ke hoach|ty le|ti le|ty trong|dat ty le"
    r"|dat \d|dat (?:ke hoach|muc tieu|chi tieu)|muc tieu|chenh lech|binh quan|trung binh"
    r"|(?:tang|giam)\b(?: giam|(?= so\b|$| \d))|(?:lk|kh)\b|uoc (?:thuc hien|th|ca|quy|thang|nam)\b|du kien"
    r"|tu dau nam|ca nam\b|chi tieu(?: (?:giao|duoc giao|ke hoach|nam)\b.*)?$|hoan thanh\b"
    r"|(?:mang|chuyen) (?:sang|trang)\b|trang (?:truoc|nay|sau)\b)"
    r"|% |(?:thuc hien |ket qua |so lieu )?(?:(?:thang|quy|nam) ?[0-9ivx]{1,4}(?: (?:nam )?\d{4})?"
    r"|[369] thang(?: (?:dau|cuoi) nam)?(?: \d{4})?|q ?[1-4] \d{4})$"
    r"|(?:trong do |tr do )?(?:so )?nu(?: gioi)?$|cong trang(?: \d{1,2})?$"
)
_COUNTS_PAGES = re.compile(r"(?:tong|cong|tong so|tong cong|so) (?:so )?(?:trang|to|ban|bieu)\b")
_LETTERHEAD = re.compile(r"cong hoa xa hoi chu nghia|doc lap tu do hanh phuc|ky bao cao|so lieu tu ngay")
_LONGEST_CODE_LINE = 40  # characters; a longer text with a form code mentions the form


class Summary(StrEnum):
    """A row that sums up others (TOTAL), or has cumulative or compared figures (LEFT_OUT)."""

    TOTAL = "total"
    LEFT_OUT = "left_out"


@lru_cache(maxsize=4096)
def summary_of(text: str) -> Summary | None:
    """TOTAL for "Tổng cộng", "Cộng (I+II)", "Toàn huyện"; LEFT_OUT for "Lũy kế", "So với cùng kỳ"."""
    words, plain = match_key(text).lstrip("-+*. "), ascii_key(text)
    if _LEFT_OUT.match(plain):
        return Summary.LEFT_OUT
    if _COUNTS_PAGES.match(plain):
        return None
    if _TOTAL.fullmatch(words) or _TOTAL_WITHOUT_MARKS.fullmatch(plain):
        return Summary.TOTAL
    return None


@lru_cache(maxsize=4096)
def is_footer(text: str) -> bool:
    """Whether a text is a note, a date line or a part of a signature."""
    return _FOOTER.match(ascii_key(text)) is not None


@lru_cache(maxsize=4096)
def is_line_of_letterhead(text: str, forms: FormSet) -> bool:
    """Whether a text repeats what is above the table: code, period, window or the lines of a letterhead."""
    if _LETTERHEAD.match(ascii_key(text)) is not None:
        return True
    return is_code_line(text, forms)


def is_code_line(text: str, forms: FormSet) -> bool:
    """Whether a text is short and has the code of a form of the set."""
    return len(text) <= _LONGEST_CODE_LINE and form_code(text, forms) in forms.by_code
