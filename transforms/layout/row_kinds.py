"""What each row below a header is: data, total, section heading, repeated header, note, footer."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from schemas.declaration import Form
from schemas.forms import BY_CODE
from transforms.extract.sheet import Sheet
from transforms.layout.cell_values import PlaceLookup, read_cell
from transforms.layout.found_text import Grid
from transforms.layout.header import Header
from transforms.layout.letterhead import form_code, is_mention
from transforms.layout.number_rows import is_number_row, unit_row
from transforms.layout.stated_units import StatedUnit
from transforms.text.normalise import ascii_key, match_key
from transforms.text.numbers import read_number


class RowKind(StrEnum):
    """What a row below the header is. LEFT_OUT: cumulative or compared figures, knowingly not read."""

    BLANK = "blank"
    HEADER = "header"
    NUMBERS = "numbers"
    UNITS = "units"
    DATA = "data"
    SECTION = "section"
    TOTAL = "total"
    LEFT_OUT = "left_out"
    NOTE = "note"
    UNKNOWN = "unknown"
    STRAY = "stray"
    OTHER_FORM = "other_form"
    ORDINAL_ONLY = "ordinal_only"
    FOOTER = "footer"


TABLE_KINDS = frozenset(
    {RowKind.DATA, RowKind.SECTION, RowKind.TOTAL, RowKind.LEFT_OUT, RowKind.HEADER, RowKind.STRAY}
)
_FOOTER = re.compile(
    r"(?:nguoi lap|thu truong|thu tr|nguoi bao cao|nguoi ky|noi nhan|lanh dao|giam doc|pho giam doc|chu tich"
    r"|pho chu tich|tm |kt |tl |tuq |ghi chu|chu thich|luu y|ky ten|ky ghi ro|xac nhan|ke toan|can bo"
    r"|dien thoai|tong so (?:trang|to|ban|bieu)|trang \d|chuyen trang|tiep theo|mang sang)"
    r"|.*\bngay \d{0,2} ?thang \d{0,2} ?nam\b"
)
_TOTAL = re.compile(
    r"(?:tổng cộng|tổng số|tổng|cộng)(?![^\W\d_]).*|toàn (?:tỉnh|huyện|thành phố|thị xã|xã"
    r"|phường|thị trấn|ngành|đơn vị|quận|khu vực)\b.*"
)
_TOTAL_WITHOUT_MARKS = re.compile(
    r"(?:tong cong|tong so|tong|cong)(?: chung| (?:toan|ca) [a-z]+| [ivx]+| \d+)*"
    r"|toan (?:tinh|huyen|thanh pho|xa)"
)
_LEFT_OUT = re.compile(
    r"(?:[+\-] ?)?(?:tong cong |tong so |tong |cong |so lieu |so )?(?:luy ke|cong don|so voi|so sanh|cung ky"
    r"|(?:ky|thang|quy|nam) (?:bao cao )?truoc|ke hoach|ty le|tang|giam|ty trong|dat ty le|dat \d|% )"
)
_COUNTS_PAGES = re.compile(r"(?:tong|cong|tong so|tong cong|so) (?:so )?(?:trang|to|ban|bieu)\b")
_LETTERHEAD = re.compile(r"cong hoa xa hoi chu nghia|doc lap tu do hanh phuc|ky bao cao|so lieu tu ngay")
_LONGEST_CODE_LINE = 40  # characters; a longer text with a form code mentions the form
_ROMAN_OR_LETTER = re.compile(r"(?:[ivx]{1,5}|[a-h])[.)]?", re.IGNORECASE)


@dataclass(slots=True)
class Table:
    """A form's table in a sheet: what is the same for each of its rows.

    `measures` and `keys` are the sheet's columns of those that are there; `label_columns` those in which a
    total row may say that it is one; `header_texts` the header's texts by row and column.
    """

    sheet: Sheet
    header: Header
    form: Form
    lookup: PlaceLookup
    measures: list[int]
    keys: list[int]
    label_columns: list[int]
    header_texts: list[dict[int, str]]
    kinds: dict[int, RowKind] = field(default_factory=dict)
    unit_rows: list[tuple[int, dict[int, StatedUnit]]] = field(default_factory=list)

    @property
    def rows(self) -> Grid:
        """All rows of the sheet."""
        return self.sheet.rows


def table_of(sheet: Sheet, header: Header, form: Form, lookup: PlaceLookup) -> Table:
    """The table below a header, its rows classified."""
    measures = [header.columns[m.key] for m in form.measures if m.key in header.columns]
    keys = [header.columns[d.key] for d in form.dimensions if d.key in header.columns]
    ordinal = [] if header.ordinal is None else [header.ordinal]
    texts = [
        {
            c: match_key(text)
            for c, text in enumerate(sheet.rows[row])
            if isinstance(text, str) and text.strip()
        }
        for row in range(header.first_row, header.last_row + 1)
    ]
    labels = sorted({*keys, *ordinal, *range(min(measures, default=0))})
    table = Table(sheet, header, form, lookup, measures, keys, labels, texts)
    _classify_rows(table)
    return table


def is_blank(values: Iterable[object]) -> bool:
    """Whether no value has anything in it."""
    for value in values:
        if value is not None and not (isinstance(value, str) and not value.strip()):
            return False
    return True


def cells(row: Sequence[object], columns: Iterable[int]) -> list[object]:
    """The values of a row in the given columns, as far as the row reaches."""
    width = len(row)
    return [row[column] for column in columns if column < width]


def at(row: Sequence[object], column: int) -> object:
    """The value of a row in a column, None beyond its end."""
    return row[column] if column < len(row) else None


def _classify_rows(table: Table) -> None:
    """Give every row below the header its kind; rows below the last one of the table are its footer."""
    rows, kinds = table.rows, table.kinds
    before_data, after_footer = True, False
    last = table.header.last_row
    for index in range(table.header.last_row + 1, len(rows)):
        if _begins_other_form(rows[index], table):
            kinds.update(dict.fromkeys(range(index, len(rows)), RowKind.OTHER_FORM))
            break
        kind = _kind(table, index, before_data=before_data, after_footer=after_footer)
        kinds[index] = kind
        if kind in TABLE_KINDS:
            last = index
        before_data = kind is RowKind.HEADER or (
            before_data and kind in (RowKind.BLANK, RowKind.NUMBERS, RowKind.UNITS)
        )
        after_footer = kind is RowKind.NOTE or (after_footer and kind not in TABLE_KINDS)
    for index in range(last + 1, len(rows)):
        if kinds[index] in (RowKind.NOTE, RowKind.UNKNOWN):  # below the last row of the table
            kinds[index] = RowKind.FOOTER


def _kind(table: Table, index: int, *, before_data: bool, after_footer: bool) -> RowKind:
    row = table.rows[index]
    if is_blank(row):
        return RowKind.BLANK
    if before_data and (kind := _kind_before_data(table, index)):
        return kind
    if _repeats_header(row, table):
        return RowKind.HEADER
    if (kind := _summary_kind(row, table)) is not None:
        return kind
    if _is_letterhead(row) and not has_figure(row, table.measures):
        return RowKind.NOTE
    if has_figure(row, table.measures):
        if is_blank(cells(row, table.keys)) and _is_footer(_joined(row)):
            return RowKind.NOTE
        if _is_section(table, index):
            return RowKind.SECTION
        return RowKind.DATA if not after_footer or _names_something(row, table) else _stray_kind(row)
    if _names_something(row, table) and not after_footer:
        return RowKind.SECTION if _is_section(table, index) else RowKind.DATA
    if any(isinstance(value, str) and _is_footer(value) for value in row):
        return RowKind.NOTE
    if not is_blank(cells(row, table.measures)) and not _is_single_text(row):
        return RowKind.NOTE if after_footer else RowKind.DATA
    return _kind_without_figures(row, table)


def _begins_other_form(row: Sequence[object], table: Table) -> bool:
    """Whether a row has the code of another form, by itself: a second form below the first."""
    return any(
        isinstance(value, str)
        and len(value) <= _LONGEST_CODE_LINE
        and (code := form_code(value)) in BY_CODE
        and code != table.form.code
        and not is_mention(value)
        for value in row
    )


def _is_letterhead(row: Sequence[object]) -> bool:
    """Whether a row repeats what is above the table: code, period, window or the lines of a letterhead."""
    return any(isinstance(value, str) and _is_line_of_letterhead(value) for value in row)


@lru_cache(maxsize=4096)
def _is_line_of_letterhead(text: str) -> bool:
    words = ascii_key(text)
    if _LETTERHEAD.match(words) is not None:
        return True
    return len(text) <= _LONGEST_CODE_LINE and form_code(text) in BY_CODE


def _kind_before_data(table: Table, index: int) -> RowKind | None:
    row = table.rows[index]
    if is_number_row(row):
        return RowKind.NUMBERS
    if units := unit_row(row, table.measures):
        table.unit_rows.append((index, units))
        return RowKind.UNITS
    return None


def _stray_kind(row: Sequence[object]) -> RowKind:
    """A row with figures below a footer that names nothing: part of a date line, or cells without a role."""
    return RowKind.NOTE if _is_footer(_joined(row)) else RowKind.STRAY


def _joined(row: Sequence[object]) -> str:
    """The cells of a row as one text, whole numbers without decimals."""
    filled = (value for value in row if value is not None)
    return " ".join(str(int(v)) if isinstance(v, float) and v.is_integer() else str(v) for v in filled)


def _kind_without_figures(row: Sequence[object], table: Table) -> RowKind:
    ordinal = table.header.ordinal
    mark = at(row, ordinal) if ordinal is not None else None
    if isinstance(mark, str) and _ROMAN_OR_LETTER.fullmatch(mark.strip()):
        return RowKind.SECTION
    if any(isinstance(value, str) and ascii_key(value).startswith("trong do") for value in row):
        return RowKind.SECTION
    others = [value for column, value in enumerate(row) if column != ordinal]
    if is_blank(others):
        return RowKind.ORDINAL_ONLY
    return _stray_kind(row) if has_figure(others, range(len(others))) else RowKind.UNKNOWN


def _is_single_text(row: Sequence[object]) -> bool:
    """Whether a row holds one text and nothing else."""
    filled = [value for value in row if not is_blank([value])]
    return len(filled) == 1 and isinstance(filled[0], str)


def has_figure(row: Sequence[object], columns: Iterable[int]) -> bool:
    """Whether a cell of the columns holds a number."""
    for value in cells(row, columns):
        try:
            if value is not None and read_number(value) is not None:
                return True
        except ValueError:
            if isinstance(value, str) and _LIKE_NUMBER.fullmatch(value.strip()):
                return True
    return False


_LIKE_NUMBER = re.compile(r"[+\-]?\d[\d., ]*%?")


@lru_cache(maxsize=4096)
def _is_footer(text: str) -> bool:
    return _FOOTER.match(ascii_key(text)) is not None


def _names_something(row: Sequence[object], table: Table) -> bool:
    """Whether a key is given and all given ones are known: the row was meant, though it may hold nothing."""
    columns = table.header.columns
    given = []
    for dimension in table.form.dimensions:
        position = columns.get(dimension.key)
        value = at(row, position) if position is not None else None
        if not is_blank([value]):
            given.append(read_cell(value, dimension, table.lookup).value)
    return bool(given) and None not in given


def _is_section(table: Table, index: int) -> bool:
    """Whether a row names one of several keys for the rows below it, which leave that key blank."""
    row, columns = table.rows[index], table.header.columns
    given = [d for d in table.form.dimensions if d.key in columns and not is_blank([at(row, columns[d.key])])]
    if len(table.form.dimensions) < 2 or len(given) != 1:
        return False
    position = columns[given[0].key]
    for below in table.rows[index + 1 :]:
        if not is_blank(below):
            others = cells(below, [column for column in table.keys if column != position])
            leaves_blank = is_blank([at(below, position)]) and not is_blank(others)
            is_total = _summary_kind(below, table) is not None
            return leaves_blank and not is_total and has_figure(below, table.measures)
    return False


def _repeats_header(row: Sequence[object], table: Table) -> bool:
    """Whether the row repeats a row of the header, as below a page break."""
    first = next((c for c, value in enumerate(row) if isinstance(value, str) and value.strip()), None)
    if first is None:
        return False
    words = match_key(str(row[first]))
    candidates = [texts for texts in table.header_texts if texts.get(first) == words]
    if not candidates:  # nearly always
        return False
    texts = {c: value for c, value in enumerate(row) if isinstance(value, str) and value.strip()}
    for header_row in candidates if len(texts) > 1 else ():
        if len(texts) * 2 > len(header_row) and all(
            header_row.get(column) == match_key(text) for column, text in texts.items()
        ):
            return True
    return False


def _summary_kind(row: Sequence[object], table: Table) -> RowKind | None:
    """Return TOTAL or LEFT_OUT where a label column has such a text that is no key of the form."""
    for column in table.label_columns:
        value = at(row, column)
        if isinstance(value, str) and (kind := summary_kind(value)) and not _is_key(value, column, table):
            return kind
    return None


@lru_cache(maxsize=4096)
def summary_kind(text: str) -> RowKind | None:
    """TOTAL for "Tổng cộng", "Cộng (I+II)", "Toàn huyện"; LEFT_OUT for "Lũy kế", "So với cùng kỳ"."""
    words, plain = match_key(text).lstrip("-+*. "), ascii_key(text)
    if _COUNTS_PAGES.match(plain):
        return None
    if _LEFT_OUT.match(plain):
        return RowKind.LEFT_OUT
    if _TOTAL.fullmatch(words) or _TOTAL_WITHOUT_MARKS.fullmatch(plain):
        return RowKind.TOTAL
    return None


def _is_key(value: str, column: int, table: Table) -> bool:
    for dimension in table.form.dimensions:
        if table.header.columns.get(dimension.key) == column:
            return read_cell(value, dimension, table.lookup).value is not None
    return False
