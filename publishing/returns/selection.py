"""Which files go back to their bodies: those that were refused or warned of, and not mended since."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import Connection, text

from plans.model import Plan
from publishing.returns.return_files import return_workbook

ENDING = " - ket qua kiem tra.xlsx"
_NOT_ON_SHARES = re.compile(r'[<>:"/\\|?*\x00-\x1f]')  # in names of files on Windows
_LONGEST = 80  # characters of a name that we give
Row = dict[str, Any]

_FILES = """
WITH last AS (
    SELECT DISTINCT ON (source_url, body_code, file_name) source_url, body_code, file_name, sha256
    FROM audit.submission WHERE plan_code = :plan AND status <> 'ignored'
    ORDER BY source_url, body_code, file_name, submission_id DESC
)
SELECT s.submission_id, s.body_code, s.file_name, s.sha256
FROM audit.submission s JOIN last USING (source_url, body_code, file_name)
WHERE s.plan_code = :plan AND s.sha256 IS NOT DISTINCT FROM last.sha256 ORDER BY s.submission_id
"""


@dataclass(frozen=True)
class Return:
    """A file that goes back: whose, its name, the submissions in it with all that was found, and a key.

    The key says what the returned workbook is made from.
    """

    body_code: str
    file_name: str
    sha256: str | None
    submissions: tuple[int, ...]
    findings: tuple[Row, ...]
    key: str

    @property
    def name(self) -> str:
        """The returned file's name: that of the clerk's, its folders too, and what it is."""
        path = PurePosixPath(self.file_name)
        stem = " - ".join(path.with_suffix("").parts)[-_LONGEST:]
        name = f"{stem} ({path.suffix.removeprefix('.') or 'tep'}){ENDING}"
        return _NOT_ON_SHARES.sub("_", name).lstrip(". ")

    def workbook(self, load: Callable[[str], bytes | None]) -> bytes:
        """The marked copy, or the list alone; `load` gives the content of a file by its hash."""
        content = load(self.sha256) if self.sha256 else None
        return return_workbook(content, self.file_name, self.findings)


def returns(connection: Connection, plan: Plan, findings: Mapping[int, Sequence[Row]]) -> Iterator[Return]:
    """The files that go back, from the findings by submission of `finding_states.finding_states`."""
    rows = connection.execute(text(_FILES), {"plan": plan.code}).mappings()
    files: dict[tuple[str, str, str | None], list[Row]] = {}
    for row in rows:
        files.setdefault((row["body_code"], row["file_name"], row["sha256"]), []).append(dict(row))
    for (body, name, digest), of_file in files.items():
        numbers = tuple(row["submission_id"] for row in of_file)
        found = tuple(finding for number in numbers for finding in findings.get(number, ()))
        if all(finding["state"] == "gone" for finding in found):
            continue
        said = [(f["code"], f["sheet_name"], f["cell"], f["message_vi"]) for f in found]
        key = sha256(repr((body, name, digest, said)).encode()).hexdigest()
        yield Return(body, name, digest, numbers, found, key)
