"""Text tables in every encoding and with every separator read back as they were written."""

import csv
import io
import unicodedata
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from transforms.extract.sheet import Sheet
from transforms.extract.text_table import decode_text, sheet_of_text
from transforms.extract.workbook import UnreadableFile
from transforms.text.character_references import decode_references
from transforms.text.legacy_encodings import decode_legacy, to_tcvn3, to_vni

UNICODE = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "BOM utf-16-be"]
SEPARATORS = [",", ";", "\t", "|"]
ANY_TEXT = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Cn"], include_characters="\n\t"), max_size=6
)
WORDS = st.sampled_from(
    ["Huyện Trảng Bom", "Thành phố Biên Hòa", "Số vụ phát hiện", "Xã Phú Lý", "2,5", "120"]
)
TONES = "\u0300\u0301\u0303\u0309\u0323"


def read_text_table(content: bytes) -> Sheet:
    return sheet_of_text(decode_text(content))


def grids(cells: st.SearchStrategy[str], columns: int = 3) -> st.SearchStrategy[list[list[str]]]:
    return st.lists(st.lists(cells, min_size=columns, max_size=columns), min_size=1, max_size=6)


def written(
    grid: list[list[str]], separator: str, quoting: Any = csv.QUOTE_MINIMAL, end: str = "\r\n"
) -> str:
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=separator, quoting=quoting, lineterminator=end).writerows(grid)
    return made.getvalue()


def encoded(text: str, encoding: str) -> bytes:
    if encoding == "BOM utf-16-be":
        return ("\ufeff" + text).encode("utf-16-be")
    return text.encode(encoding)


def as_cp1258(text: str) -> bytes:
    """As Windows stores it: the letter with its shape, then the tone as a mark of its own."""
    letters = []
    for letter in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", letter)
        shape = unicodedata.normalize("NFC", "".join(c for c in parts if c not in TONES))
        letters.append(shape + "".join(c for c in parts if c in TONES))
    return "".join(letters).encode("cp1258")


def expected(grid: list[list[str]]) -> list[list[object]]:
    return [[value or None for value in row] for row in grid]


@settings(max_examples=150, deadline=None)
@given(grids(ANY_TEXT), st.sampled_from(SEPARATORS), st.sampled_from(["\r\n", "\n", "\r"]))
@example([["", "ā𐐁𐐁𐐁", "āā𐐁𐐁𐐁"]], ",", "\r\n")  # few zero bytes in UTF-16
@pytest.mark.parametrize("encoding", UNICODE)
def test_any_quoted_grid_reads_back(encoding: str, grid: list[list[str]], separator: str, end: str) -> None:
    content = encoded(written(grid, separator, csv.QUOTE_ALL, end), encoding)
    sheet = read_text_table(content)
    assert sheet.rows == expected(grid)
    assert (sheet.name, sheet.is_text_table, sheet.visible, sheet.merged) == ("", True, True, [])


@settings(max_examples=100, deadline=None)
@given(grids(WORDS), st.sampled_from(SEPARATORS))
@example([["2,5", "2,5", "2,5"]] * 3, ";")
@pytest.mark.parametrize("encoding", [*UNICODE, "cp1258"])
def test_any_plain_grid_reads_back(encoding: str, grid: list[list[str]], separator: str) -> None:
    text = written([["Huyện", "Số vụ", "Số người"], *grid], separator)
    content = as_cp1258(text) if encoding == "cp1258" else encoded(text, encoding)
    assert read_text_table(content).rows == expected([["Huyện", "Số vụ", "Số người"], *grid])


@settings(max_examples=60, deadline=None)
@given(grids(WORDS), st.sampled_from(SEPARATORS))
@pytest.mark.parametrize("type_as", [to_tcvn3, to_vni])
def test_old_fonts_stay_as_typed(type_as: Any, grid: list[list[str]], separator: str) -> None:
    whole = [["Huyện", "Số vụ phát hiện", "Số người"], *grid]
    content = type_as(written(whole, separator)).encode("cp1252")
    rows = read_text_table(content).rows
    assert rows == [[type_as(value) for value in row] for row in whole]
    assert [decode_legacy(str(value)) for value in rows[0]] == whole[0]


def test_composed_and_decomposed_text_stays_as_it_is() -> None:
    decomposed = unicodedata.normalize("NFD", "Trảng Bom,Hoà")
    assert read_text_table(decomposed.encode()).rows == [decomposed.split(",")]


@pytest.mark.parametrize("separator", SEPARATORS)
def test_a_letterhead_and_a_title_with_commas_do_not_mislead(separator: str) -> None:
    title = ["Biểu 03, ban hành kèm theo kế hoạch, năm 2020", "", ""]
    grid = [
        ["UBND TỈNH", "", "CỘNG HÒA"],
        title,
        ["", "", ""],
        ["TT", "Huyện", "Số ca"],
        ["1", "Vĩnh Cửu", "3"],
    ]
    assert read_text_table(written(grid, separator).encode()).rows == expected(grid)


def test_the_line_that_names_the_separator_is_no_row_but_counts() -> None:
    content = 'sep=;\r\n"a,b,c";2,5\r\n"d,e,f";3,5\r\n'.encode("utf-16")
    assert read_text_table(content).rows == [[None, None], ["a,b,c", "2,5"], ["d,e,f", "3,5"]]


def test_rows_are_records_and_blank_lines_count() -> None:
    sheet = read_text_table(b'a,b\n\n"one\ntwo",c\n\nd\n')
    assert sheet.rows == [["a", "b"], [None, None], ["one\ntwo", "c"], [None, None], ["d", None]]


def test_a_quotation_mark_that_never_closes_is_a_letter() -> None:
    sheet = read_text_table('Tên;Số\n"Mái ấm;1\nHoa "Sen";2\n'.encode())
    assert sheet.rows == [["Tên", "Số"], ['"Mái ấm', "1"], ['Hoa "Sen"', "2"]]


def test_one_column_needs_no_separator() -> None:
    assert read_text_table("Huyện\nXuân Lộc\n".encode()).rows == [["Huyện"], ["Xuân Lộc"]]


def test_blank_ends_beyond_the_limits_are_cut_and_values_there_refused() -> None:
    assert len(read_text_table(b"a,b" + b"," * 500).rows[0]) == 300
    assert len(read_text_table(b"a,b\n" * 20_000 + b",\n" * 500).rows) == 20_000
    with pytest.raises(UnreadableFile, match="too_many_columns"):
        read_text_table(b"a," * 301)
    with pytest.raises(UnreadableFile, match="too_many_rows"):
        read_text_table(b"a,b\n" * 20_001)
    with pytest.raises(UnreadableFile, match="too_many_cells"):
        read_text_table(b"a" + b"," * 298 + b"b\n" + b"a,b\n" * 19_000)


@pytest.mark.parametrize(
    "content",
    [b"a\0b", b"\x01\x02,\x03", b"\xff\xfea\0\0", b"%PDF-1.4", b"  <html>", "{\\rtf1".encode("utf-16")],
)
def test_what_is_no_text_is_no_table(content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="not_a_table"):
        read_text_table(content)


def test_a_value_kept_from_excel_by_a_formula_is_the_value() -> None:
    assert read_text_table(b'a;="007"\r\nb;="12"').rows == [["a", "007"], ["b", "12"]]


def test_a_zero_byte_in_a_text_is_damage_and_no_other_encoding() -> None:
    content = "Biểu số: 06-PCMD\r\nHội nghị,1\x001,20\r\n".encode()
    with pytest.raises(UnreadableFile):
        read_text_table(content)


LINES = "Huyện,Số vụ\r\nThành phố Biên Hòa,2\r\nHuyện Trảng Bom,3\r\nHuyện Cẩm Mỹ,4\r\n"


@pytest.mark.parametrize("times", [1, 2])
def test_a_file_of_utf_8_that_was_read_as_latin_1_is_decoded_as_a_whole(times: int) -> None:
    content = LINES.encode()
    for _ in range(times):
        content = content.decode("latin-1").encode()
    assert read_text_table(content).rows == read_text_table(LINES.encode()).rows


def test_letters_written_as_numbers_are_letters_and_separate_nothing() -> None:
    content = LINES.replace(",", ";").encode("ascii", "xmlcharrefreplace")
    assert b"&#" in content
    assert read_text_table(content).rows == read_text_table(LINES.encode()).rows


def test_numbers_of_signs_are_kept_as_typed() -> None:
    assert decode_references("&#39;1&#44;2&#x27; &#234;") == "&#39;1&#44;2&#x27; ê"
