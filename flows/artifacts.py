"""The artifacts of flow runs in Prefect: Markdown tables, without any value of a submitted cell."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

_MOST_MISSING = 100
_MARKUP = re.compile(r"[\\|`*_\[\]#]")


def summary(result: Mapping[str, Any]) -> str:
    """Return the figures of a result as a table; lists and mappings in it are left out."""
    flat = {**result, **result.get("submissions", {})}
    rows = [
        f"| {key} | {_cell(value)} |" for key, value in flat.items() if not isinstance(value, dict | list)
    ]
    return "\n".join(["| | |", "|---|---:|", *rows])


def table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as a table of the named columns."""
    lines = ["| " + " | ".join(_cell(row[column]) for column in columns) + " |" for row in rows]
    return "\n".join([f"| {' | '.join(columns)} |", "|---" * len(columns) + "|", *lines])


def of_ingest(
    result: Mapping[str, Any],
    rejected: Sequence[Mapping[str, Any]],
    overdue: Sequence[Mapping[str, Any]],
) -> str:
    """Return the report of an ingest: counts, rejected submissions with links, missing reports.

    Each rejected submission has in `pages` the URL below which the published pages of its plan are.
    """
    missing = [row for row in overdue if row["status"] == "missing"]
    parts = [summary(result)]
    if result["problems"]:
        parts += ["## Could not be read", *(f"- {_cell(problem)}" for problem in result["problems"])]
    if rejected:
        columns = ("submission_id", "body_code", "form_code", "period_code", "codes")
        parts += ["## Rejected", table(columns, rejected), *(_link(row) for row in rejected)]
    if missing:
        heading = f"## Missing: {len(missing)} reports"
        owed = ("body_code", "form_code", "period_code", "due_at")
        parts += [heading, table(owed, missing[:_MOST_MISSING])]
    return "\n\n".join(parts)


def _link(submission: Mapping[str, Any]) -> str:
    number = submission["submission_id"]
    return f"- [report {number}]({submission['pages']}/submission-{number}.html)"


def _cell(value: object) -> str:
    """Escape a value: names of folders and sheets come from files and may hold markup."""
    text = "" if value is None else " ".join(str(value).split())
    return _MARKUP.sub(r"\\\g<0>", text).replace("<", "&lt;").replace(">", "&gt;")
