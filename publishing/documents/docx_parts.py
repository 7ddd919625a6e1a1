"""Parts of Word documents with the fonts, margins and spacing that Nghị định 30/2020/NĐ-CP prescribes."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from plans.model import Plan
from plans.reporting_calendar import Period
from publishing.i18n import format_number

LEFT, CENTRE = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
BOTH, RIGHT = WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.RIGHT
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FONT = "Times New Roman"
_NO_DAY = datetime(2000, 1, 1)
_TABLE_SIZE, _LEAST_SIZE = 11.0, 7.0  # points
_PADDING, _DIGIT = 4.2, 0.19  # of a cell, in mm; width of a digit per point of the font, in mm


def clean_text(text: object) -> str:
    """Return the text on one line, without characters that XML forbids; spaces that do not break stay."""
    return re.sub("[ \t\n\r]+", " ", _NOT_XML.sub("", str(text))).strip()


def blank_document(plan: Plan, period: Period) -> Any:
    """Create an empty A4 document with the margins, font and page number that the decree prescribes."""
    document = Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(14)
    fonts = normal.element.rPr.rFonts
    for script in ("w:eastAsia", "w:cs", "w:hAnsi"):
        fonts.set(qn(script), _FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    normal.element.rPr.append(language)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin = page.bottom_margin = page.right_margin = Mm(20)
    page.left_margin, page.header_distance = Mm(30), Mm(10)
    page.different_first_page_header_footer = True
    number = page.header.paragraphs[0]
    number.alignment = CENTRE
    for kind, code in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        part.text = code or None
        number.add_run()._r.append(part)
    properties = document.core_properties
    properties.title, properties.author = (
        clean_text(f"Báo cáo {period.name_vi}: {plan.title}")[:255],
        "Chỉ Tiêu",
    )
    properties.created = properties.modified = _NO_DAY
    properties.comments, properties.language = "", "vi-VN"
    return document


def write_text(
    paragraph: Paragraph,
    content: object,
    size: float = 14,
    bold: bool = False,
    italic: bool = False,
    align: WD_ALIGN_PARAGRAPH = BOTH,
) -> Paragraph:
    """Write text into an empty paragraph, with the spacing that the decree prescribes."""
    run = paragraph.add_run(clean_text(content))
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(0)
    return paragraph


def add_paragraph(document: Any, content: str, bold: bool = False) -> Paragraph:
    """Add an indented paragraph."""
    paragraph = write_text(document.add_paragraph(), content, bold=bold)
    paragraph.paragraph_format.first_line_indent, paragraph.paragraph_format.space_before = Mm(10), Pt(6)
    return paragraph


def add_heading(document: Any, content: str) -> None:
    """Add a heading that stays with the paragraph after it."""
    add_paragraph(document, content, bold=True).paragraph_format.keep_with_next = True


def fill_lines(cell: _Cell, align: WD_ALIGN_PARAGRAPH, *lines: tuple[str, float, str]) -> None:
    """Fill an empty cell with lines of (text, size, style); style letters: b bold, i italic, u underlined."""
    for number, (content, size, look) in enumerate(lines):
        paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
        write_text(paragraph, content, size, "b" in look, "i" in look, align).runs[0].underline = "u" in look


def side_by_side(document: Any, widths: tuple[int, int]) -> tuple[_Cell, _Cell]:
    """Add two cells without borders; widths in mm."""
    table = document.add_table(rows=1, cols=2)
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    left, right = table.rows[0].cells
    for column, cell, width in zip(table.columns, (left, right), widths, strict=True):
        column.width = cell.width = Mm(width)
    return left, right


def add_table(document: Any, widths: Sequence[float], rows: Sequence[Sequence[object]]) -> None:
    """Add a ruled table; widths in mm. The first row is the repeated header; numbers align right.

    Where a number is too wide for its column, the table has a smaller font: a number never breaks.
    """
    size = _size_of(widths, rows)
    table = document.add_table(rows=len(rows), cols=len(widths), style="Table Grid")
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for number, (row, values) in enumerate(zip(table.rows, rows, strict=True)):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for cell, value, width in zip(row.cells, values, widths, strict=True):
            cell.width = Mm(width)
            is_number = isinstance(value, int | float)
            align = CENTRE if not number else RIGHT if is_number else LEFT
            write_text(cell.paragraphs[0], figure_text(value), size, bold=not number, align=align)


def _size_of(widths: Sequence[float], rows: Sequence[Sequence[object]]) -> float:
    """Return the largest font size in which all numbers fit into their columns."""
    sizes = [
        (width - _PADDING) / (_DIGIT * len(figure_text(value)))
        for values in rows
        for value, width in zip(values, widths, strict=True)
        if isinstance(value, int | float)
    ]
    return max(_LEAST_SIZE, min(_TABLE_SIZE, *sizes)) if sizes else _TABLE_SIZE


def shade(cell: _Cell, colour: str) -> None:
    """Fill a cell with a colour given in hex."""
    shading = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shading.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shading)


def figure_text(value: object) -> str:
    """Format a number the Vietnamese way; other values as text, None as empty text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return format_number(value, 2, "vi")
    return "" if value is None else str(value)
