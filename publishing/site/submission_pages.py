"""A page per submission: its file, its findings, and its sheet drawn as the clerk sees it.

In English the page of a body describes its submissions, without the sheets.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from plans.target_expressions import all_terms
from publishing.i18n import Pair
from publishing.site.page_queries import FindingRow, SubmissionRow
from publishing.site.page_writer import Pages
from publishing.site.sheet_preview import Grid, Mark, draw, marks_of, with_changes
from publishing.site.sheet_roles import (
    CHANGED,
    DOUBTFUL,
    FAULTY,
    FIGURE,
    KEY,
    TOTAL,
    classes_of,
    legend_of,
)
from publishing.site.site_data import ArchiveLoad, SiteData
from schemas.printed_form import declared_key
from transforms.text.sentences import in_sentence

_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class SubmissionLinks:
    """Links of a submission: the returned file, its period, the targets that use its form, their measures."""

    returned: str | None
    has_period_page: bool
    targets: list[str]
    form_title: Pair
    measures: tuple[str, ...] = ()


Described = tuple[SubmissionRow, SubmissionLinks, Sequence[FindingRow]]


def described(data: SiteData, places: Mapping[int, str]) -> dict[int, Described]:
    """Return each submission with its links and findings; `places` are the returned files by submission."""
    periods, targets = {period.code for period in data.periods}, _targets_by_form(data)
    measures = _counted_measures(data)
    found: dict[int, Described] = {}
    for submission in data.submissions:
        number = submission["submission_id"]
        links = SubmissionLinks(
            places.get(number),
            submission["period_code"] in periods,
            targets.get(submission["form_code"] or "?", []),
            data.form_title(submission["form_code"]),
            measures.get(submission["form_code"] or "?", ()),
        )
        found[number] = (submission, links, data.findings.get(number, []))
    return found


def write_submissions(
    pages: Pages, data: SiteData, load: ArchiveLoad, submissions: Mapping[int, Described]
) -> None:
    """Write the page of each submission in Vietnamese; unchanged ones are not rendered again.

    `load` returns the content of a file by its hash.
    """
    for number, (submission, links, findings) in submissions.items():
        form = submission["form_code"]
        titles = (
            f"{f'Biểu {form}' if form else 'Tệp không rõ biểu'}, "
            + _lower(submission["name_vi"] or "kỳ không rõ"),
            f"{f'Form {form}' if form else 'Unknown form'}, {submission['name_en'] or 'unknown period'}",
        )
        states = [(f["finding_no"], f["code"], f["cell"], *_state(f)) for f in findings]
        overview = pages.overviews[number]
        key = (dict(submission), states, links, overview)
        earlier = submissions.get(submission["replaces"] or 0)
        make = partial(_values, submission, earlier[0] if earlier else None, findings, load, links, overview)
        crumbs = _crumbs(data, submission)
        pages.write_once(f"submission-{number}.html", "submission.html", titles, make, key, crumbs, ("vi",))


def _targets_by_form(data: SiteData) -> dict[str, list[str]]:
    """Return the codes of the targets whose formulas use each form."""
    used: dict[str, list[str]] = {}
    for target in data.plan.targets:
        for key, form in data.forms.by_key.items():
            if f"{key}." in f"{target.numerator} {target.denominator}":
                used.setdefault(form.code, []).append(target.code)
    return used


def _counted_measures(data: SiteData) -> dict[str, tuple[str, ...]]:
    """Return the measures of each form that targets count: pages of figures link to their cells."""
    used: dict[str, dict[str, None]] = {}
    for target in data.plan.targets:
        for term in all_terms(target, data.plan.targets_by_code):
            if term.measure and term.form in data.forms.by_key:
                used.setdefault(data.forms.by_key[term.form].code, {})[term.measure] = None
    return {code: tuple(measures) for code, measures in used.items()}


def _state(finding: FindingRow) -> tuple[object, ...]:
    return (
        finding["state"],
        finding["why"],
        finding["by"],
        finding["until"],
        finding["reply"],
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


def _classes(grid: Grid, marked: Mapping[str, Mark], of_roles: Mapping[str, str]) -> dict[str, str]:
    """Return the classes of the drawn cells that have any: of a finding, or of role and state.

    Figures have none: they are most of the cells, and the style of a table with roles is theirs.
    """
    classes: dict[str, str] = {}
    for cell in (cell for _, cells in grid for cell in cells):
        role = of_roles.get(cell.name, "") if cell.text else ""
        if role == TOTAL and not _DIGIT.search(cell.text):
            role = f"{TOTAL} {KEY}"
        state = CHANGED if cell.before is not None else ""
        if cell.name in marked:
            state = FAULTY if marked[cell.name].is_error else DOUBTFUL
        found = f"{role.removeprefix(FIGURE)} {state}".strip()
        if found:
            classes[cell.name] = found
    return classes


def _values(
    submission: SubmissionRow,
    earlier: SubmissionRow | None,
    findings: Sequence[FindingRow],
    load: ArchiveLoad,
    links: SubmissionLinks,
    overview: str,
) -> dict[str, object]:
    marked = marks_of(findings)
    letters, grid = _draw(submission, load, marked)
    roles = submission["roles"][0] if submission["roles"] else {}
    if earlier:
        grid = with_changes(grid, _draw(earlier, load, marked)[1])
    of_roles = classes_of(roles, len(grid), len(letters))
    drawn = {cell.name: cell for _, cells in grid for cell in cells}
    counted = {
        column for key, column in submission["column_map"].items() if declared_key(key) in links.measures
    }
    return {
        "submission": submission,
        "stated_units": _cells_by_unit(submission),
        "english_page": f"{overview}#s{submission['submission_id']}",
        "links": links,
        "findings": findings,
        "marked": marked,
        "letters": letters,
        "grid": grid,
        "classes": _classes(grid, marked, of_roles),
        "legend": legend_of(roles),
        "drawn": drawn,
        "addressed": {
            name
            for name, cell in drawn.items()
            if name in marked or (cell.text and name.rstrip("0123456789") in counted)
        },
        "has_changes": any(cell.before is not None for cell in drawn.values()),
    }


def _cells_by_unit(submission: SubmissionRow) -> list[tuple[tuple[str, str], list[str]]]:
    """Return the units that a sheet states with their factors, each with the cells that state it."""
    cells: dict[tuple[str, str], list[str]] = {}
    for stated in submission["stated_units"]:
        cells.setdefault((stated["unit"], stated["factor"]), []).append(stated["cell"])
    return list(cells.items())


def _draw(submission: SubmissionRow, load: ArchiveLoad, marked: Collection[str]) -> tuple[list[str], Grid]:
    content = load(submission["sha256"]) if submission["sha256"] else None
    return draw(content, submission["file_name"], submission["sheet_name"], marked)
