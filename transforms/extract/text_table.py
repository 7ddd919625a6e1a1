"""A table kept as text (.csv, .tsv): which encoding, which separator, which cells."""

import codecs
import contextlib
import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from transforms.extract.file_safety import (
    MAX_CELLS,
    MAX_COLUMN,
    MAX_FILE_BYTES,
    MAX_ROW,
    UnreadableFile,
    check_extents,
    too_large,
)
from transforms.extract.sheet import Sheet
from transforms.text.character_references import decode_references
from transforms.text.legacy_encodings import decode_legacy
from transforms.text.mojibake import undo_in_file
from transforms.text.syllables import rate_syllable

# Weight of a separator: sentences contain commas, hardly ever tabs.
_SEPARATORS = {"\t": 3, ";": 2, "|": 2, ",": 1}
_QUOTED = {
    s: re.compile(rf'(^|[\r\n{s}]) *+"[^"]*+(?:""[^"]*+)*+"(?= *+(?:[\r\n{s}]|$))') for s in _SEPARATORS
}
_QUOTED_ANYHOW = re.compile(r'(^|[\r\n,;|\t]) *+"[^"]*+(?:""[^"]*+)*+"(?= *+(?:[\r\n,;|\t]|$))')
# Behind a blank, a quote that another one follows is part of a text: Ghi chú, "A" và khác
_OPEN_QUOTE = {s: re.compile(rf'(?:^|[\r\n{s}])(?:"| ++"(?![^"\r\n]*+"))') for s in _SEPARATORS}
_SEPARATOR_LINE = re.compile(r'"?sep=([,;|\t])"?(\r\n|\r|\n|$)', re.IGNORECASE)
_AS_TEXT = re.compile(r'="([^"]*)"')  # how a program keeps Excel from changing a value: ="007"
_SAMPLE = 200_000  # characters that suffice to recognise encoding and separator
_LETTERS_PER_FAULT = 4
_MOST_BYTES_PER_ZERO = 5  # of UTF-16; text with fewer zero bytes is damaged
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_NOT_A_TABLE = re.compile(r"\s*(<[!?A-Za-z]|%PDF-|\{\\rtf|MIME-Version:|[\[{]\s*[\[{\"])")  # the last is JSON
_RULE = re.compile(r"\s*[:+|]?[-=+]{2,}[:+|]?\s*")  # a line drawn with signs below a header
_END_OF_FILE = "\x1a"  # of programs for DOS
_UTF_7 = re.compile(rb"\+[A-Za-z0-9+/]{3,}-")
_FEWEST_CODES = 5
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_VIETNAMESE = frozenset(
    "ăâđêôơưĂÂĐÊÔƠƯ"
    + "".join(unicodedata.normalize("NFC", v + t) for v in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" for t in _TONES)
    + "\u00a0–—‘’“”„…•°²³±×§«»·€"
)
_WORD = re.compile(r"[^\W\d_]+")
csv.field_size_limit(MAX_FILE_BYTES)  # a long cell is no fault of the table


def sheet_of_text(text: str) -> Sheet:
    """Return the one sheet of a decoded text table, all its cells text or None; a record is a row.

    Raises UnreadableFile: FILE-UNREADABLE (not_a_table, empty, damaged) or FILE-TOO-LARGE.
    """
    text = decode_references(text).rstrip(_END_OF_FILE)
    if "\0" in text:
        raise UnreadableFile("FILE-UNREADABLE", "damaged")
    if _CONTROL.search(text) or _NOT_A_TABLE.match(text):
        raise UnreadableFile("FILE-UNREADABLE", "not_a_table")
    named = _SEPARATOR_LINE.match(text)
    separator = named[1] if named else find_separator(text)
    if text.count("\n") + text.count("\r") > 2 * MAX_CELLS:
        too_large("too_many_rows")
    if text.count(separator) > 2 * MAX_CELLS:
        too_large("too_many_cells")
    rows = _bounded(_records(text, separator))
    if named:
        rows[0] = [None] * len(rows[0])  # no row of the table, but the rows below keep their numbers
    return Sheet("", rows, is_text_table=True, open_fields=_open_fields(text, separator))


def _open_fields(text: str, separator: str) -> int:
    """Return the number of fields of the last line, if no line break ends it."""
    if not text or text[-1] in "\r\n":
        return 0
    last = max(text.rfind("\n"), text.rfind("\r")) + 1
    return text.count(separator, last) + 1


def _records(text: str, separator: str) -> Iterator[list[str]]:
    """Yield the records; a quotation mark that never closes is a letter, or half the file were one cell."""
    left_open = _OPEN_QUOTE[separator].search(_QUOTED[separator].sub(r"\1", text))
    lines = io.StringIO(text, newline="")
    try:
        if left_open:
            yield from csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)
        else:
            yield from csv.reader(lines, delimiter=separator, skipinitialspace=True)
    except csv.Error:
        raise UnreadableFile("FILE-UNREADABLE", "damaged") from None


def _bounded(records: Iterator[list[str]]) -> list[list[object]]:
    """Return the records as rows of one width, within the limits; blank ones beyond them are left out."""
    rows: list[list[object]] = []
    width = 0
    for record in records:
        if any(record[MAX_COLUMN:]):
            too_large("too_many_columns")
        if len(rows) == MAX_ROW:
            if any(record):
                too_large("too_many_rows")
            continue
        width = max(width, min(len(record), MAX_COLUMN))
        if _is_drawn(record):
            record = []
        rows.append([_displayed(value) or None for value in record[:MAX_COLUMN]])
    check_extents([(len(rows), width)])
    for row in rows:
        row.extend([None] * (width - len(row)))
    return rows


def _is_drawn(record: list[str]) -> bool:
    """Return whether a record is a line between rows, as "|---|---|"."""
    filled = [value for value in record if value.strip()]
    return bool(filled) and all(map(_RULE.fullmatch, filled))


def _displayed(value: str) -> str:
    """Return what a spreadsheet shows for a value: that of ="007" without the formula around it."""
    wrapped = _AS_TEXT.fullmatch(value) if value.startswith("=") else None
    return wrapped[1] if wrapped else value


def find_separator(text: str) -> str:
    """Return the separator found equally often, outside quotes, in the most lines; "," if there is none."""
    bare_lines = _QUOTED_ANYHOW.sub(r"\1", text[:_SAMPLE]).splitlines()

    def weight(separator: str) -> tuple[int, int]:
        counts = Counter(line.count(separator) for line in bare_lines)
        del counts[0]
        return max(
            ((lines * _SEPARATORS[separator], count) for count, lines in counts.items()), default=(0, 0)
        )

    return max(reversed(_SEPARATORS), key=weight)


def is_unicode(content: bytes) -> bool:
    """Return whether a file is text in UTF-8 or UTF-16."""
    return _decode_unicode(content) is not None


def decode_text(content: bytes) -> str:
    """Return the text of a text file in any encoding that Vietnamese offices use, without its BOM.

    Text typed in TCVN3 or VNI fonts comes as the wrong letters it is stored as (`legacy_encodings`). UTF-8
    that was read as another encoding is decoded for the file as a whole: some of its bytes became line ends.
    Raises UnreadableFile where it is no text.
    """
    text = _decode_utf_7(content) or _decode_unicode(content)
    return undo_in_file(_decode_one_byte(content) if text is None else text)


def _decode_unicode(content: bytes) -> str | None:
    encoding = "utf-8-sig"
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        encoding = "utf-32"
    elif content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\0" in content[:_SAMPLE] and not _is_damaged(content[:_SAMPLE]):
        # Separators and line ends have a zero byte: in even places when it comes first.
        zeros_first = content[:_SAMPLE:2].count(0) > content[1:_SAMPLE:2].count(0)
        encoding = "utf-16-be" if zeros_first else "utf-16-le"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return _decode_with_faults(content, encoding)


def _decode_utf_7(content: bytes) -> str | None:
    """Return text in UTF-7, which writes letters as "+HtkA-", where all its letters are Vietnamese then."""
    if not content.isascii() or len(_UTF_7.findall(content[:_SAMPLE])) < _FEWEST_CODES:
        return None
    with contextlib.suppress(UnicodeDecodeError):
        text = content.decode("utf-7").removeprefix("\ufeff")
        return text if all(letter in _VIETNAMESE for letter in text if not letter.isascii()) else None
    return None


def _is_damaged(sample: bytes) -> bool:
    """Return whether a text with zero bytes is not in UTF-16: the rest is UTF-8, and the zeros are few."""
    if sample.count(0) * _MOST_BYTES_PER_ZERO > len(sample):
        return False
    rest = sample.replace(b"\0", b"").decode("utf-8", "replace")
    return "\ufffd" not in rest[:-1] and not _CONTROL.search(rest)


def _decode_with_faults(content: bytes, encoding: str) -> str | None:
    """Return UTF-8 in which few bytes are wrong, each as U+FFFD; None for text in another encoding."""
    if encoding != "utf-8-sig":
        return None
    text = content.decode(encoding, "replace")
    faults = text.count("\ufffd")
    letters = sum(1 for letter in text[:_SAMPLE] if letter > "\x7f")
    return text if letters > _LETTERS_PER_FAULT * faults else None


def _decode_one_byte(content: bytes) -> str:
    """Return Windows-1258 text composed, or Windows-1252 where that reads as better Vietnamese."""
    readings: list[str] = []
    for encoding in ("cp1258", "cp1252"):
        with contextlib.suppress(UnicodeDecodeError):
            readings.append(unicodedata.normalize("NFC", content.decode(encoding)))
    if not readings or b"\0" in content:
        raise UnreadableFile("FILE-UNREADABLE", "not_a_table")
    return max(readings, key=lambda text: _vietnamese(text[:_SAMPLE]))


def _vietnamese(text: str) -> tuple[bool, int]:
    """Rate a reading: only letters that Vietnamese has, then its syllables, typed in an old font or not."""
    foreign = any(letter not in _VIETNAMESE for letter in text if not letter.isascii())
    words = Counter(_WORD.findall(decode_legacy(text).lower()))
    return not foreign, sum(rate_syllable(word) * n for word, n in words.items() if not word.isascii())
