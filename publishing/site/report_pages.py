"""Pages of who has sent what: a matrix per period, a record per body, and files of unknown bodies."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plans.reporting_calendar import Period, close_day
from publishing.i18n import Pair, labels, unit_labels
from publishing.site.body_tasks import BodyTasks
from publishing.site.overview import Documents
from publishing.site.page_queries import FrozenRow, ReportRow, SubmissionRow, TargetRow
from publishing.site.page_writer import Pages
from publishing.site.site_data import OWED, SiteData, period_names
from publishing.site.submission_pages import Described
from publishing.site.target_figures import gap_unit
from transforms.text.sentences import in_sentence

_BODIES: tuple[tuple[str, Pair], ...] = (
    ("index.html#bodies", (labels("vi")["bodies"], labels("en")["bodies"])),
)
_PERIODS: tuple[tuple[str, Pair], ...] = (
    ("index.html#periods", (labels("vi")["periods"], labels("en")["periods"])),
)


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A body in the matrix of a period: its reports by form, and how many of those owed were received."""

    code: str
    name: str
    has_page: bool
    reports: Mapping[str, ReportRow]
    received: int
    owed: int


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A report in the record of a body."""

    period_code: str
    period: Pair
    form_title: Pair
    report: ReportRow


def write_periods(pages: Pages, data: SiteData, documents: Documents) -> None:
    """Write a matrix of bodies by forms for each period with reports or submissions, or closed."""
    periods = data.periods
    for number, period in enumerate(periods):
        reports = data.reports_by_period.get(period.code, ())
        forms = sorted({report["form_code"] for report in reports})
        rows = _matrix(data, reports)
        counts = Counter(r["status"] for r in reports if r["due_at"])
        values = {
            "period": period,
            "due_days": sorted({r["due_at"].date() for r in reports if r["due_at"]}),
            "closed_at": next(
                (f["closed_at"] for f in data.frozen if f["snapshot_code"] == period.code), None
            ),
            "close_day": close_day(period, data.plan.calendar),
            "documents": documents.get(period.code, ()),
            "forms": [(form, data.form_title(form), *_received(reports, form)) for form in forms],
            "rows": rows,
            "counts": counts,
            "owed": sum(counts[status] for status in OWED),
            "received": sum(row.received for row in rows),
            "previous": _neighbour(periods, number, -1),
            "next": _neighbour(periods, number, 1),
            "frozen": _frozen(data, period),
            "others": _others(data, period, reports),
        }
        titles = (f"Tình hình báo cáo {period_names(period)[0]}", f"Reporting: {period.name_en}")
        pages.write(f"period-{period.code}.html", "period.html", titles, values, _PERIODS)


def _matrix(data: SiteData, reports: Sequence[ReportRow]) -> list[MatrixRow]:
    by_body: dict[str, dict[str, ReportRow]] = {}
    names: dict[str, str] = {}
    for report in reports:
        code = report["body_code"]
        by_body.setdefault(code, {})[report["form_code"]] = report
        names[code] = in_sentence(report["body_name"] or code)
    return [
        MatrixRow(
            code, names[code], code in data.plan.bodies_by_code, forms, *_received(list(forms.values()))
        )
        for code, forms in by_body.items()
    ]


def _received(reports: Sequence[ReportRow], form: str | None = None) -> tuple[int, int]:
    """Count received and owed reports, of one form or of all."""
    owed = [r for r in reports if r["due_at"] and r["status"] in OWED and form in (None, r["form_code"])]
    return sum(r["received_at"] is not None for r in owed), len(owed)


def _neighbour(periods: Sequence[Period], number: int, step: int) -> Period | None:
    """Return the period of the same kind before or after."""
    kind, rest = periods[number].kind, periods[number + 1 :] if step > 0 else periods[:number][::-1]
    return next((period for period in rest if period.kind == kind), None)


def _frozen(data: SiteData, period: Period) -> list[tuple[str, str, FrozenRow, Pair, Pair]]:
    """Return address, code, row and units of each target's figure that was frozen for the period."""
    units = {target.code: target.unit for target in data.plan.targets}
    rows = [r for r in data.frozen if r["snapshot_code"] == period.code and r["target_code"] in units]
    lines = []
    for row in rows:
        code, unit = row["target_code"], units[row["target_code"]]
        lines.append(
            (f"target-{code}.html", code, row, unit_labels(unit, data.forms), gap_unit(unit, data.forms))
        )
    return lines


def _others(data: SiteData, period: Period, reports: Sequence[ReportRow]) -> list[SubmissionRow]:
    """Return the period's submissions that no cell of the matrix links to."""
    linked = {report["submission_id"] for report in reports}
    return [
        s for s in data.submissions if s["period_code"] == period.code and s["submission_id"] not in linked
    ]


def write_bodies(
    pages: Pages, data: SiteData, tasks: Mapping[str, BodyTasks], submissions: Mapping[int, Described]
) -> None:
    """Write a page per body: open tasks first, then its record, its files and the targets of its area."""
    periods = {period.code: period for period in data.periods}
    order = {code: number for number, code in enumerate(periods)}
    for code in data.known_bodies:
        body = data.plan.bodies_by_code[code]
        name = in_sentence(body.name)
        reports = sorted(
            data.reports_by_body.get(code, ()), key=lambda r: (order[r["period_code"]], r["form_code"])
        )
        history = [
            HistoryRow(
                r["period_code"],
                (periods[r["period_code"]].name_vi, periods[r["period_code"]].name_en),
                data.form_title(r["form_code"]),
                r,
            )
            for r in reports
        ]
        values = {
            "tasks": tasks[code],
            "today": data.today,
            "counts": Counter(r["status"] for r in reports),
            "history": history,
            "submissions": [
                submissions[s["submission_id"]] for s in reversed(data.submissions_by_body.get(code, ()))
            ],
            "replies": [
                finding
                for s in data.submissions_by_body.get(code, ())
                for finding in data.findings.get(s["submission_id"], ())
                if finding["reply"]
            ],
            "targets": _targets_of(data, body.area) if body.area != data.area else [],
        }
        pages.write(f"body-{code}.html", "body.html", (name, name), values, _BODIES)


def _targets_of(data: SiteData, area: str) -> list[tuple[str, Pair, Pair, TargetRow]]:
    """Return code, label, unit and row of each target with a figure for the area in the shown period."""
    found = []
    for target in data.plan.targets:
        row = next((r for r in data.current(target) if r["area_code"] == area), None)
        if row:
            label = (target.label_vi, target.label_en or target.label_vi)
            found.append((target.code, label, unit_labels(target.unit, data.forms), row))
    return found


def write_unknown(pages: Pages, submissions: Mapping[int, Described]) -> None:
    """Write the list of files in folders of no known body."""
    unknown = [one for one in submissions.values() if one[0]["body_code"] not in pages.plan.bodies_by_code]
    if unknown:
        titles = (labels("vi")["unknown_bodies"], labels("en")["unknown_bodies"])
        pages.write("unknown.html", "unknown.html", titles, {"submissions": unknown}, _BODIES)
