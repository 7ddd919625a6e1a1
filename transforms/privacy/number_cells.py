"""Decide by what is around a numeric cell whether it is an amount, or a number that identifies a person."""

import re
from collections.abc import Sequence

from transforms.privacy.identity_numbers import is_identifying_figure
from transforms.text.normalise import match_key

Rows = Sequence[Sequence[object]]

LEAST_PERSONAL = 10_000_000  # no identity or phone number has fewer than eight digits
_MOST_PERSONAL = 999_999_999_999
_HEADINGS_READ = 6  # texts above a cell that may be its heading
_IDENTITY_HEADING = re.compile(
    r"\b(?:cmnd|cmt|cmtnd|cccd|chứng minh|căn cước|định danh|hộ chiếu|giấy tờ|passport|identity|id card|"
    r"sđt|đtdđ|điện thoại|di động|số máy|zalo|liên hệ|phone|mobile|tel|stk|tài khoản|account)\b"
)
_FIGURE_HEADING = re.compile(
    r"\b(?:đồng|vnđ|vnd|usd|tiền|kinh phí|doanh thu|doanh số|"
    r"thu|chi|giá|giá trị|trị giá|ngân sách|vốn|nợ|lương|thuế|phí|lệ phí|"
    r"dân số|nhân khẩu|diện tích|sản lượng|số lượng|số lượt|"
    r"lượt|khối lượng|tổng|tổng số|cộng|dự toán|quyết toán|lũy kế|số dư|"
    r"m2|m²|ha|kg|tấn|gdp|grdp|population|amount|total|area|value|revenue|cost|budget|income|price|quantity|output|sum|"
    r"số người|số vụ|số cơ sở|số sản phẩm|kim ngạch|xuất khẩu|nhập khẩu|"
    r"năm|quý|tháng|kế hoạch|thực hiện|tỷ lệ|chỉ tiêu)\b"
)


def is_person_among(rows: Rows, row: int, column: int, value: int | float) -> bool:
    """Whether a number outside the measure columns is a person's, by its structure, headings and neighbours.

    `row` and `column` count from 0. A heading that names a document or a phone decides for a person, one
    that names an amount or a quantity against; without either, the structure and the neighbours decide.
    """
    if not float(value).is_integer() or not LEAST_PERSONAL <= abs(value) <= _MOST_PERSONAL:
        return False
    digits = str(abs(int(value)))
    texts = [*_headings(rows, row, column), *_labels(rows, row, column)]
    if any(_IDENTITY_HEADING.search(text) for text in texts):
        return not digits.endswith("00000")
    if not is_identifying_figure(digits) or any(_FIGURE_HEADING.search(text) for text in texts):
        return False
    return not _is_among_amounts(rows, row, column)


def _headings(rows: Rows, row: int, column: int) -> list[str]:
    """Return the texts above a cell, the nearest first."""
    found: list[str] = []
    for above in reversed(rows[:row]):
        text = above[column] if column < len(above) else None
        if isinstance(text, str) and any(c.isalpha() for c in text):
            found.append(match_key(text))
            if len(found) == _HEADINGS_READ:
                break
    return found


def _labels(rows: Rows, row: int, column: int) -> list[str]:
    """Return the nearest text to the left of a cell, its label."""
    for text in reversed(rows[row][:column]):
        if isinstance(text, str) and any(c.isalpha() for c in text):
            return [match_key(text)]
    return []


def _is_among_amounts(rows: Rows, row: int, column: int) -> bool:
    """Whether other large numbers in the row or column are no identity numbers: a table of amounts."""
    others = [value for c, value in enumerate(rows[row]) if c != column and _is_large(value)]
    for r, other in enumerate(rows):
        if r != row and column < len(other) and _is_large(other[column]):
            others.append(other[column])
    amounts = [value for value in others if not is_identifying_figure(_digits(value))]
    return len(amounts) * 2 >= len(others) > 0


def _is_large(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= 10_000


def _digits(value: object) -> str:
    return str(abs(int(value))) if isinstance(value, int | float) and float(value).is_integer() else ""
