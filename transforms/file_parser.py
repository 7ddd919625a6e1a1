"""From the bytes of a file to its forms, or to the one reason why it is rejected as a whole."""

from collections.abc import Sequence
from traceback import extract_tb

from schemas.declaration import Measure, Severity
from schemas.findings import Finding, Words
from schemas.form_set import FormSet
from transforms.extract.sheet import Sheet
from transforms.extract.workbook import UnreadableFile, read_contents
from transforms.file_advice import advice_of
from transforms.layout.checks.texts_outside_cells import note_texts_outside_cells
from transforms.layout.file_forms import read_forms
from transforms.layout.found_text import forget_grids
from transforms.layout.parsed_sheet import FileReading, SheetReading
from transforms.layout.reply_sheet import replies_of, without_replies
from transforms.layout.rows.rows_of_columns import make_rows
from transforms.layout.sheet_language import findings_as_typed, prepare_sheet, sheet_as_typed
from transforms.layout.sheet_parser import FoundForm, ReadingContext, look_for_form, read_sheet
from transforms.privacy.personal_data import mask
from transforms.privacy.personal_scan import Trace, find_in_sheet, find_in_text
from transforms.text.mojibake import letters_are_lost


def read_file(content: bytes, file_name: str, body_code: str, context: ReadingContext) -> FileReading:
    """Read a file of the body's folder. Never raises for what the file holds: faults are findings.

    A file that holds personal data anywhere is rejected whole; its reading holds no values and no texts.
    """
    try:
        return _read(content, file_name, body_code, context)
    finally:
        forget_grids()


def _read(content: bytes, file_name: str, body_code: str, context: ReadingContext) -> FileReading:
    try:
        contents = read_contents(content, file_name)
        language, phrases = context.plan.language, context.phrases
        sheets = [prepare_sheet(sheet, language, phrases) for sheet in contents.sheets]
    except UnreadableFile as error:
        return FileReading(problem=file_problem(error.code, error.detail))
    replies = replies_of(sheets)
    forms_in = [without_replies(sheet) for sheet in sheets] if replies else sheets
    found = [(sheet, look_for_form(sheet, context.forms, context.plan.area_headings)) for sheet in forms_in]
    outside = (*(text for _, text in contents.other_text), *sorted(contents.unseen_texts))
    trace = find_in_text(outside, context.phrases)
    traces: tuple[Trace, ...] = (trace,) if trace else ()
    for sheet, (_, form) in zip(sheets, found, strict=True):
        traces += find_in_sheet(
            sheet_as_typed(sheet),
            _figures(form, context.forms),
            context.phrases,
            _key_columns(form, context.forms),
        )
    forms = [form for _, form in found if form is not None]
    if traces:
        return _reject_whole(forms, traces, body_code, context)
    if not any(form.header for form in forms) and letters_are_lost(_all_text(sheets)):
        return FileReading(problem=file_problem("FILE-UNREADABLE", "encoding"))
    reading = read_forms(found, file_name, body_code, context)
    note_texts_outside_cells(reading.sheets, contents.other_text, context.forms)
    reading.replies = replies
    for read in reading.sheets:
        make_rows(read, context.declared)
        read.findings = findings_as_typed(read.findings, sheets)
    return reading


def file_problem(code: str, detail: str) -> Finding:
    """The finding about a file as a whole; `detail` as `UnreadableFile` has it."""
    return Finding(code, details={**advice_of(detail)})


def software_fault(error: Exception) -> Finding:
    """The finding about a file in which the reader itself failed: kind and place of the error, no content."""
    frame = extract_tb(error.__traceback__)[-1]
    place = f"{type(error).__name__}, {frame.name}:{frame.lineno}"
    reason = Words("fault.of_software.reason", {"place": place})
    return Finding("FILE-UNREADABLE", details={"reason": reason, "todo": Words("fault.of_software.todo")})


def add_conflict_copies(reading: FileReading, names: Sequence[str]) -> None:
    """Add a warning to each form of a file for the conflict copies beside it, which were not read."""
    for name in names:
        details = {
            "other": Words("other.conflict-copy", {"name": name}),
            "kept": Words("kept.not-read"),
            "remedy": Words("remedy.conflict-copy"),
        }
        for sheet in reading.sheets:
            finding = Finding(
                "FORM-SECOND", mask(sheet.sheet_name), details=details, severity_override=Severity.WARNING
            )
            sheet.findings.append(finding)


def _all_text(sheets: Sequence[Sheet]) -> str:
    return " ".join(
        value for sheet in sheets for row in sheet.rows for value in row if isinstance(value, str)
    )


def _figures(found: FoundForm | None, forms: FormSet) -> dict[int, int]:
    """Return the sheet's columns that the form has for numbers, with the highest plausible figure of each."""
    if found is None or found.header is None or found.code is None:
        return {}
    columns = forms.by_code[found.code].columns
    return {
        position: column.unit.max_value
        for key, position in found.header.columns.items()
        if isinstance(column := columns[key], Measure) and column.is_number
    }


def _key_columns(found: FoundForm | None, forms: FormSet) -> frozenset[int]:
    """Return the sheet's columns of places and code lists."""
    if found is None or found.header is None or found.code is None:
        return frozenset()
    columns = forms.by_code[found.code].columns
    return frozenset(
        position for key, position in found.header.columns.items() if not isinstance(columns[key], Measure)
    )


def _reject_whole(
    forms: list[FoundForm], traces: Sequence[Trace], body_code: str, context: ReadingContext
) -> FileReading:
    """A file that must not be kept: of each form only which one it is, for when, and where the persons are.

    A sheet without persons of its own gets the first place of the file.
    """
    sheets: list[SheetReading] = []
    for form in forms:
        read = read_sheet(form, body_code, context)
        names = (form.sheet.name, mask(form.sheet.name))
        own = [trace for trace in traces if trace.sheet_name in names] or traces[:1]
        findings = [trace.finding() for trace in own]
        sheets.append(SheetReading(form.sheet.name, read.form_code, read.period, findings=findings))
    return FileReading(sheets, None if sheets else traces[0].finding(), must_not_be_kept=True)
