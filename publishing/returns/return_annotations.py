"""Write findings into a workbook: coloured cells with notes, and a sheet that lists all findings."""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from plans.languages.catalog import DEFAULT
from publishing import workbook_styles as looks
from publishing.i18n import body_text, body_texts
from publishing.returns.sheet_results import SheetResult
from publishing.workbook_files import put, sheet_title
from publishing.workbook_styles import FONT
from schemas.form_set import FormSet
from transforms.layout.reply_sheet import LONGEST_REPLY, NUMBER_LABEL, REPLY_LABEL, finding_number
from transforms.privacy.personal_data import is_personal_data, mask
from transforms.text.normalise import ascii_key, normalise

LIST_TITLE = body_text(DEFAULT, "list.title")
_AUTHOR = "Chỉ Tiêu"
_WIDTHS = (6, 24, 12, 20, 100)
_REPLY_WIDTHS = (9, 36)  # of the numbers of findings and of the replies
_REPLY_PROMPT = (
    f"Ghi ý kiến về mục này, nếu có (không quá {LONGEST_REPLY} ký tự). Không ghi họ tên, số điện thoại, "
    "số giấy tờ của cá nhân."
)
_FILLS = {
    "error": PatternFill("solid", fgColor="FFFFB3B3"),
    "warning": PatternFill("solid", fgColor="FFFFE699"),
}
_FIRST_ROW = 6
_LINE, _LINE_LETTERS = 16, 85  # points of a line; characters in a line of the last column
_PERIOD_LABEL = ["ky", "bao", "cao"]
_LETTERS = re.compile(r"[^\W_]+")
_LONG_FIGURE = re.compile(r"(?<![\w.,])[1-9][0-9]{6,17}(?!\w|[.,][0-9])")
_NEXT_SENTENCE = re.compile(r"\. (\w)")
_WRAPPED = Alignment(vertical="top", wrap_text=True)
_PLAIN, _BOLD = Font(name=FONT, size=12), Font(name=FONT, size=12, bold=True)
_LINK = Font(name=FONT, size=12, color="FF0563C1", underline="single")
_LONGEST_NOTE = 2_000  # characters


def mark_cell(
    sheet: Worksheet, row: int, column: int, findings: Sequence[Mapping[str, Any]], language: str
) -> None:
    """Colour a cell (the first of a merged range), describe its findings in a note, and unlock it."""
    found = sheet.cell(row, column)
    if isinstance(found, MergedCell):
        area = next(a for a in sheet.merged_cells.ranges if found.coordinate in a)
        found = sheet.cell(area.min_row, area.min_col)
    if not isinstance(found, Cell):
        return
    severity = "error" if any(f["severity"] == "error" for f in findings) else "warning"
    messages = "\n\n".join(
        f"{_level(f, language)} {f['code']}: {_harmless(f['message_vi'])}" for f in findings
    )
    earlier = body_text(language, "list.earlier") + found.comment.text if found.comment else ""
    note = Comment(messages[:_LONGEST_NOTE] + earlier, _AUTHOR)
    note.width, note.height = 340, min(40 + 18 * (len(note.text) // 45 + note.text.count("\n")), 400)
    found.comment, found.fill = note, _FILLS[severity]
    if sheet.protection.sheet:
        found.protection = Protection(locked=False)


def _level(finding: Mapping[str, Any], language: str) -> str:
    return body_text(language, f"list.{finding['severity']}")


def clear_marks(book: Workbook, language: str) -> None:
    """Remove the list, notes and colours of an earlier return."""
    title, heading = body_text(language, "list.title"), body_text(language, "list.heading")
    # Recognised by its text: LibreOffice does not keep authors of notes.
    levels = "|".join(re.escape(body_text(language, f"list.{name}")) for name in ("error", "warning"))
    ours = re.compile(rf"(?:{levels}) [A-Z]+(?:-[A-Z0-9]+)+: ")
    lists = [s for s in book.worksheets if s.title.startswith(title) and s["A1"].value == heading]
    if not lists or len(lists) == len(book.worksheets):
        return
    for sheet in lists:
        book.remove(sheet)
    for sheet in book.worksheets:
        for cells in sheet.iter_rows():
            for cell in cells:
                if cell.comment and ours.match(cell.comment.text):
                    _, _, earlier = cell.comment.text.partition(body_text(language, "list.earlier"))
                    cell.comment = Comment(earlier, "") if earlier else None
                    cell.fill = PatternFill()


def write_list(
    book: Workbook,
    file_name: str,
    findings: Sequence[Mapping[str, Any]],
    links: Mapping[int, str],
    omitted: int,
    form_set: FormSet,
    results: Sequence[SheetResult] = (),
    language: str = DEFAULT,
) -> None:
    """Insert the results of the sheets and the list of findings as the first sheet; make it the active one.

    `links` are internal links by index of the finding; `omitted` is the number of findings not listed.
    """
    taken = {name.casefold() for name in book.sheetnames}
    has_copy = bool(taken)
    say = partial(body_text, language)
    sheet = book.create_sheet(sheet_title(say("list.title"), taken), 0)
    errors = sum(f["severity"] == "error" for f in findings)
    count = say("list.count", errors=errors, warnings=len(findings) - errors)
    count += say("list.omitted", omitted=omitted) if omitted else ""
    # The form code makes the reader skip this sheet when the file is sent again: it looks for that form's
    # table, finds none, and does not consider the codes quoted by the findings.
    advice = say("list.advice" if has_copy else "list.no-copy", code=form_set.forms[0].code)
    file_line = say("list.file", name=_unlike_a_report(mask(file_name)))
    for row, line in enumerate((say("list.heading"), file_line, count, advice), 1):
        put(sheet, row, 1, line).font = _BOLD if row == 1 else _PLAIN
    sheet["A4"].alignment = _WRAPPED
    sheet.merge_cells(start_row=4, start_column=1, end_row=4, end_column=len(_WIDTHS))
    sheet.row_dimensions[4].height = 34
    header = _write_results(sheet, results, language)
    columns = zip(body_texts(language, "list.columns"), _WIDTHS, strict=True)
    for column, (label, width) in enumerate(columns, 1):
        looks.as_header(put(sheet, header, column, label))
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, finding in enumerate(findings):
        _write_finding(sheet, header + 1 + number, number, finding, links.get(number, ""), language)
    if language == DEFAULT and findings:
        _ask_for_replies(sheet, header, findings)
    sheet.freeze_panes = f"A{header + 1}"
    looks.set_up_print(sheet, f"{header}:{header}")
    _open_at_first(book)


def _write_results(sheet: Worksheet, results: Sequence[SheetResult], language: str) -> int:
    """Write a row per sheet of the file, rejected ones first; return the row of the findings' header."""
    if not results:
        return _FIRST_ROW - 1
    # Without ordinals: two series of them would be taken for a column of figures, and the sheet for a report.
    for column, label in enumerate(body_texts(language, "list.results"), 1):
        looks.as_header(put(sheet, _FIRST_ROW - 1, column, label))
    ordered = sorted(results, key=lambda result: not result.is_rejected)
    for number, result in enumerate(ordered, 1):
        name = _unlike_a_report(result.sheet_name) or body_text(language, "list.whole-file")
        values = (None, name, result.form_code, result.period_name, result.text(language))
        for column, value in enumerate(values, 1):
            looks.as_known(put(sheet, _FIRST_ROW - 1 + number, column, value))
        severity = (
            "error" if result.is_rejected else "warning" if result.status == "accepted_with_warnings" else ""
        )
        if severity:
            sheet.cell(_FIRST_ROW - 1 + number, 5).fill = _FILLS[severity]
    return _FIRST_ROW + len(ordered) + 1


def _write_finding(
    sheet: Worksheet, row: int, number: int, finding: Mapping[str, Any], link: str, language: str
) -> None:
    message = _unlike_a_report(_harmless(finding["message_vi"]))
    values = (number + 1, _place(finding, language), _level(finding, language), finding["code"], message)
    for column, value in enumerate(values, 1):
        looks.as_known(put(sheet, row, column, value))
    sheet.row_dimensions[row].height = _LINE * -(-len(message) // _LINE_LETTERS) + 3
    sheet.cell(row, 3).fill = _FILLS[finding["severity"]]
    if link:
        place = sheet.cell(row, 2)
        place.hyperlink = Hyperlink(ref=place.coordinate, location=link)
        place.font = _LINK


def _ask_for_replies(sheet: Worksheet, header: int, findings: Sequence[Mapping[str, Any]]) -> None:
    """Add the column of replies, and number the findings so that replies to them are recognised."""
    column = len(_WIDTHS) + 1
    letter = get_column_letter(column)
    looks.as_header(put(sheet, header, 1, NUMBER_LABEL))
    looks.as_header(put(sheet, header, column, REPLY_LABEL))
    sheet.column_dimensions["A"].width, sheet.column_dimensions[letter].width = _REPLY_WIDTHS
    for row, finding in enumerate(findings, header + 1):
        if "finding_no" in finding:
            put(sheet, row, 1, finding_number(finding["submission_id"], finding["finding_no"]))
        looks.as_known(put(sheet, row, column, None))
    rule = DataValidation(type="textLength", operator="lessThanOrEqual", formula1=str(LONGEST_REPLY))
    rule.promptTitle, rule.prompt, rule.showInputMessage = REPLY_LABEL, _REPLY_PROMPT, True
    rule.errorTitle, rule.error, rule.showErrorMessage = REPLY_LABEL, _REPLY_PROMPT, True
    rule.add(f"{letter}{header + 1}:{letter}{header + len(findings)}")
    sheet.add_data_validation(rule)


def _place(finding: Mapping[str, Any], language: str) -> str:
    """Describe the place of a finding; never a bare sheet name, which may equal the title of a form."""
    sheet, cell = _unlike_a_report(finding["sheet_name"] or ""), finding["cell"] or ""
    if sheet:
        return f"{sheet}!{cell}" if cell else body_text(language, "list.whole-sheet", sheet=sheet)
    return body_text(language, "list.cell" if cell else "list.whole-file", cell=cell)


def _harmless(message: str) -> str:
    """Return the message so that the file is not rejected for it when it is sent again.

    The digits of long figures are grouped: outside their columns they could be taken for a personal number. A
    quoted word such as “đối tượng” and the capital after it could be taken for a person's name.
    """
    message = _LONG_FIGURE.sub(lambda figure: f"{int(figure[0]):,}".replace(",", "."), message)
    if is_personal_data(message, frozenset()) == "name":
        message = _NEXT_SENTENCE.sub(lambda start: f"; {start[1].lower()}", message)
    kind = is_personal_data(message, frozenset())
    return message if kind in (None, "name") else mask(message)


def _unlike_a_report(text: str) -> str:
    """Shorten "kỳ báo cáo" in the text: the reader takes a sheet with these words for a report."""
    text = normalise(text)
    words = list(_LETTERS.finditer(text))
    for first in range(len(words) - 3, -1, -1):
        three = words[first : first + 3]
        if [ascii_key(word[0]) for word in three] == _PERIOD_LABEL:
            text = text[: three[1].start()] + "BC" + text[three[2].end() :]
    return text


def _open_at_first(book: Workbook) -> None:
    """Select only the first sheet: with two selected, input goes into both."""
    for number, sheet in enumerate(book.worksheets):
        sheet.sheet_view.tabSelected = number == 0
    for chart in book.chartsheets:
        for view in chart.sheetViews.sheetView:
            view.tabSelected = False
    book.active = 0
    for window in book.views:
        window.firstSheet = 0
