"""Conditional formats of .xls sheets, in records as LibreOffice writes them."""

import io
import struct

import pytest
import xlwt

from transforms.extract.sheet import CellFlag
from transforms.extract.workbook import read_sheets
from transforms.extract.xls.xls_conditional import XlsRules

FONT, PATTERN, NUMBER = 1 << 26, 1 << 29, 1 << 25
UNCHANGED = 0xFFFFFFFF
OWN = b"\x4c\0\0\0\xc0"
EQUAL, GREATER = b"\x0b", b"\x0d"


def whole(number: int) -> bytes:
    return struct.pack("<BH", 0x1E, number)


def font(colour: int = UNCHANGED, height: int = UNCHANGED, is_struck: bool = False) -> bytes:
    kept = 0x9A & ~(0x80 * is_struck)
    return struct.pack(
        "<64xIIHHB3xI4x4I12x2xH", height, 0x80 * is_struck, 400, 0, 0, colour, kept, 1, 1, 1, 1
    )[:118].ljust(118, b"\0")


def rule(
    look: bytes,
    flags: int,
    first: bytes,
    second: bytes = b"",
    kind: int = 1,
    comparison: int = 5,
    more: int = 0,
) -> bytes:
    header = struct.pack("<BBHHIH", kind, comparison, len(first), len(second), 0x3FFFF | flags, more)
    return header + look + first + second


def ranges(*areas: tuple[int, int, int, int]) -> bytes:
    data = struct.pack("<HH4HH", 1, 0, *areas[0], len(areas))
    return data + b"".join(struct.pack("<4H", *area) for area in areas)


def flag_of(*records: tuple[int, bytes]) -> CellFlag | None:
    """The flag of A1 = 12 of a sheet with conditional formats."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("A")
    sheet.write(0, 0, 12)
    written = sheet.get_biff_data
    added = b"".join(struct.pack("<HH", record, len(data)) + data for record, data in records)
    sheet.get_biff_data = lambda: written()[:-4] + added + written()[-4:]
    content = io.BytesIO()
    book.save(content)
    return read_sheets(content.getvalue(), "a.xls")[0].flags.get((0, 0))


WHITE_FONT = font(colour=9)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (rule(WHITE_FONT, FONT, whole(5)), CellFlag.INVISIBLE),
        (rule(WHITE_FONT, FONT, whole(50)), None),
        (rule(WHITE_FONT, FONT, whole(1), whole(20), comparison=1), CellFlag.INVISIBLE),
        (rule(WHITE_FONT, FONT, whole(1), whole(20), comparison=2), None),
        (rule(WHITE_FONT, FONT, struct.pack("<Bd", 0x1F, 11.5)), CellFlag.INVISIBLE),
        (rule(font(height=20), FONT, whole(5)), CellFlag.INVISIBLE),
        (rule(font(is_struck=True), FONT, whole(5)), CellFlag.STRUCK_OUT),
        (rule(font(colour=10), FONT, whole(5)), None),
        (rule(WHITE_FONT + b"\0\0\x3a\x04", FONT | PATTERN, whole(5)), None),  # on black
        (rule(b"\0\0\x3a\x04", PATTERN, whole(5)), CellFlag.INVISIBLE),  # black on black
        (rule(WHITE_FONT, FONT, OWN + whole(5) + GREATER, kind=2), CellFlag.INVISIBLE),
        (rule(WHITE_FONT, FONT, OWN + whole(5) + EQUAL, kind=2), None),
        (rule(WHITE_FONT, FONT, OWN + b"\x41\x03\0", kind=2), None),  # ISERROR
        (rule(WHITE_FONT, FONT, b"\x1d\1", kind=2), CellFlag.INVISIBLE),
        (rule(WHITE_FONT, FONT, b"\x1d\0", kind=2), None),
        (rule(WHITE_FONT, FONT, b"\x44\0\0\1\0" + whole(5) + EQUAL, kind=2), CellFlag.AMBIGUOUS),
        (rule(WHITE_FONT, FONT, whole(0), kind=0), CellFlag.AMBIGUOUS),
        (rule(WHITE_FONT, FONT, whole(5))[:30], None),
    ],
)
def test_a_rule_of_an_xls_sheet(made: bytes, expected: CellFlag | None) -> None:
    assert flag_of((0x1B0, ranges((0, 0, 0, 0))), (0x1B1, made)) is expected
    header = bytes(12)
    look = made[6 : len(made) - sum(struct.unpack_from("<HH", made, 2))]
    new = made[:6] + struct.pack("<I", len(look)) + made[6:] + b"\0\0\0"
    assert flag_of((0x879, header + ranges((5, 9, 0, 0), (0, 2, 0, 1))), (0x87A, header + new)) is expected


def test_a_number_format_of_a_rule() -> None:
    rules = XlsRules({9: "0%"})
    rules.note(0x1B0, ranges((0, 0, 0, 0)))
    rules.note(0x1B1, rule(b"\0\x09", NUMBER, whole(5)))
    code = b"0,"
    own = struct.pack("<HHB", 5 + len(code), len(code), 0) + code
    rules.note(0x1B1, rule(own, NUMBER, whole(5), more=1))
    rules.note(0x1B1, rule(b"\0\0", NUMBER, whole(5)))
    assert [
        found.look.number_format.sections[0].scale for found in rules.found if found.look.number_format
    ] == [
        2,
        -3,
    ]


def test_a_rule_is_for_the_ranges_before_it() -> None:
    made = rule(WHITE_FONT, FONT, whole(5))
    assert flag_of((0x1B0, ranges((1, 9, 0, 0), (0, 0, 1, 3))), (0x1B1, made)) is None
    assert flag_of((0x1B0, ranges((1, 9, 0, 0), (0, 0, 0, 3))), (0x1B1, made)) is CellFlag.INVISIBLE
