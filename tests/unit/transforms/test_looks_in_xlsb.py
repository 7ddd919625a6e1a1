"""Fonts, fills and conditional formats of .xlsb workbooks, in records as [MS-XLSB] describes them."""

import struct

import pytest

from transforms.extract.cell_styles import shown_cells
from transforms.extract.sheet import CellFlag
from transforms.extract.xlsb.xlsb_scanner import scan_xlsb_sheet
from transforms.extract.xlsb.xlsb_styles import read_xlsb_styles

AUTOMATIC, WHITE_RGB, WHITE_THEME, BLACK_INDEX, RED = (
    bytes(8),
    b"\5\0\0\0\xff\xff\xff\xff",
    b"\6\0\0\0\0\0\0\0",
    b"\2\x08\0\0\0\0\0\0",
    b"\5\0\0\0\xff\0\0\xff",
)
OWN = b"\x4c\0\0\0\0\0\xc0"


def record(kind: int, body: bytes = b"") -> bytes:
    number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    low, high = len(body) & 0x7F, len(body) >> 7
    return number + (bytes([low | 0x80, high]) if high else bytes([low])) + body


def styles_part(
    colour: bytes, fill: bytes | None = None, height: int = 220, differential: bytes = b""
) -> bytes:
    font = struct.pack("<HHHHBBBB", height, 0, 400, 0, 0, 0, 0, 0) + colour + b"\0"
    pattern = struct.pack("<I", 0 if fill is None else 1) + (fill or AUTOMATIC) + AUTOMATIC
    style = struct.pack("<HHHHHBBH", 0, 0, 0, 0, 0, 0, 0, 0)
    return (
        record(43, font) + record(45, pattern) + record(617) + record(47, style) + record(618)
        + (record(507, differential) if differential else b"")
    )  # fmt: skip


def flag_of(styles: bytes, rules: bytes = b"") -> CellFlag | None:
    """The flag of A1 = 12."""
    parsed = read_xlsb_styles(styles)
    cell = record(0, struct.pack("<IIHBBBI", 0, 0, 300, 0, 0, 0, 0)) + record(
        5, struct.pack("<IId", 0, 0, 12.0)
    )
    shown = shown_cells([[12.0]], scan_xlsb_sheet(cell + rules, parsed), parsed)
    return shown.flags.get((0, 0))


@pytest.mark.parametrize(
    ("colour", "fill", "height", "expected"),
    [
        (AUTOMATIC, None, 220, None),
        (WHITE_RGB, None, 220, CellFlag.INVISIBLE),
        (WHITE_THEME, None, 220, CellFlag.INVISIBLE),
        (WHITE_RGB, BLACK_INDEX, 220, None),
        (AUTOMATIC, BLACK_INDEX, 220, CellFlag.INVISIBLE),
        (RED, RED, 220, CellFlag.INVISIBLE),
        (AUTOMATIC, None, 20, CellFlag.INVISIBLE),
    ],
)
def test_a_text_that_nobody_sees(
    colour: bytes, fill: bytes | None, height: int, expected: CellFlag | None
) -> None:
    assert flag_of(styles_part(colour, fill, height)) is expected


def look(*properties: tuple[int, bytes]) -> bytes:
    data = struct.pack("<HHH", 0, 0, len(properties))
    return data + b"".join(struct.pack("<HH", kind, 4 + len(value)) + value for kind, value in properties)


def formula(tokens: bytes) -> bytes:
    return struct.pack("<I", len(tokens)) + tokens + struct.pack("<I", 0)


def rules(kind: int, comparison: int, *formulas: bytes, number: int = 0) -> bytes:
    sizes = [len(text) for text in formulas] + [0] * (3 - len(formulas))
    header = struct.pack("<7IH3II", kind, 0, number, 1, comparison, 0, 0, 0, *sizes, 0xFFFFFFFF)
    ranges = struct.pack("<III4I", 1, 0, 1, 0, 9, 0, 0)
    return record(461, ranges) + record(463, header + b"".join(formulas)) + record(464) + record(462)


FIVE, FIFTY = b"\x1e\5\0", b"\x1e\x32\0"
WHITE_TEXT = look((5, WHITE_RGB))


@pytest.mark.parametrize(
    ("differential", "made", "expected"),
    [
        (WHITE_TEXT, rules(1, 5, formula(FIVE)), CellFlag.INVISIBLE),
        (WHITE_TEXT, rules(1, 5, formula(FIFTY)), None),
        (WHITE_TEXT, rules(1, 1, formula(FIVE), formula(FIFTY)), CellFlag.INVISIBLE),
        (WHITE_TEXT, rules(2, 0, formula(OWN + FIVE + b"\x0d")), CellFlag.INVISIBLE),
        (WHITE_TEXT, rules(2, 0, formula(OWN + b"\x41\3\0")), None),
        (WHITE_TEXT, rules(2, 0, formula(b"\x44\0\0\0\0\1\0" + FIVE + b"\x0b")), CellFlag.AMBIGUOUS),
        (WHITE_TEXT, rules(5, 0), CellFlag.AMBIGUOUS),
        (WHITE_TEXT, rules(1, 5, formula(FIVE), number=7), None),
        (look((29, b"\1")), rules(1, 5, formula(FIVE)), CellFlag.STRUCK_OUT),
        (look((36, struct.pack("<I", 20))), rules(1, 5, formula(FIVE)), CellFlag.INVISIBLE),
        (look((5, WHITE_RGB), (2, RED)), rules(1, 5, formula(FIVE)), None),
        (look((2, BLACK_INDEX)), rules(1, 5, formula(FIVE)), CellFlag.INVISIBLE),
        (
            look((38, struct.pack("<HH", 170, 3) + ";;;".encode("utf-16-le"))),
            rules(1, 5, formula(FIVE)),
            None,
        ),
        (look((5, b"\1")), rules(1, 5, formula(FIVE)), None),  # too short
    ],
)
def test_a_conditional_format(differential: bytes, made: bytes, expected: CellFlag | None) -> None:
    assert flag_of(styles_part(AUTOMATIC, differential=differential), made) is expected


def test_a_number_format_of_a_rule() -> None:
    code = look((38, struct.pack("<HH", 170, 3) + ";;;".encode("utf-16-le")))
    assert read_xlsb_styles(styles_part(AUTOMATIC, differential=code)).conditional[0].changes
