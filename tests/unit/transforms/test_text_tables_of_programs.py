"""Text tables as other programs and old encodings leave them: read as meant, or rejected with fitting advice."""

import base64
import json
import quopri
import unicodedata
from collections.abc import Callable

import pytest

from tests.support.grids import BODIES, CONTEXT, Grid, communications, errors, is_valid, text_table, xlsx
from transforms.extract.text_table import sheet_of_text
from transforms.file_parser import read_file
from transforms.layout.parsed_sheet import FileReading

FIRST = ["CONFERENCE", 11, 1037, 211]
TEXT = text_table(communications(), "utf-8").decode()
LINES = TEXT.splitlines()
_VIQR = {"\u0300": "`", "\u0301": "'", "\u0303": "~", "\u0309": "?", "\u0323": "."}
_VIQR |= {"\u0302": "^", "\u0306": "(", "\u031b": "+"}


def read(content: bytes, name: str = "a.csv") -> FileReading:
    return read_file(content, name, BODIES["06"], CONTEXT)


def reason(content: bytes, name: str = "a.csv") -> str:
    problem = read(content, name).problem
    return "" if problem is None else problem.details["reason"].key


def viqr(text: str) -> str:
    letters = []
    for letter in text.replace("đ", "dd").replace("Đ", "DD"):
        marks = unicodedata.normalize("NFD", letter)
        shape_first = sorted(marks[1:], key=lambda mark: mark not in "\u0302\u0306\u031b")
        letters.append(marks[0] + "".join(_VIQR[mark] for mark in shape_first))
    return "".join(letters)


def drawn(rows: Grid, rule: str) -> str:
    lines = ["|".join(["", *("" if v is None else str(v) for v in row), ""]) for row in rows]
    return "\n".join([*lines[:6], rule, *lines[6:], ""])


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode("utf-7"),
        b"+/v8-" + TEXT.encode("utf-7"),
        TEXT.encode("utf-32"),
        viqr(TEXT).encode(),
        TEXT.encode() + b"\x1a",
        TEXT.replace("\r\n", "  \r\n").encode(),
        TEXT.replace(",", ", ").encode(),
        drawn(communications(), "|---|:---|---:|---|---|").encode(),
        drawn(communications(), "+----+-----+----+----+----+").encode(),
    ],
    ids=[
        "UTF-7", "UTF-7 with its mark", "UTF-32", "VIQR", "end mark of DOS", "spaces behind quotes",
        "spaces before quotes", "ruled by |---|", "ruled by +---+",
    ],
)  # fmt: skip
def test_a_table_is_read(content: bytes) -> None:
    reading = read(content).sheets[0]
    assert is_valid(reading)
    assert (len(reading.values), list(reading.values[0])) == (7, FIRST)


def test_a_sheet_typed_in_viqr() -> None:
    rows = [[viqr(v) if isinstance(v, str) else v for v in row] for row in communications()]
    assert list(read(xlsx(rows), "a.xlsx").sheets[0].values[0]) == FIRST


@pytest.mark.parametrize(
    ("text", "is_table"),
    [("A1+HtkA- and +A- +BC- +D- +E-", False), ("don't, it's, o'clock, u.s. and a.m. i.e. e.g.", False)],
)
def test_plain_ascii_is_left_alone(text: str, is_table: bool) -> None:
    assert bool(read(text.encode()).sheets) is is_table


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (json.dumps(communications(), ensure_ascii=False).encode(), "file.not_a_table.reason"),
        (TEXT.encode("unicode_escape").replace(rb"\r\n", b"\r\n"), "file.encoding.reason"),
        (quopri.encodestring(TEXT.encode()), "file.encoding.reason"),
        (base64.encodebytes(xlsx(communications())), "file.damaged.reason"),
        (b'TABLE\r\n0,1\r\n"EXCEL"\r\nVECTORS\r\n0,4\r\n', "file.other_table.reason"),
        (TEXT.encode() + b"\0", "file.damaged.reason"),
    ],
    ids=["JSON", "escapes", "quoted-printable", "base64", "DIF", "zero bytes at the end"],
)
def test_what_no_one_reads_is_named(content: bytes, expected: str) -> None:
    assert reason(content) == expected


@pytest.mark.parametrize("kept", ["7,Giáo dục tr", "7,", "7"])
def test_a_row_cut_before_its_figures_is_an_error(kept: str) -> None:
    content = "\r\n".join([*LINES[:-1], kept]).encode()
    assert "CELL-UNACCOUNTED" in " ".join(errors(read(content).sheets[0]))


@pytest.mark.parametrize("below", ["Ghi chú: số liệu, đã kiểm tra", "Người lập biểu"])
def test_a_note_at_the_end_of_a_file_is_not_cut(below: str) -> None:
    content = "\r\n".join([*LINES, below]).encode()
    assert is_valid(read(content).sheets[0])


def test_a_file_that_ends_in_blank_fields_names_its_last_figure() -> None:
    content = "\r\n".join([*LINES[:-1], LINES[-1] + ",,"]).encode()
    assert [finding.value_shown for finding in read(content).sheets[0].findings] == ["277"]


@pytest.mark.parametrize(
    ("typed", "advice"),
    [("#REF!", "advice.formula"), ("#DIV/0!", "advice.formula"), ("１０３７", "advice.full-width")],
)
def test_advice_on_a_text_in_place_of_a_figure(typed: str, advice: str) -> None:
    content = TEXT.replace("1037", typed).encode()
    found = read(content).sheets[0].findings
    assert [finding.details["advice"].key for finding in found] == [advice]


def with_value(value: object) -> Callable[[], Grid]:
    def make() -> Grid:
        rows = communications()
        rows[6][3] = value
        return rows

    return make


@pytest.mark.parametrize(
    ("typed", "figure"),
    [("1 037.0", 1037), ("1\u00a0037,0", 1037), ("1037 (người)", 1037), ("1，037", 1037)],
)
def test_a_figure_in_a_rare_way(typed: str, figure: int) -> None:
    reading = read(xlsx(with_value(typed)()), "a.xlsx").sheets[0]
    assert is_valid(reading)
    assert reading.values[0][2] == figure


@pytest.mark.parametrize("typed", ["1 037.500", "1037¹", "1037 (nữ)", "1037 (12)"])
def test_a_figure_that_is_not_certain(typed: str) -> None:
    assert not is_valid(read(xlsx(with_value(typed)()), "a.xlsx").sheets[0])


def test_a_text_with_a_quoted_word_leaves_other_quotes_alone() -> None:
    rows = sheet_of_text('Tên,a,b\n"x, y",1,2\nGhi chú, "A" và khác,3\n').rows
    assert rows[1:] == [["x, y", "1", "2"], ["Ghi chú", "A và khác", "3"]]
