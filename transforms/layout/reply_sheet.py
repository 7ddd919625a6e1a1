"""The list of findings in a returned workbook, in whose last column a body replies to each of them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from transforms.cell_names import cell_name
from transforms.extract.sheet import Sheet
from transforms.text.normalise import ascii_key, normalise

HEADING = "KẾT QUẢ KIỂM TRA BÁO CÁO"
NUMBER_LABEL, REPLY_LABEL = "Số", "Ý kiến của đơn vị"
LONGEST_REPLY = 500  # characters
MOST_REPLIES = 2_000  # of a file
_MOST_HEAD_ROWS = 200  # rows above the findings: one for each sheet of the file
_NUMBER = re.compile(r"([1-9][0-9]{0,11})/([1-9][0-9]{0,5})")


@dataclass(frozen=True, slots=True)
class Reply:
    """A body's reply to a finding, at most `LONGEST_REPLY` characters; `cell` is where it was typed."""

    submission_id: int
    finding_no: int
    text: str
    sheet_name: str
    cell: str


def finding_number(submission_id: int, finding_no: int) -> str:
    """Return the number of a finding as the list has it and as a reply is recognised by it: "42/1"."""
    return f"{submission_id}/{finding_no}"


def replies_of(sheets: Iterable[Sheet]) -> tuple[Reply, ...]:
    """Return the replies in the lists of findings of a file, in their order."""
    found = (reply for sheet in sheets for reply in _replies(sheet))
    return tuple(reply for reply, _ in zip(found, range(MOST_REPLIES), strict=False))


def without_replies(sheet: Sheet) -> Sheet:
    """Return the sheet with its replies blank: their words must not make the list look like a report."""
    cells = {(row, column) for row, column, _ in _entries(sheet)}
    if not cells:
        return sheet
    rows = [
        [None if (number, column) in cells else value for column, value in enumerate(row)]
        for number, row in enumerate(sheet.rows)
    ]
    return replace(sheet, rows=rows)


def _replies(sheet: Sheet) -> Iterator[Reply]:
    for row, column, number in _entries(sheet):
        text = normalise(str(sheet.as_typed.get((row, column), sheet.rows[row][column]))).strip()
        if text:
            short = text if len(text) <= LONGEST_REPLY else f"{text[: LONGEST_REPLY - 1]}…"
            cell = cell_name(row + 1, column)
            yield Reply(int(number[1]), int(number[2]), short, sheet.name, cell)


def _entries(sheet: Sheet) -> Iterator[tuple[int, int, re.Match[str]]]:
    """Yield row and column of each filled cell of the replies, with the number of its finding."""
    header = _header(sheet)
    if header is None:
        return
    top, number_column, reply_column = header
    for row in range(top + 1, len(sheet.rows)):
        values = sheet.rows[row]
        if max(number_column, reply_column) >= len(values) or values[reply_column] is None:
            continue
        if number := _NUMBER.fullmatch(str(values[number_column] or "").strip()):
            yield row, reply_column, number


def _header(sheet: Sheet) -> tuple[int, int, int] | None:
    """Return the row of the list's header with the columns of numbers and replies; None for other sheets."""
    first = next(iter(sheet.rows[0]), None) if sheet.rows else None
    if not isinstance(first, str) or ascii_key(first) != ascii_key(HEADING):
        return None
    for row, values in enumerate(sheet.rows[:_MOST_HEAD_ROWS]):
        labels = {ascii_key(value): column for column, value in enumerate(values) if isinstance(value, str)}
        places = [labels.get(ascii_key(label)) for label in (NUMBER_LABEL, REPLY_LABEL)]
        if places[0] is not None and places[1] is not None:
            return row, places[0], places[1]
    return None
