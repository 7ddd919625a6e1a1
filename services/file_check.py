"""Check files without a database: parse and validate them as an ingest would, without earlier reports."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TypedDict

import pandas as pd

from plans.model import Plan
from publishing.returns.return_files import return_workbook
from publishing.returns.selection import ENDING
from schemas.declaration import Form, Severity
from schemas.findings import Finding, FindingRow
from schemas.form_catalog import FormCatalog
from schemas.form_set import FormSet
from services.codes import check_body
from services.plan_choice import Wanted, choose_plan
from services.reader_pool import Job, read_files
from transforms.extract.file_safety import MAX_FILE_BYTES
from transforms.file_parser import file_problem
from transforms.layout.parsed_sheet import FileReading
from transforms.validate.batch import validate
from transforms.validate.frames import Candidate, form_frame


class SheetRow(TypedDict):
    """The verdict on a sheet for programs, with the column names of `audit.submission`."""

    file: str
    body_code: str
    sheet_name: str
    form_code: str | None
    period_code: str | None
    status: str
    error_count: int
    warning_count: int
    findings: list[FindingRow]


@dataclass(slots=True)
class CheckedSheet:
    """A sheet with its findings; `sheet_name` and the codes are empty where no form was found in the file.

    `language` is that of the plan under which it was read.
    """

    file: Path
    body_code: str
    language: str
    sheet_name: str = ""
    form_code: str | None = None
    period_code: str | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def status(self) -> str:
        """The status that an ingest would give the submission."""
        if any(finding.severity is Severity.ERROR for finding in self.findings):
            return "rejected"
        if self.form_code is None:
            return "ignored"
        return "accepted_with_warnings" if self.findings else "accepted"

    def as_json(self) -> SheetRow:
        """Return the verdict and the findings for programs, errors first."""
        findings = sorted(self.findings, key=lambda finding: finding.severity is not Severity.ERROR)
        errors = sum(finding.severity is Severity.ERROR for finding in findings)
        return {
            "file": str(self.file),
            "body_code": self.body_code,
            "sheet_name": self.sheet_name,
            "form_code": self.form_code,
            "period_code": self.period_code,
            "status": self.status,
            "error_count": errors,
            "warning_count": len(findings) - errors,
            "findings": [finding.as_row(self.language) for finding in findings],
        }


def plans_of_bodies(plans: Sequence[Plan], bodies: Sequence[str], plan_code: str | None) -> list[Plan]:
    """Return the plan with a code, or the plans that the files of the bodies may be for.

    Raises UsageError for a body that no plan has, and where the bodies are of several provinces.
    """
    chosen = [choose_plan(plans, Wanted(plan_code))] if plan_code else list(plans)
    fitting = [plan for plan in chosen if any(body in plan.bodies_by_code for body in bodies)] or chosen
    for body in bodies:
        if not any(body in plan.bodies_by_code for plan in fitting):
            check_body(fitting[0], body)
    if len({plan.area for plan in fitting}) > 1:
        return [choose_plan(fitting, Wanted())]
    return fitting


def check_files(
    files: Sequence[tuple[Path, str]], plans: Sequence[Plan], catalog: FormCatalog, now: datetime
) -> list[CheckedSheet]:
    """Check files, each given with its body's code; returns their sheets in order of the files.

    A sheet is checked under each plan that requires it; the catalog has the forms of the plans.

    Sheets of which a check needs earlier reports pass that check. Raises OSError for a file that is away.
    """
    readings: dict[int, FileReading] = {}

    def jobs() -> Iterator[Job]:
        for number, (path, body_code) in enumerate(files):
            if path.stat().st_size > MAX_FILE_BYTES:
                readings[number] = FileReading(problem=file_problem("FILE-TOO-LARGE", "too_large"))
                continue
            content = path.read_bytes()
            yield Job(number, content, sha256(content).hexdigest(), path.name, body_code)

    processes = 1 if len(files) == 1 else None
    for job, reading in read_files(jobs(), plans, catalog, now, None, processes):
        readings[job.number] = reading
    languages = {plan.code: plan.language for plan in plans}
    sheets: list[CheckedSheet] = []
    candidates: list[Candidate] = []
    for number, (path, body_code) in enumerate(files):
        reading = readings[number]
        for checked, candidate in _sheets_of(path, body_code, reading, now, len(candidates), languages):
            sheets.append(checked)
            if candidate is not None:
                candidates.append(candidate)
    for plan in plans:
        of_plan = [c for c in candidates if c.reading.plan_code == plan.code]
        of_plan = [replace(c, number=number) for number, c in enumerate(of_plan)]
        validate(of_plan, _no_history, plan, catalog.of(plan))
    return sheets


def _sheets_of(
    path: Path, body_code: str, reading: FileReading, now: datetime, first: int, languages: Mapping[str, str]
) -> list[tuple[CheckedSheet, Candidate | None]]:
    """Return the sheets of a file with their candidates, numbered from `first`; both share their findings."""
    language = languages.get(reading.plan_code, next(iter(languages.values())))
    if reading.problem is not None:
        return [(CheckedSheet(path, body_code, language, findings=[reading.problem]), None)]
    if not reading.sheets:
        return [(CheckedSheet(path, body_code, language), None)]
    result: list[tuple[CheckedSheet, Candidate | None]] = []
    for number, sheet in enumerate(reading.sheets, first):
        findings = list(sheet.findings)
        period = sheet.period.code if sheet.period else None
        language = languages[sheet.plan_code]
        checked = CheckedSheet(path, body_code, language, sheet.sheet_name, sheet.form_code, period, findings)
        result.append((checked, Candidate(number, body_code, now, sheet, findings, file_name=path.name)))
    return result


def _no_history(form: Form, _bodies: frozenset[str]) -> pd.DataFrame:
    """Return a history without rows, with the columns of `warehouse.load.facts.facts_in_force`."""
    names = ["body", "period", "submission", "window_start", "window_end", *form.columns]
    return form_frame(form, [])[names]


def write_annotated(sheets: Sequence[CheckedSheet], folder: Path, form_set: FormSet) -> list[Path]:
    """Write a copy of each file with its findings marked in the cells; returns the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    findings: dict[Path, list[FindingRow]] = {}
    languages = {sheet.file: sheet.language for sheet in sheets}
    for sheet in sheets:
        findings.setdefault(sheet.file, []).extend(sheet.as_json()["findings"])
    written: list[Path] = []
    for path, rows in findings.items():
        if rows:
            content = path.read_bytes() if path.stat().st_size <= MAX_FILE_BYTES else None
            copy = folder / f"{path.name}{ENDING}"
            book = return_workbook(content, path.name, rows, form_set=form_set, language=languages[path])
            copy.write_bytes(book)
            written.append(copy)
    return written
