"""Select the files to return to their bodies: rejected or with warnings, and not corrected since."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from plans.model import Plan
from publishing.returns.sheet_results import SheetResult
from publishing.sql import statement
from schemas.form_set import FormSet
from warehouse.form_catalog import form_set_of

ENDING = " - ket qua kiem tra.xlsx"
_NOT_ON_SHARES = re.compile(r'[<>:"/\\|?*\x00-\x1f]')  # not allowed in file names on Windows
_LONGEST = 80  # characters of the stem
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Return:
    """A file to return: its body and name, its submissions with the result of each and their findings.

    `key` is a digest of everything that the returned workbook is made from.
    """

    body_code: str
    file_name: str
    sha256: str | None
    submissions: tuple[int, ...]
    results: tuple[SheetResult, ...]
    findings: tuple[Row, ...]
    key: str
    form_set: FormSet
    language: str

    @property
    def name(self) -> str:
        """Name of the returned file: the clerk's own name with its folders, and a fixed ending."""
        path = PurePosixPath(self.file_name)
        stem = " - ".join(path.with_suffix("").parts)[-_LONGEST:]
        name = f"{stem} ({path.suffix.removeprefix('.') or 'tep'}){ENDING}"
        return _NOT_ON_SHARES.sub("_", name).lstrip(". ")

    def workbook(self, content: bytes | None) -> bytes:
        """Build the marked copy of the content, or the list alone where it is not kept."""
        # Imported where a file is due: openpyxl and the readers take half a second.
        from publishing.returns.return_files import return_workbook

        return return_workbook(
            content,
            self.file_name,
            self.findings,
            self.results,
            form_set=self.form_set,
            language=self.language,
        )


def returns(connection: Connection, plan: Plan, findings: Mapping[int, Sequence[Row]]) -> Iterator[Return]:
    """Yield the files to return. `findings` are the rows of `finding_states.finding_states` by submission."""
    rows = connection.execute(statement("files_in_effect"), {"plan": plan.code}).mappings()
    form_set = form_set_of(connection, plan)
    files: dict[tuple[str, str, str | None], list[Row]] = {}
    for row in rows:
        files.setdefault((row["body_code"], row["file_name"], row["sha256"]), []).append(dict(row))
    for (body, name, digest), of_file in files.items():
        numbers = tuple(row["submission_id"] for row in of_file)
        found = tuple(finding for number in numbers for finding in findings.get(number, ()))
        if all(finding["state"] == "gone" for finding in found):
            continue
        results = tuple(_result(row, plan) for row in of_file)
        contents = [(f["code"], f["sheet_name"], f["cell"], f["message_vi"]) for f in found]
        key = sha256(repr((body, name, digest, results, contents)).encode()).hexdigest()
        yield Return(body, name, digest, numbers, results, found, key, form_set, plan.language)


def _result(row: Row, plan: Plan) -> SheetResult:
    due_at = row["due_at"]
    due = due_at.astimezone(ZoneInfo(plan.calendar.timezone)).date() if due_at else None
    return SheetResult(
        row["sheet_name"],
        row["form_code"] or "",
        row["period_name"] or "",
        row["status"],
        row["error_count"],
        row["warning_count"],
        due,
    )
