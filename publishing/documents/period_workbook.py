"""Consolidated workbook of a closed period: targets by section of the plan, and each form by district."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import Connection

from plans.model import Plan
from plans.reporting_calendar import Period
from publishing import workbook_styles as looks
from publishing.documents.period_figures import (
    Block,
    FormFigures,
    Frozen,
    FrozenFigure,
    form_figures,
    frozen,
    shown_measures,
)
from publishing.documents.workbook_contents import CONTENTS_TITLE, add_contents
from publishing.i18n import labels, unit_labels
from publishing.workbook_files import new_workbook, put, sheet_title, workbook_bytes
from schemas.declaration import Measure, MeasureType

_LABELS = labels("vi")
RESTRICTED = "Tài liệu hạn chế"
_TARGET_COLUMNS = (
    ("Mã", 7), ("Chỉ tiêu", 40), ("Mã địa bàn", 10), ("Địa bàn", 26), ("Tử số", 12), ("Mẫu số", 12),
    ("Kết quả", 12), ("Đơn vị tính", 10), ("Chỉ tiêu năm", 12), ("Mức phải đạt đến kỳ", 12),
    ("% so với chỉ tiêu năm", 12), ("Đánh giá", 16),
    ("Khoảng giá trị khi đủ báo cáo: thấp nhất", 14), ("Khoảng giá trị khi đủ báo cáo: cao nhất", 14),
    ("So với chỉ tiêu năm khi đủ báo cáo", 20), ("Tỷ lệ báo cáo đã nhận (%)", 12), ("Đủ báo cáo", 9),
)  # fmt: skip
_TARGET_KEYS = (
    *("target_code", "label", "area_code", "area_name", "numerator", "denominator", "value", "unit"),
    *("target_value", "expected_value", "achievement_pct", "status", "value_min", "value_max", "verdict"),
    *("completeness_pct", "is_final"),
)
_FIRST = (("TT", 6), ("Địa bàn, cơ quan", 34), ("Báo cáo đã nhận", 9), ("Báo cáo phải nộp", 9))
_OVER_TIME = {
    MeasureType.STOCK: "cuối kỳ",
    MeasureType.OPENING_STOCK: "đầu kỳ",
    MeasureType.FLAG: "số nơi ghi Có",
    MeasureType.SCORE: "bình quân",
}
_HEADER_ROW = 6
_LINE, _LABEL_LETTERS = 16, 36  # points of a line; characters in a line of the column of targets
_LETTERS = 11  # characters that fit into an average column


def period_workbook(connection: Connection, plan: Plan, period: Period, now: datetime) -> bytes:
    """Build the .xlsx of a closed period; the same snapshot always gives the same bytes.

    Raises ValueError for a period that is open at `now`.
    """
    known = frozen(connection, plan, period, now)
    book, taken, listed = new_workbook(), {CONTENTS_TITLE.casefold()}, list[tuple[str, str]]()
    for section, rows in sections(plan, known.figures).items():
        sheet = _sheet(book, f"Chỉ tiêu {section}".strip(), taken)
        _write_targets(sheet, plan, known, section, rows)
        listed.append((sheet.title, "kết quả thực hiện các chỉ tiêu"))
    for figures in form_figures(connection, plan, known):
        sheet = _sheet(book, f"Biểu {figures.form.code}", taken)
        _write_form(sheet, plan, known, figures)
        listed.append((sheet.title, figures.form.title.capitalize()))
    add_contents(book, plan, known, listed)
    return workbook_bytes(book)


def sections(plan: Plan, figures: Iterable[FrozenFigure]) -> dict[str, list[FrozenFigure]]:
    """Group frozen rows by the section of the plan that sets their targets ("I.2" for "I.2.a")."""
    named = {t.code: t.section.rpartition(".")[0] or t.section for t in plan.targets}
    groups: dict[str, list[FrozenFigure]] = defaultdict(list)
    for row in figures:
        groups[named.get(row["target_code"], "")].append(row)
    return dict(groups)


def _sheet(book: Workbook, name: str, taken: set[str]) -> Worksheet:
    sheet: Worksheet = book.create_sheet(sheet_title(name, taken))
    return sheet


def _write_head(sheet: Worksheet, plan: Plan, known: Frozen, title: str, note: str, width: int) -> None:
    """Write plan, title, period and note above the table."""
    period = known.period
    when = (
        f"{period.name_vi}: số liệu từ ngày {period.window_start:%d/%m/%Y} đến ngày"
        f" {period.window_end:%d/%m/%Y}, chốt lúc {known.closed_at:%H:%M ngày %d/%m/%Y}."
    )
    lines = ((plan.title, True), (title, True), (when, False), (note, False))
    for row, (line, bold) in enumerate(lines, 1):
        looks.as_line(put(sheet, row, 1, line), bold=bold, italic=not bold)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)
        sheet.row_dimensions[row].height = 16 * (1 + len(line) // (_LETTERS * width))


def _write_targets(
    sheet: Worksheet, plan: Plan, known: Frozen, section: str, rows: list[FrozenFigure]
) -> None:
    named = {target.code: target.label_vi for target in plan.targets}
    title = f"KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU{f' TẠI MỤC {section}' if section else ''}"
    note = "Chỉ tiêu tính lũy kế từ đầu năm kế hoạch đến cuối kỳ. Ô trống: chưa có số liệu."
    _write_head(sheet, plan, known, title, note, len(_TARGET_COLUMNS))
    for column, (label, width) in enumerate(_TARGET_COLUMNS, 1):
        looks.as_header(put(sheet, _HEADER_ROW, column, label))
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, row in enumerate(rows, _HEADER_ROW + 1):
        values: dict[str, object] = {
            **row,
            "label": named.get(row["target_code"], ""),
            "unit": unit_labels(row["unit"], known.form_set)[0],
            "status": _LABELS[row["status"]],
            "verdict": _LABELS[row["verdict"]],
            "is_final": "có" if row["is_final"] else "chưa",
        }
        for column, key in enumerate(_TARGET_KEYS, 1):
            value = values[key]
            is_fraction = isinstance(value, float) and not value.is_integer()
            number_format = "#,##0.00" if is_fraction else "#,##0"
            cell = put(sheet, number, column, value)
            looks.as_known(cell, row["area_level"] == "province", number_format=number_format)
        lines = 1 + len(str(values["label"])) // _LABEL_LETTERS
        sheet.row_dimensions[number].height = _LINE * max(lines, 1 + len(str(values["verdict"])) // 20) + 3
    sheet.row_dimensions[_HEADER_ROW].height = 5 * _LINE
    last = get_column_letter(len(_TARGET_COLUMNS))
    sheet.auto_filter.ref = f"A{_HEADER_ROW}:{last}{_HEADER_ROW + len(rows)}"
    _finish(sheet, _HEADER_ROW, "E")


def _write_form(sheet: Worksheet, plan: Plan, known: Frozen, figures: FormFigures) -> None:
    form = figures.form
    measures = shown_measures(form)
    # The People's Committee may see small counts of persons: they are not suppressed here as they are for BI,
    # but the sheet carries a notice.
    title = f"Biểu số {form.code}: {form.title}{f' – {RESTRICTED}' if form.sensitive else ''}"
    if form.sensitive:
        sheet.oddHeader.center.text = RESTRICTED  # type: ignore[union-attr]
    _write_head(sheet, plan, known, title, _note(figures), len(_FIRST) + len(measures))
    _write_header(sheet, measures)
    row, totals = _HEADER_ROW + 2, []
    for block in figures.blocks:
        row = _write_block(sheet, row, block, measures)
        totals.append(row - 1)
    if figures.total is not None:
        adds = [measure.key for measure in measures if measure.key in figures.total]
        sums = {key: [f"{_letter(measures, key)}{total}" for total in totals] for key in adds}
        _write_total(sheet, row, "Tổng cộng", measures, figures.total, sums)
    _finish(sheet, _HEADER_ROW + 1, "C")


def _note(figures: FormFigures) -> str:
    """Explain in Vietnamese what was added up and what was not."""
    form, several = figures.form, len(figures.blocks) > 1
    sentences = ["Số phát sinh được cộng trong kỳ. Ô trống: chưa có số liệu."]
    if not figures.blocks:
        sentences = ["Trong kỳ này không có báo cáo nào theo biểu này và không có báo cáo nào đến hạn."]
    elif several and form.area_dimension:
        sentences.append("Các cơ quan báo cáo về cùng địa bàn nên số liệu của họ không cộng với nhau.")
    elif several and any(m.kind in (MeasureType.STOCK, MeasureType.OPENING_STOCK) for m in form.measures):
        sentences.append("Số đầu kỳ, cuối kỳ không cộng giữa các cơ quan hoặc các đội vì có thể tính trùng.")
    codes = [measure.label_vi for measure in form.measures if measure.code_list is not None]
    if codes:
        sentences.append(f"Không cộng được, không nêu ở đây: {', '.join(codes)}.")
    return " ".join(sentences)


def _write_header(sheet: Worksheet, measures: Sequence[Measure]) -> None:
    """Write the two header rows, groups above labels."""
    top, column = _HEADER_ROW, len(_FIRST) + 1
    for number, (label, width) in enumerate(_FIRST, 1):
        _write_heading(sheet, number, label, width, top)
    for group, members in groupby(measures, key=lambda measure: measure.group):
        inside = list(members)
        for number, measure in enumerate(inside, column):
            unit = (
                _OVER_TIME[measure.kind]
                if measure.kind in (MeasureType.FLAG, MeasureType.SCORE)
                else measure.unit.label_vi
            )
            when = _OVER_TIME.get(measure.kind, "")
            when = "" if when in unit or when in measure.label_vi.lower() else f", {when}"
            _write_heading(sheet, number, f"{measure.label_vi} ({unit}{when})", 15, top + bool(group))
        if group:
            for number in range(column, column + len(inside)):
                looks.as_header(put(sheet, top, number, group if number == column else None))
            sheet.merge_cells(None, top, column, top, column + len(inside) - 1)
        column += len(inside)
    sheet.row_dimensions[top + 1].height = 62


def _write_heading(sheet: Worksheet, column: int, label: str, width: int, row: int) -> None:
    looks.as_header(put(sheet, row, column, label))
    sheet.column_dimensions[get_column_letter(column)].width = width
    if row == _HEADER_ROW:
        looks.as_header(put(sheet, row + 1, column, None))
        sheet.merge_cells(None, row, column, row + 1, column)


def _write_block(sheet: Worksheet, row: int, block: Block, measures: Sequence[Measure]) -> int:
    """Write a block's title, lines and total; return the row after it."""
    width = len(_FIRST) + len(measures)
    for column in range(1, width + 1):
        looks.as_known(put(sheet, row, column, block.title if column == 1 else None), bold=True)
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)
    first = row + 1
    for number, line in enumerate(block.lines, 1):
        cells = [number, line.label, line.received, line.expected, *(line.values[m.key] for m in measures)]
        for column, value in enumerate(cells, 1):
            measure = measures[column - len(_FIRST) - 1] if column > len(_FIRST) else None
            looks.as_known(put(sheet, row + number, column, value), number_format=_number_format(measure))
    last = row + len(block.lines)
    sums = {key: [f"{_letter(measures, key)}{first}:{_letter(measures, key)}{last}"] for key in block.adds}
    _write_total(sheet, last + 1, "Cộng", measures, block.total, sums)
    return last + 2


def _write_total(
    sheet: Worksheet,
    row: int,
    label: str,
    measures: Sequence[Measure],
    total: Mapping[str, object],
    sums: dict[str, list[str]],
) -> None:
    """Write a total row: formulas for figures that can be added, values for means, nothing elsewhere."""
    for column, heading in enumerate((None, label, None, None), 1):
        looks.as_known(put(sheet, row, column, heading), bold=True)
    for column, measure in enumerate(measures, len(_FIRST) + 1):
        value = total.get(measure.key)
        cell = put(sheet, row, column, value)
        if value is not None and measure.key in sums:
            cell.value = f"=SUM({','.join(sums[measure.key])})"
        looks.as_known(cell, bold=True, number_format=_number_format(measure))


def _letter(measures: Sequence[Measure], key: str) -> str:
    return get_column_letter(len(_FIRST) + 1 + [measure.key for measure in measures].index(key))


def _number_format(measure: Measure | None) -> str:
    if measure is not None and measure.kind is MeasureType.SCORE:
        return "#,##0.0"
    return "#,##0" if measure is None or measure.unit.whole else "#,##0.##"


def _finish(sheet: Worksheet, header_row: int, first_free_column: str) -> None:
    looks.set_up_print(sheet, f"{_HEADER_ROW}:{header_row}")
    sheet.freeze_panes = f"{first_free_column}{header_row + 1}"
    sheet.oddFooter.center.text = "&P/&N"  # type: ignore[union-attr]
