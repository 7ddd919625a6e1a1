"""Findings about the columns of a table: missing, repeated, misspelled and unknown ones."""

from schemas.declaration import Dimension, Form, Measure
from schemas.findings import Finding, Words
from transforms.cell_names import cell_name
from transforms.layout.cells.cell_values import shown
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.table_header.header import Header
from transforms.layout.table_header.misspelled_labels import likeliest


def check_columns(reading: SheetReading, header: Header, form: Form, due: Form) -> None:
    """Note missing, repeated and unknown columns; `due` has the columns that the sheet's window requires."""
    elsewhere = {other.key for other in header.others}
    missing = [c for k, c in due.columns.items() if k not in header.columns and k not in elsewhere]
    for column in missing:
        finding = _missing_column(reading.sheet_name, header, form, column, is_alone=len(missing) == 1)
        reading.findings.append(finding)
    if header.duplicates and header.columns.keys() <= {key for key, _ in header.duplicates}:
        reading.findings.append(_second_block(reading.sheet_name, header))
        return
    for key, position in header.duplicates:
        cell = cell_name(header.last_row + 1, position)
        first = cell_name(header.last_row + 1, header.columns[key]) if key in header.columns else ""
        details = {"label": form.label_of(key), "first": first, "second": cell}
        reading.findings.append(Finding("COLUMN-DUPLICATE", reading.sheet_name, cell, key, "", details))
    for key, text in header.misspelled.items():
        reading.findings.append(_misspelled_column(reading.sheet_name, header, form.columns[key], text))
    for label, position in header.unknown:
        cell = cell_name(header.last_row + 1, position)
        reading.findings.append(Finding("COLUMN-UNKNOWN", reading.sheet_name, cell, "", shown(label)))


def _second_block(sheet_name: str, header: Header) -> Finding:
    """The finding of a table whose rows go on beside it, below the same labels."""
    first, last = (pick(position for _, position in header.duplicates) for pick in (min, max))
    cells = f"{cell_name(header.last_row + 1, first)}:{cell_name(header.last_row + 1, last)}"
    details = {
        "other": Words("other.block", {"cells": cells}),
        "kept": Words("kept.left-block"),
        "remedy": Words("remedy.left-block"),
    }
    return Finding("FORM-SECOND", sheet_name, cells.partition(":")[0], details=details)


def _missing_column(
    sheet_name: str, header: Header, form: Form, column: Dimension | Measure, *, is_alone: bool
) -> Finding:
    """The finding of a missing column, `is_alone` where no other is, with the unknown one that it may be."""
    details: dict[str, object] = {"label": form.label_of(column.key)}
    is_only_one = len(header.unknown) == 1 and is_alone
    likely = header.unknown[0] if is_only_one else likeliest(column.label_vi, header.unknown)
    if likely is not None:
        text, position = likely
        there = cell_name(header.last_row + 1, position)
        named = {"text": shown(text), "there": there, "label": form.label_of(column.key)}
        details["advice"] = Words("advice.likely-column", named)
    cell = cell_name(header.first_row + 1, 0)
    return Finding("COLUMN-MISSING", sheet_name, cell, column.key, "", details)


def _misspelled_column(sheet_name: str, header: Header, column: Dimension | Measure, text: str) -> Finding:
    cell = cell_name(header.last_row + 1, header.columns[column.key])
    details = {"label": column.label_vi}
    return Finding(
        "COLUMN-UNKNOWN", sheet_name, cell, column.key, shown(text), details, text_key="column-misspelled"
    )
