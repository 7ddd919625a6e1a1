"""The words by which rows of a table are recognised: totals, rows that are left out, notes, signatures."""

import re
from enum import StrEnum
from functools import lru_cache

from schemas.form_set import FormSet
from transforms.layout.sheet_head.letterhead import form_code
from transforms.text.normalise import ascii_key, match_key

_FOOTER = re.compile(
    r"(?:nguoi lap|thu truong|thu tr|nguoi bao cao|nguoi ky|noi nhan|lanh dao|giam doc|pho giam doc|chu tich"
    r"|pho chu tich|tm |kt |tl |tuq |ghi chu|chu thich|luu y|ky ten|ky ghi ro|xac nhan|ke toan|can bo"
    r"|dien thoai|tong so (?:trang|to|ban|bieu)|trang \d|chuyen trang|tiep theo|mang sang)"
    r"|.*\bngay \d{0,2} ?thang \d{0,2} ?nam\b"
)
_TOTAL = re.compile(
    r"(?:tổng cộng|tổng số|tổng|cộng|t[./]? ?cộng|total|sum|grand total|tính chung|tất cả)(?![^\W\d_]).*"
    r"|[∑σς].*|t[./]?c|t[./]?s|(?:số tổng|hợp) cộng"
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
    r"|toc do tang|tu dau nam|ca nam\b|chi tieu(?: (?:giao|duoc giao|ke hoach|nam)\b.*)?$|hoan thanh\b"
    r"|(?:mang|chuyen) (?:sang|trang)\b|trang (?:truoc|nay|sau)\b)"
    r"|% |(?:trong do |tr do )?(?:so )?nu(?: gioi)?$|cong trang(?: \d{1,2})?$"
)
_PART_OF_YEAR = re.compile(
    r"(?:thuc hien |th |ket qua |so lieu )?(?:(?:thang|quy|nam) ?[0-9ivx]{1,4}(?: (?:nam )?\d{4})?"
    r"|[369] thang(?: (?:dau|cuoi) nam)?(?: \d{4})?|q ?[1-4] \d{4})"
)
# All words of a text that names other figures and nothing else: "Kế hoạch giao năm 2020", "So với KH (%)".
_WORDS_OF_QUANTITIES = re.compile(
    r"\b(?:bao|bc|binh|bo|bq|ca|cao|cap|chenh|chi|chu|chung|chuyen|con|cong|cua|cung|cuoi|da|dat|dau|de|den|"
    r"do|doi|don|du|dung|duoc|duyet|ghi|giam|giao|gioi|hang|het|hien|hoach|hoan|hon|huyen|ke|ket|kh|kien|ky|"
    r"lai|lan|le|lech|lieu|lk|luu|luy|mang|moi|muc|nam|nay|ngay|nu|phan|qua|quan|quy|ra|sang|sanh|sau|so|"
    r"sung|tam|tang|th|thang|thanh|thap|thuc|ti|tien|tieu|tinh|toan|toi|tong|tr|tram|trang|trong|trung|"
    r"truoc|tu|tuong|tuyet|ty|uoc|va|vi|voi|vuot|xa|y"
    r"|\d+|[ivx]{1,4}|[qt]\d{1,2})(?: |$)"
)
_OF_OTHER_FIGURES = re.compile(
    r"(?:ghi chu |luu y )?(?:tong |so lieu |so |cua |thuc hien |ket qua |trong do )*"
    r"(?:luy ke|lk|cong don|(?:kh|ke hoach)(?! so)|du toan|muc tieu|uoc|du kien|cung ky"
    r"|(?:ky|thang|quy|nam) (?:bao cao )?truoc|tam tinh|binh quan|trung binh|tu dau nam|nu(?: gioi)?$)\b"
)
# The word after "tổng" or "cộng" in a total ("Tổng của 7 hình thức"); with any other it may be a name.
_TOTAL_OF = re.compile(
    r"(?:tổng|cộng) (?!(?:cộng|số|hợp|chung|của|các|toàn|cả|trong|theo|trên|dồn|lại|lên|trang|kỳ|quý|tháng"
    r"|năm|ngành|tỉnh|huyện|xã|phường|quận|nhóm|mục|phần|khối|cụm|khu|ngân|kinh|sau|trước|này|và|cuối|đầu"
    r"|đơn vị|địa phương|địa bàn|cơ sở|cơ quan|người|lượt|vụ|ca|hộ|cuộc|buổi|hồ sơ|trường hợp|đối tượng|tiền"
    r"|thu|chi(?! (?:cục|hội|đoàn|bộ|nhánh)))\b)"
    r"[^\W\d_]{2}"
)
_LIST_MARK = re.compile(r"^\s*[(\[]?(?:[IVXivx]{1,5}|[A-Ha-hĐđ]|\d{1,2})[.)\]/:\-]+\s*")
_MARK = re.compile(r"[(\[]?(?:[ivx]{1,5}|[a-h])[.)\]/]?", re.IGNORECASE)
_CARRIED = re.compile(r"(?:tong |cong )*(?:mang|chuyen|trang)\b")
_SPACED_LETTERS = re.compile(r"(?:[^\W\d_] +){3,}[^\W\d_]")
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
    if _SPACED_LETTERS.fullmatch(text.strip()):  # "T Ổ N G   C Ộ N G"
        text = " ".join("".join(word.split()) for word in re.split(r"\s{2,}", text.strip()))
    words, plain = match_key(text).lstrip("-+*. "), ascii_key(text)
    if _LEFT_OUT.match(plain) or _PART_OF_YEAR.fullmatch(plain):
        return Summary.LEFT_OUT
    if _COUNTS_PAGES.match(plain):
        return None
    if _TOTAL.fullmatch(words) or _TOTAL_WITHOUT_MARKS.fullmatch(plain):
        return Summary.TOTAL
    return None


@lru_cache(maxsize=4096)
def may_be_a_name(text: str) -> bool:
    """Whether a text that begins as that of a total may be a name: "Tổng đài tư vấn", "Cộng tác viên"."""
    return _TOTAL_OF.match(match_key(text)) is not None


@lru_cache(maxsize=4096)
def is_wholly_left_out(text: str) -> bool:
    """Whether all words of a text name other figures; not "Kế hoạch nhỏ", which may be a name."""
    return summary_of(text) is Summary.LEFT_OUT and _has_only_words_of_quantities(text)


@lru_cache(maxsize=4096)
def names_other_figures(text: str) -> bool:
    """Whether a text names the kind of figures, and it is not that of a period ("Số kế hoạch năm")."""
    words = _LIST_MARK.sub("", text, count=1)
    return _OF_OTHER_FIGURES.match(ascii_key(words)) is not None and _has_only_words_of_quantities(words)


def _has_only_words_of_quantities(text: str) -> bool:
    return not _WORDS_OF_QUANTITIES.sub("", ascii_key(text))


def is_carried(text: str) -> bool:
    """Whether a text is that of a sum at the end of a page or carried over to the next one."""
    return _CARRIED.match(ascii_key(text)) is not None


def is_list_mark(text: str) -> bool:
    """Whether a text is the number or letter of a heading: "II", "A.", "b)"."""
    return _MARK.fullmatch(text.strip()) is not None


def is_part_of_year(text: str) -> bool:
    """Whether a text names a month, quarter, half or year and nothing else."""
    return _PART_OF_YEAR.fullmatch(ascii_key(text)) is not None


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
