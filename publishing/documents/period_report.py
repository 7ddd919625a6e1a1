"""Word report of a closed period, laid out as Nghị định 30/2020/NĐ-CP, phụ lục I, prescribes."""

import io
import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from sqlalchemy import Connection

from plans.model import Plan
from plans.reporting_calendar import Period
from publishing.documents.period_figures import (
    FormFigures,
    Frozen,
    FrozenFigure,
    form_figures,
    frozen,
    shown_measures,
)
from publishing.documents.period_workbook import RESTRICTED
from publishing.i18n import MOTTO, format_number, in_sentence, labels, unit_labels
from publishing.workbook_files import stable_zip
from schemas.declaration import MeasureType

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FONT = "Times New Roman"
_LEFT, _CENTRE = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
_BOTH, _RIGHT = WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.RIGHT
_NO_DAY = datetime(2000, 1, 1)
_KIND = re.compile("^(Tỉnh|Thành phố) ")
_RULE = "_" * 10
_MOST_PLACES = 40  # areas of a level that are listed; of more, those of each status are counted
_LABELS = labels("vi")
_TARGET_HEAD = (
    "Mã", "Chỉ tiêu", "Kết quả", "Chỉ tiêu năm", "Mức phải đạt đến kỳ", "Đánh giá", "So với chỉ tiêu năm",
    "Tỷ lệ báo cáo đã nhận (%)",
)  # fmt: skip
_LATE = {"missing": "chưa nộp", "rejected": "bị trả lại và chưa nộp lại", "late": "nộp muộn"}


def period_report(connection: Connection, plan: Plan, period: Period, now: datetime) -> bytes:
    """Build the .docx of a closed period; the same snapshot always gives the same bytes.

    Raises ValueError for a period that is open at `now`. The People's Committee may see small counts of
    persons: they are not suppressed here as they are for BI.
    """
    known = frozen(connection, plan, period, now)
    document = _blank(plan, period)
    _letterhead(document, plan, known)
    _heading(document, "I. KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU")
    _targets(document, plan, known)
    _heading(document, "II. KẾT QUẢ THEO NỘI DUNG CỦA KẾ HOẠCH")
    for number, figures in enumerate(form_figures(connection, plan, known), 1):
        _form(document, number, figures)
    _heading(document, "III. BÁO CÁO CÒN THIẾU")
    _missing(document, plan, known)
    _heading(document, "IV. GHI CHÚ")
    _notes(document, known)
    _signature(document)
    saved = io.BytesIO()
    document.save(saved)
    return stable_zip(saved.getvalue())


def _clean(text: object) -> str:
    """Return the text on one line, without characters that XML forbids."""
    return " ".join(_NOT_XML.sub("", str(text)).split())


def _blank(plan: Plan, period: Period) -> Any:
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
    number.alignment = _CENTRE
    for kind, code in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        part.text = code or None
        number.add_run()._r.append(part)
    properties = document.core_properties
    properties.title, properties.author = _clean(f"Báo cáo {period.name_vi}: {plan.title}")[:255], "Chỉ Tiêu"
    properties.created = properties.modified = _NO_DAY
    properties.comments, properties.language = "", "vi-VN"
    return document


def _write(
    paragraph: Paragraph,
    content: object,
    size: float = 14,
    bold: bool = False,
    italic: bool = False,
    align: WD_ALIGN_PARAGRAPH = _BOTH,
) -> Paragraph:
    """Write text into an empty paragraph, with the spacing that the decree prescribes."""
    run = paragraph.add_run(_clean(content))
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(0)
    return paragraph


def _add_paragraph(document: Any, content: str, bold: bool = False) -> Paragraph:
    """Add an indented paragraph."""
    paragraph = _write(document.add_paragraph(), content, bold=bold)
    paragraph.paragraph_format.first_line_indent, paragraph.paragraph_format.space_before = Mm(10), Pt(6)
    return paragraph


def _heading(document: Any, content: str) -> None:
    _add_paragraph(document, content, bold=True).paragraph_format.keep_with_next = True


def _lines(cell: _Cell, align: WD_ALIGN_PARAGRAPH, *lines: tuple[str, float, str]) -> None:
    """Fill an empty cell with lines of (text, size, style); style letters: b bold, i italic, u underlined."""
    for number, (content, size, look) in enumerate(lines):
        paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
        _write(paragraph, content, size, "b" in look, "i" in look, align).runs[0].underline = "u" in look


def _side_by_side(document: Any, widths: tuple[int, int]) -> tuple[_Cell, _Cell]:
    """Add two cells without borders; widths in mm."""
    table = document.add_table(rows=1, cols=2)
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    left, right = table.rows[0].cells
    for column, cell, width in zip(table.columns, (left, right), widths, strict=True):
        column.width = cell.width = Mm(width)
    return left, right


def _letterhead(document: Any, plan: Plan, known: Frozen) -> None:
    area, day, period = plan.areas_by_code[plan.area].name, known.closed_at, known.period
    month = (
        f"{day.month:02}" if day.month < 3 else day.month
    )  # the decree: a leading zero keeps 1 from being changed to 11
    when = f"{_KIND.sub('', area)}, ngày {day:%d} tháng {month} năm {day.year}"
    left, right = _side_by_side(document, (66, 98))
    issuer = (("ỦY BAN NHÂN DÂN", 13, "b"), (area.upper(), 13, "b"), (_RULE, 8, ""))
    _lines(left, _CENTRE, *issuer, ("Số: …/BC-UBND", 13, ""))
    motto = ((MOTTO[0], 12, "b"), (MOTTO[1], 13, "bu"))
    _lines(right, _CENTRE, *motto, ("", 8, ""), (when, 13, "i"))
    for line in ("", "BÁO CÁO", f"Kết quả thực hiện {plan.title}", period.name_vi):
        _write(document.add_paragraph(), line, bold=True, align=_CENTRE)
    _write(document.add_paragraph(), _RULE, 8, align=_CENTRE)
    window = f"từ ngày {period.window_start:%d/%m/%Y} đến ngày {period.window_end:%d/%m/%Y}"
    opening = f"Ủy ban nhân dân {area[:1].lower()}{area[1:]} báo cáo kết quả thực hiện {plan.title}"
    _add_paragraph(document, f"{opening}, {period.name_vi}, số liệu {window}, như sau:")


def _table(document: Any, widths: Sequence[float], rows: Sequence[Sequence[object]]) -> None:
    """Add a ruled table; widths in mm. The first row is the repeated header; numbers align right."""
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
            align = _CENTRE if not number else _RIGHT if is_number else _LEFT
            _write(cell.paragraphs[0], _figure(value), 11, bold=not number, align=align)


def _figure(value: object) -> str:
    """Format a number the Vietnamese way; other values as text, None as empty text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return format_number(value, 2, "vi")
    return "" if value is None else str(value)


def _with_unit(value: object, unit: str) -> str:
    if value is None:
        return ""
    label = unit_labels(unit)[0]
    return f"{_figure(value)}{'' if label == '%' else ' '}{label}"


def _targets(document: Any, plan: Plan, known: Frozen) -> None:
    """Write the figures of the province and of districts, and count communes by status."""
    named = {target.code: target.label_vi for target in plan.targets}
    of_level: dict[str, list[FrozenFigure]] = {level: [] for level in plan.levels_by_key}
    for row in known.figures:
        of_level[row["area_level"]].append(row)
    rows: list[Sequence[object]] = [_TARGET_HEAD]
    own, *lower = (level for level in of_level if of_level[level] or level == _own_level(plan))
    for row in of_level[own]:
        unit = row["unit"]
        rows.append(
            (
                row["target_code"],
                named.get(row["target_code"], ""),
                _with_unit(row["value"], unit),
                _with_unit(row["target_value"], unit),
                _with_unit(row["expected_value"], unit),
                _LABELS[row["status"]],
                _LABELS[row["verdict"]],
                row["completeness_pct"],
            )
        )
    whole = "toàn tỉnh" if plan.areas_by_code[plan.area].name.startswith("Tỉnh") else "toàn địa bàn"
    _add_paragraph(document, f"Kết quả của {whole}, lũy kế từ đầu năm kế hoạch đến cuối kỳ:")
    _table(document, (11, 44, 19, 19, 19, 18, 18, 16), rows)
    for level in lower:
        words = plan.levels_by_key[level].label_vi
        if len({row["area_code"] for row in of_level[level]}) <= _MOST_PLACES:
            _add_paragraph(document, f"Kết quả theo địa bàn {words}:")
            _by_place(document, of_level[level])
            continue
        for code, group in groupby(of_level[level], key=lambda row: row["target_code"]):
            states = Counter(row["status"] for row in group)
            counted = "; ".join(f"{_LABELS[state]}: {states[state]}" for state in _LABELS if state in states)
            _add_paragraph(document, f"{code}. {named.get(code, '')}, theo số đơn vị {words}: {counted}.")


def _own_level(plan: Plan) -> str:
    return plan.areas_by_code[plan.area].level


def _by_place(document: Any, local: Sequence[FrozenFigure]) -> None:
    codes = list(dict.fromkeys(row["target_code"] for row in local))
    cells = {(row["area_code"], row["target_code"]): row for row in local}
    rows: list[Sequence[object]] = [("Địa bàn", *codes)]
    for area, name in {row["area_code"]: row["area_name"] for row in local}.items():
        rows.append((name, *(_with_status(cells.get((area, code))) for code in codes)))
    _table(document, (44, *[116 / len(codes)] * len(codes)), rows)


def _with_status(row: FrozenFigure | None) -> str:
    if row is None:
        return ""
    return f"{_with_unit(row['value'], row['unit'])} ({_LABELS[row['status']]})".strip()


def _form(document: Any, number: int, figures: FormFigures) -> None:
    """Write the totals of a form, one column per block."""
    form, blocks = figures.form, figures.blocks
    mark = f" ({RESTRICTED})" if form.sensitive else ""
    _heading(document, f"{number}. {form.title.capitalize()} (Biểu số {form.code}){mark}")
    columns = [(block.title, block.total) for block in blocks]
    if figures.total is not None:
        columns.append(("Tổng cộng", figures.total))
    rows: list[Sequence[object]] = [("Nội dung", "Đơn vị tính", *(title for title, _ in columns))]
    for measure in shown_measures(form):
        label = f"{measure.group}: {measure.label_vi}" if measure.group else measure.label_vi
        unit = {MeasureType.FLAG: "số nơi ghi Có", MeasureType.SCORE: "bình quân"}.get(
            measure.kind, measure.unit.label_vi
        )
        rows.append((label, unit, *(total.get(measure.key) for _, total in columns)))
    if blocks:
        _table(document, (56, 20, *[84 / len(columns)] * len(columns)), rows)
    else:
        _add_paragraph(document, "Trong kỳ không có báo cáo theo biểu này và không có báo cáo nào đến hạn.")


def _missing(document: Any, plan: Plan, known: Frozen) -> None:
    """List reports of the period that were missing, rejected or late when it was closed."""
    inside = [duty for duty in known.duties if duty["is_inside"] and duty["status"] in _LATE]
    owed = sum(duty["is_inside"] and duty["status"] != "waived" for duty in known.duties)
    counts = Counter(duty["status"] for duty in inside)
    summary = "; ".join(f"{counts[state]} {label}" for state, label in _LATE.items())
    _add_paragraph(document, f"Trong {owed} báo cáo của kỳ, tính đến lúc chốt số liệu: {summary}.")
    order = {body.code: number for number, body in enumerate(plan.all_bodies)}
    by_report: dict[tuple[str, str, str], dict[str, list[str]]] = {}
    for duty in sorted(inside, key=lambda d: (order.get(d["body_code"], len(order)), d["body_code"])):
        key = (duty["body_code"], in_sentence(duty["body_name"]), duty["form_code"])
        by_report.setdefault(key, {}).setdefault(duty["status"], []).append(duty["period_name"])
    rows: list[Sequence[object]] = [("TT", "Cơ quan, địa phương", "Biểu", "Tình trạng")]
    for number, ((_, body, form), states) in enumerate(by_report.items(), 1):
        parts = (f"{_LATE[s]}: {', '.join(states[s])}" for s in _LATE if s in states)
        rows.append((number, body, form, "; ".join(parts)))
    if by_report:
        _table(document, (11, 60, 22, 67), rows)


def _notes(document: Any, known: Frozen) -> None:
    """Write which figures may still change, what is missing of earlier periods, and the chain's head."""
    not_final = dict.fromkeys(row["target_code"] for row in known.figures if not row["is_final"])
    before = sum(d["status"] in ("missing", "rejected") for d in known.duties if not d["is_inside"])
    notes = [
        f"Chưa đủ báo cáo, số liệu còn có thể thay đổi: {', '.join(not_final) or 'không có chỉ tiêu nào'}.",
        f"Số báo cáo của các kỳ trước trong năm còn thiếu: {before}.",
        "Ô trống trong bảng: chưa có số liệu, hoặc số liệu không cộng được.",
        f"Số liệu được chốt lúc {known.closed_at:%H:%M ngày %d/%m/%Y}; báo cáo nộp sau không làm thay đổi văn"
        f" bản này. Mã băm mới nhất của chuỗi kiểm toán khi chốt: {known.head}.",
    ]
    for number, note in enumerate(notes, 1):
        _add_paragraph(document, f"{number}. {note}")


def _signature(document: Any) -> None:
    document.add_paragraph()
    left, right = _side_by_side(document, (82, 82))
    receivers = ("- Các sở, ban, ngành, đoàn thể;", "- Ủy ban nhân dân các địa phương;", "- Lưu: VT.")
    _lines(left, _LEFT, ("Nơi nhận:", 12, "bi"), *((line, 11, "") for line in receivers))
    signed = ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "", "", "", "")
    _lines(right, _CENTRE, *((line, 14, "b") for line in signed))
