"""Tidy frames of many submissions, and what their Pandera schema finds in them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import numpy as np
import pandas as pd
import pandera.pandas as pa

from schemas import expressions
from schemas.declaration import Form, Measure, MeasureType, Rule, Severity
from schemas.findings import Finding, Lower, Named, Words, joined, rule_of
from schemas.pandera_schema import frame_schema
from schemas.printed_form import printed_form, printed_key
from transforms.cell_names import cell_name
from transforms.layout.cells.cell_values import shown
from transforms.layout.checks.total_advice import with_total_advice
from transforms.layout.parsed_sheet import SheetReading
from transforms.privacy.personal_data import mask
from transforms.validate.consequences import consequences
from transforms.validate.rule_arithmetic import Operand, rule_arithmetic

_WINDOW_LABELS = {name: Words(name) for name in ("window_start", "window_end")}


class PartPlace(NamedTuple):
    """The place of a sheet among the parts of a report: the set, and the number of the part in it.

    `part_set` is the first sheet of a new set, or the number of a set that was recorded before.
    """

    part_set: "Candidate | int"
    part_no: int


@dataclass(slots=True, eq=False)
class Candidate:
    """A sheet on its way to becoming a submission: what was read, from whom, from where, and when it came.

    `is_unchanged`: its figures are those in force. `listing` is the same for files that were listed together.
    `part`: it is a part of its report (see `report_parts`).
    """

    number: int
    body_code: str
    received_at: datetime
    reading: SheetReading
    findings: list[Finding] = field(default_factory=list)
    source_url: str = ""
    is_unchanged: bool = False
    file_name: str = ""
    listing: int = 0
    part: PartPlace | None = None

    @property
    def path(self) -> tuple[str, str, str]:
        """What identifies the sheet on the drives: drive, file, sheet."""
        return self.source_url, self.file_name, mask(self.reading.sheet_name)

    @property
    def is_valid(self) -> bool:
        """Whether no finding so far is an error."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)


def form_frame(form: Form, candidates: Sequence[Candidate]) -> pd.DataFrame:
    """The rows of all candidates of one form, a row of the sheet per row; figures as float, blanks null.

    Columns: submission (number of the candidate), body, period, window_start, window_end, row, sheet (""
    where all rows are of the submission's sheet), then the form's columns by key. Dates are datetime64,
    flags object (True, False, None).
    """
    records: list[tuple[object, ...]] = []
    for candidate in candidates:
        reading = candidate.reading
        period = reading.period
        start, end = reading.window or (None, None)
        head = (candidate.number, candidate.body_code, period.code if period else None, start, end)
        sheets = reading.row_sheets or [""] * len(reading.rows)
        records.extend(
            (*head, row, sheet, *values)
            for row, sheet, values in zip(reading.rows, sheets, reading.values, strict=True)
        )
    names = ["submission", "body", "period", "window_start", "window_end", "row", "sheet", *form.columns]
    frame = pd.DataFrame.from_records(records, columns=names)
    for column in form.columns.values():
        if isinstance(column, Measure) and column.is_number:
            frame[column.key] = frame[column.key].astype("float64")
        elif column.code_list is None and not isinstance(column, Measure) and not column.level:
            frame[column.key] = pd.to_datetime(frame[column.key])
    for name in ("window_start", "window_end"):
        frame[name] = pd.to_datetime(frame[name])
    return frame.astype({"submission": "int64", "row": "int64"})


def check_frame(form: Form, frame: pd.DataFrame, candidates: Sequence[Candidate]) -> None:
    """Validate the frame against the form's schema, one call, and give each candidate its findings."""
    try:
        frame_schema(form).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases.dropna(subset=["index"]).drop_duplicates(["check", "column", "index"])
        rules = {rule.id: rule for rule in form.rules}
        faulty = {(column, int(index)) for check, column, index in _parts(cases) if check not in rules}
        seen: set[tuple[str, str, int]] = set()
        for check, column, index in _parts(cases):
            rule = rules.get(check)
            key = rule.column if rule else column
            if rule and any((name, int(index)) in faulty for name in _named(rule)):
                continue  # a cell has its own finding, so what the rule demands means nothing
            if (check, key, index) not in seen:
                seen.add((check, key, index))
                details = rule_details(form, frame, int(index), rule, candidates) if rule else {}
                add_finding(form, frame, int(index), check, key, candidates, **details)


def _parts(cases: pd.DataFrame) -> Iterator[tuple[str, str, int]]:
    """Yield check, column and row of each failure case."""
    return zip(cases["check"], cases["column"], cases["index"], strict=True)


def _named(rule: Rule) -> frozenset[str]:
    condition = expressions.names(rule.condition) if rule.condition else frozenset()
    return expressions.names(rule.expression) | condition


def rule_details(
    form: Form,
    frame: pd.DataFrame,
    place: int,
    rule: Rule,
    candidates: Sequence[Candidate],
    known: Mapping[str, Operand] | None = None,
) -> dict[str, object]:
    """The details that spell out a broken rule; `known` are operands not taken from the row alone."""
    operands = dict(known or {})
    for name in sorted(expressions.names(rule.expression) - set(operands)):
        if name in form.columns:
            cell = _cell(form, frame, place, name, candidates)
            operands[name] = Operand(form.columns[name].label_vi, cell, _python(frame[name].iat[place]))
        elif name in _WINDOW_LABELS:
            operands[name] = Operand(_WINDOW_LABELS[name], "", frame[name].iat[place])
    conditions = [
        Operand(
            form.columns[name].label_vi,
            _cell(form, frame, place, name, candidates),
            _worded(form, frame, place, name),
        )
        for name in sorted(_named(rule) - set(operands))
        if name in form.columns
    ]
    arithmetic = rule_arithmetic(rule.expression, operands, conditions)
    row = {name: _python(frame[name].iat[place]) for name in (*form.columns, *_WINDOW_LABELS)}
    broken = {
        _cell(form, frame, place, other.column, candidates): other for other in consequences(form, rule, row)
    }
    details: dict[str, object] = {"related_cells": " ".join(dict.fromkeys((*arithmetic.cells, *broken)))}
    if arithmetic.text:
        details["arithmetic"] = arithmetic.text
    if broken:
        rules = [
            Words("advice.rule-of-cell", {"cell": cell, "rule": Lower(Named(r.label_vi, r.label_en))})
            for cell, r in broken.items()
        ]
        details["advice"] = Words("advice.also-correct", {"rules": joined("; ", rules)})
    return details


def _worded(form: Form, frame: pd.DataFrame, place: int, key: str) -> object:
    """A value of a frame in words: the label of a code."""
    value = _python(frame[key].iat[place])
    code_list = form.columns[key].code_list
    labels = {code.code: code.label_vi for code in code_list.codes} if code_list else {}
    return labels.get(str(value), value)


def _python(value: object) -> object:
    """A value of a frame as a plain Python value."""
    return value.item() if isinstance(value, np.generic) else value


def _cell(form: Form, frame: pd.DataFrame, place: int, key: str, candidates: Sequence[Candidate]) -> str:
    candidate = candidates[int(frame["submission"].to_numpy()[place])]
    if form.across and isinstance(form.columns[key], Measure):
        key = printed_key(key, [str(frame[dimension.key].iat[place]) for dimension in form.across])
    position = candidate.reading.columns.get(key)
    return cell_name(int(frame["row"].to_numpy()[place]), position) if position is not None else ""


def add_finding(
    form: Form,
    frame: pd.DataFrame,
    place: int,
    code: str,
    key: str,
    candidates: Sequence[Candidate],
    **details: object,
) -> None:
    """Give the candidate of the frame's row at a place a finding at the cell of column `key`."""
    candidate = candidates[int(frame["submission"].to_numpy()[place])]
    column = form.columns[key]
    details = {"label": form.label_of(key), **details}
    if isinstance(column, Measure) and column.is_number:
        details |= {
            "largest": f"{column.unit.max_value:,}".replace(",", "."),
            "whole": Words("whole") if column.unit.whole else "",
        }
    cell = _cell(form, frame, place, key, candidates)
    sheet_name = str(frame["sheet"].iat[place]) or candidate.reading.sheet_name
    finding = Finding(
        code,
        sheet_name,
        cell,
        key,
        _shown(frame[key].iat[place], column),
        details,
        wording=rule_of(form, code),
    )
    candidate.findings.append(with_total_advice(finding, candidate.reading, printed_form(form)))


def _shown(value: object, column: object) -> str:
    if isinstance(column, Measure) and column.kind is MeasureType.FLAG:
        return "Có" if value else "Không"
    if isinstance(value, pd.Timestamp):
        return value.strftime("%d/%m/%Y")
    return shown(value)
