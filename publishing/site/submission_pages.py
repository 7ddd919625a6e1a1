"""A page per submission: where it came from, what was found, and its sheet drawn as the clerk sees it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from publishing.site.page_writer import Pages
from publishing.site.sheet_preview import draw, marks_of

Row = Mapping[str, Any]
_STATE = ("state", "why", "by", "until", "since", "seen_in")


def write_submissions(
    pages: Pages,
    submissions: Sequence[Row],
    found: Mapping[int, Sequence[Row]],
    load: Callable[[str], bytes | None],
    places: Mapping[int, str],
    zone: ZoneInfo,
) -> None:
    """Write the page of each submission; those of which nothing new is known are not rendered again."""
    for submission in submissions:
        number = submission["submission_id"]
        findings = found.get(number, [])
        form = submission["form_code"] or "?"
        titles = (
            f"Biểu {form}, {submission['name_vi'] or 'kỳ không rõ'}",
            f"Form {form}, {submission['name_en'] or 'unknown period'}",
        )
        lives = [tuple(finding[key] for key in _STATE) for finding in findings]
        key = (dict(submission), [(f["finding_no"], f["code"], f["cell"]) for f in findings], lives)

        values = partial(_values, submission, findings, load, places.get(number), zone)
        name = f"submission-{number}.html"
        pages.write_once(name, "submission.html", titles, values, (key, places.get(number)))


def _values(
    submission: Row,
    findings: Sequence[Row],
    load: Callable[[str], bytes | None],
    returned: str | None,
    zone: ZoneInfo,
) -> dict[str, Any]:
    content = load(submission["sha256"]) if submission["sha256"] else None
    marked = marks_of(findings)
    letters, grid = draw(content, submission["file_name"], submission["sheet_name"], marked)
    received = f"{submission['received_at'].astimezone(zone):%d/%m/%Y %H:%M}"
    return {
        "submission": {**submission, "received": received},
        "findings": findings,
        "returned": returned,
        "marked": marked,
        "letters": letters,
        "grid": grid,
        "there": {name for _, cells in grid for name, *_ in cells},
    }
