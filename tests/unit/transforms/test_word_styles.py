"""Styles and tracked changes of a Word document: what they hide, cross out, raise or take away."""

import io
from collections.abc import Callable

import pytest
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt, RGBColor
from docx.styles.style import CharacterStyle

from tests.support.processor_time import reference_seconds
from transforms.extract.file_safety import UnreadableFile
from transforms.extract.sheet import CellFlag, Sheet
from transforms.extract.word.word_document import read_document
from transforms.extract.word.word_styles import WordStyles, read_styles
from transforms.extract.workbook import read_contents, read_sheets

STRUCK = (CellFlag.STRUCK_OUT, "150")
UNSEEN = (CellFlag.INVISIBLE, None)


def strike(style: CharacterStyle) -> None:
    style.font.strike = True


def double_strike(style: CharacterStyle) -> None:
    style.font.double_strike = True


def raise_text(style: CharacterStyle) -> None:
    style.font.superscript = True


def whiten(style: CharacterStyle) -> None:
    style.font.color.rgb = RGBColor(255, 255, 255)


def shrink(style: CharacterStyle) -> None:
    style.font.size = Pt(1)


def hide(style: CharacterStyle) -> None:
    style.font.hidden = True


def sheet_of(change: Callable[[object], None]) -> Sheet:
    """The sheet of a document whose last cell holds 12 and 150 in runs of their own, changed."""
    document = Document()
    table = document.add_table(3, 3)
    for row in table.rows:
        for cell, text in zip(row.cells, ("1", "Biên Hòa", "7"), strict=True):
            cell.text = text
    paragraph = table.cell(2, 2).paragraphs[0]
    paragraph.clear()
    paragraph.add_run("12")
    paragraph.add_run("150")
    change(document)
    target = io.BytesIO()
    document.save(target)
    [sheet] = read_sheets(target.getvalue(), "a.docx")
    return sheet


def look_of(change: Callable[[object], None]) -> tuple[object, CellFlag | None, str | None]:
    """The value, flag and displayed text of the last cell."""
    sheet = sheet_of(change)
    assert set(sheet.flags) <= {(2, 2)}
    return sheet.rows[2][2], sheet.flags.get((2, 2)), sheet.displayed.get((2, 2))


def last_paragraph(document: object) -> object:
    return document.tables[0].cell(2, 2).paragraphs[0]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (strike, ("12150", *STRUCK)),
        (double_strike, ("12150", *STRUCK)),
        (raise_text, ("12150", CellFlag.SUPERSCRIPT, "¹²150")),
        (whiten, ("12150", CellFlag.INVISIBLE, "12150")),
        (shrink, ("12150", CellFlag.INVISIBLE, "12150")),
        (hide, ("150", None, None)),
    ],
)
@pytest.mark.parametrize("is_based_on_it", [False, True])
def test_a_style_of_a_text(
    change: Callable[[CharacterStyle], None], expected: tuple[object, ...], is_based_on_it: bool
) -> None:
    def spoil(document: object) -> None:
        styles = document.styles  # type: ignore[attr-defined]
        style = styles.add_style("Xoa", WD_STYLE_TYPE.CHARACTER)
        change(style)
        if is_based_on_it:
            base, style = style, styles.add_style("Xoa 2", WD_STYLE_TYPE.CHARACTER)
            style.base_style = base
        last_paragraph(document).runs[0].style = style  # type: ignore[attr-defined]

    assert look_of(spoil) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (strike, ("12150", CellFlag.STRUCK_OUT, "")),
        (raise_text, ("12150", CellFlag.SUPERSCRIPT, "¹²¹⁵⁰")),
        (whiten, ("12150", CellFlag.INVISIBLE, None)),
        (hide, (None, None, None)),
    ],
)
def test_a_style_of_a_paragraph(
    change: Callable[[CharacterStyle], None], expected: tuple[object, ...]
) -> None:
    def spoil(document: object) -> None:
        style = document.styles.add_style("Xoa", WD_STYLE_TYPE.PARAGRAPH)  # type: ignore[attr-defined]
        change(style)
        last_paragraph(document).style = style  # type: ignore[attr-defined]

    assert look_of(spoil) == expected


def test_a_run_undoes_what_its_styles_say() -> None:
    def spoil(document: object) -> None:
        styles = document.styles  # type: ignore[attr-defined]
        of_paragraph = styles.add_style("Đoạn", WD_STYLE_TYPE.PARAGRAPH)
        of_text = styles.add_style("Chữ", WD_STYLE_TYPE.CHARACTER)
        of_paragraph.font.strike = of_text.font.strike = True  # twice is none
        paragraph = last_paragraph(document)
        paragraph.style = of_paragraph  # type: ignore[attr-defined]
        first, second = paragraph.runs  # type: ignore[attr-defined]
        first.style = of_text
        second.font.strike = False

    assert look_of(spoil) == ("12150", None, None)


def test_a_style_of_tables_that_fills_no_cell_leaves_them_white() -> None:
    def spoil(fill: str) -> Callable[[object], None]:
        def change(document: object) -> None:
            table = document.styles.add_style("LiBang", WD_STYLE_TYPE.TABLE)  # type: ignore[attr-defined]
            if fill:
                shading = f'<w:tcPr {nsdecls("w")}><w:shd w:fill="{fill}"/></w:tcPr>'
                table.element.append(parse_xml(shading))
            document.tables[0].style = table  # type: ignore[attr-defined]
            for run in last_paragraph(document).runs:  # type: ignore[attr-defined]
                run.font.color.rgb = RGBColor(255, 255, 255)

        return change

    assert look_of(spoil("")) == ("12150", *UNSEEN)
    assert look_of(spoil("1F4E78")) == ("12150", None, None)


def test_automatic_text_on_a_dark_cell_is_white() -> None:
    def spoil(document: object) -> None:
        shading = f'<w:shd {nsdecls("w")} w:fill="000000"/>'
        cell = document.tables[0].cell(2, 2)  # type: ignore[attr-defined]
        cell._tc.get_or_add_tcPr().append(parse_xml(shading))

    assert look_of(spoil) == ("12150", None, None)


@pytest.mark.parametrize("name", ["del", "moveFrom"])
def test_text_that_a_tracked_change_takes_away(name: str) -> None:
    def spoil(document: object) -> None:
        run = last_paragraph(document).runs[0]._r  # type: ignore[attr-defined]
        taken = parse_xml(f"<w:{name} {nsdecls('w')}/>")
        run.addprevious(taken)
        taken.append(run)

    assert look_of(spoil) == ("150", None, None)


def test_the_look_before_a_tracked_change_is_not_that_of_now() -> None:
    def spoil(document: object) -> None:
        run = last_paragraph(document).runs[0]._r  # type: ignore[attr-defined]
        former = f"<w:rPrChange {nsdecls('w')}><w:rPr><w:strike/><w:vanish/></w:rPr></w:rPrChange>"
        run.get_or_add_rPr().append(parse_xml(former))

    assert look_of(spoil) == ("12150", None, None)


def test_deleted_rows_and_cells_hold_nothing_and_are_searched_for_persons() -> None:
    document = Document()
    table = document.add_table(3, 3)
    for row, name in zip(table.rows, ("Biên Hòa", "Long Khánh", "0912 345 678"), strict=True):
        for cell, text in zip(row.cells, ("1", name, "7"), strict=True):
            cell.text = text
    table.rows[2]._tr.get_or_add_trPr().append(parse_xml(f"<w:del {nsdecls('w')}/>"))
    deleted = table.cell(1, 2)._tc.get_or_add_tcPr()
    deleted.append(parse_xml(f"<w:cellDel {nsdecls('w')}/>"))
    target = io.BytesIO()
    document.save(target)
    contents = read_contents(target.getvalue(), "a.docx")
    assert contents.sheets[0].rows == [["1", "Biên Hòa", "7"], ["1", "Long Khánh", None], [None, None, None]]
    assert ("word/document.xml", "0912 345 678") in contents.other_text


def test_a_line_above_the_table_without_what_is_crossed_out() -> None:
    def spoil(document: object) -> None:
        paragraph = document.tables[0].cell(0, 0).paragraphs[0]._p  # type: ignore[attr-defined]
        line = document.add_paragraph("Kỳ báo cáo: ")  # type: ignore[attr-defined]
        line.add_run("Quý IV/2019 ").font.strike = True
        line.add_run("Quý I/2020")
        paragraph.getroottree().getroot().body.insert(0, line._p)

    assert sheet_of(spoil).rows[0][0] == "Kỳ báo cáo: Quý I/2020"


def test_styles_that_are_based_on_each_other_end() -> None:
    chain = "".join(
        f'<w:style w:type="character" w:styleId="{i}"><w:basedOn w:val="{(i + 1) % 9}"/></w:style>'
        for i in range(9)
    )
    styles = read_styles(f'<w:styles xmlns:w="w">{chain}</w:styles>'.encode())
    assert styles.font_of("0") == {}
    with pytest.raises(UnreadableFile):
        read_styles(b"<w:styles>")


def test_a_run_of_many_tabs_takes_no_longer_for_each() -> None:
    data = b'<w:document xmlns:w="w"><w:p><w:r>%b</w:r></w:p></w:document>' % (b"<w:tab/>" * 300_000)
    assert reference_seconds(lambda: read_document(data, WordStyles()), enough=5) < 5
