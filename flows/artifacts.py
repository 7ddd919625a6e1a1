"""What a run leaves to be read in Prefect: tables in Markdown, without anything that stood in the cells."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_MOST_MISSING = 100
_MARKUP = re.compile(r"[\\|`*_\[\]#]")


def summary(result: Mapping[str, Any]) -> str:
    """The figures of a result, one a line; lists and tables in it are left out."""
    flat = {**result, **result.get("submissions", {})}
    rows = [
        f"| {key} | {_cell(value)} |" for key, value in flat.items() if not isinstance(value, dict | list)
    ]
    return "\n".join(["| | |", "|---|---:|", *rows])


def table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as a table of the named columns."""
    lines = ["| " + " | ".join(_cell(row[column]) for column in columns) + " |" for row in rows]
    return "\n".join([f"| {' | '.join(columns)} |", "|---" * len(columns) + "|", *lines])


def of_ingest(
    result: Mapping[str, Any],
    refused: Sequence[Mapping[str, Any]],
    overdue: Sequence[Mapping[str, Any]],
    pages: Path,
) -> str:
    """What came in, what was refused with a link to each report, what is still missing."""
    missing = [row for row in overdue if row["status"] == "missing"]
    parts = [summary(result)]
    if result["problems"]:
        parts += ["## Could not be had", *(f"- {_cell(problem)}" for problem in result["problems"])]
    if refused:
        columns = ("submission_id", "body_code", "form_code", "period_code", "codes")
        parts += ["## Refused", table(columns, refused), *(_link(pages, row) for row in refused)]
    if missing:
        heading = f"## Missing: {len(missing)} reports"
        owed = ("body_code", "form_code", "period_code", "due_at")
        parts += [heading, table(owed, missing[:_MOST_MISSING])]
    return "\n\n".join(parts)


def _link(pages: Path, refused: Mapping[str, Any]) -> str:
    number = refused["submission_id"]
    return f"- [report {number}]({(pages / f'submission-{number}.html').as_uri()})"


def _cell(value: object) -> str:
    """Names of folders and sheets come from files: none may end its cell or begin markup of its own."""
    text = "" if value is None else " ".join(str(value).split())
    return _MARKUP.sub(r"\\\g<0>", text).replace("<", "&lt;").replace(">", "&gt;")
