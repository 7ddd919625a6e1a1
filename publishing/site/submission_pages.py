"""A page per submission: its file, its findings, and its sheet drawn as the clerk sees it."""

from collections.abc import Mapping, Sequence
from functools import partial

from publishing.i18n import Pair, in_sentence
from publishing.site.page_queries import FindingRow, SubmissionRow
from publishing.site.page_writer import Pages
from publishing.site.sheet_preview import draw, marks_of
from publishing.site.site_data import ArchiveLoad, SiteData, form_title


def write_submissions(pages: Pages, data: SiteData, load: ArchiveLoad, places: Mapping[int, str]) -> None:
    """Write the page of each submission; unchanged ones are not rendered again.

    `load` returns the content of a file by its hash; `places` are the returned files by submission.
    """
    periods = {period.code for period in data.periods}
    for submission in data.submissions:
        number = submission["submission_id"]
        findings = data.findings.get(number, [])
        form = submission["form_code"] or "?"
        titles = (
            f"Biểu {form}, {_lower(submission['name_vi'] or 'kỳ không rõ')}",
            f"Form {form}, {submission['name_en'] or 'unknown period'}",
        )
        states = [(f["finding_no"], f["code"], f["cell"], *_state(f)) for f in findings]
        key = (dict(submission), states, places.get(number))
        has_period_page = submission["period_code"] in periods
        values = partial(_values, submission, findings, load, places.get(number), has_period_page)
        crumbs = _crumbs(data, submission)
        pages.write_once(f"submission-{number}.html", "submission.html", titles, values, key, crumbs)


def _state(finding: FindingRow) -> tuple[object, ...]:
    return (
        finding["state"],
        finding["why"],
        finding["by"],
        finding["until"],
        finding["since"],
        tuple(finding["seen_in"]),
    )


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def _crumbs(data: SiteData, submission: SubmissionRow) -> list[tuple[str, Pair]]:
    code = submission["body_code"]
    if code not in data.plan.bodies_by_code:
        return [("unknown.html", ("Tệp không rõ đơn vị", "Files of unknown bodies"))]
    name = in_sentence(data.plan.bodies_by_code[code].name)
    return [("index.html#bodies", ("Đơn vị", "Bodies")), (f"body-{code}.html", (name, name))]


def _values(
    submission: SubmissionRow,
    findings: Sequence[FindingRow],
    load: ArchiveLoad,
    returned: str | None,
    has_period_page: bool,
) -> dict[str, object]:
    content = load(submission["sha256"]) if submission["sha256"] else None
    marked = marks_of(findings)
    letters, grid = draw(content, submission["file_name"], submission["sheet_name"], marked)
    return {
        "submission": submission,
        "form_title": form_title(submission["form_code"]),
        "has_period_page": has_period_page,
        "findings": findings,
        "returned": returned,
        "marked": marked,
        "letters": letters,
        "grid": grid,
        "drawn": {cell.name for _, cells in grid for cell in cells},
    }
