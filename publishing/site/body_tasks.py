"""What each body has to do: files to correct, reports to send, reports due soon."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import PurePosixPath

from plans.reporting_calendar import period_from_code
from publishing.i18n import Pair, file_part
from publishing.site.page_queries import ReportRow, SubmissionRow
from publishing.site.site_data import SiteData, period_names
from transforms.text.sentences import in_sentence

_SOON = timedelta(days=45)  # long enough for the next month's reports


@dataclass(frozen=True, slots=True)
class ReportTask:
    """A report to send or correct, with the address of its blank form.

    `errors` and `cells` are those of the rejected submission.
    """

    form_code: str
    form_title: Pair
    period_code: str
    period: Pair
    due: date | None
    blank_form: str = ""
    submission_id: int | None = None
    errors: int = 0
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileTask:
    """A rejected file with its rejected reports; `returned` is the address of the marked copy."""

    name: str
    reports: list[ReportTask]
    returned: str | None
    due: date | None


@dataclass(slots=True)
class BodyTasks:
    """Tasks of a body; counts by status are those of all due reports."""

    code: str
    name: str
    files: list[FileTask] = field(default_factory=list)
    missing: list[ReportTask] = field(default_factory=list)
    coming: list[ReportTask] = field(default_factory=list)
    late: int = 0

    @property
    def rejected(self) -> int:
        """The number of rejected reports."""
        return sum(len(file.reports) for file in self.files)

    @property
    def oldest(self) -> date | None:
        """The oldest due day of an open task; None if there is none."""
        days = [file.due for file in self.files] + [task.due for task in self.missing]
        return min((day or date.max for day in days), default=None)


def body_tasks(data: SiteData, places: Mapping[int, str]) -> dict[str, BodyTasks]:
    """Return the tasks of every known body; `places` are the returned files by submission."""
    tasks = {}
    for code in data.known_bodies:
        body = BodyTasks(code, in_sentence(data.plan.bodies_by_code[code].name))
        due_days = {
            (r["form_code"], r["period_code"]): r["due_at"] for r in data.reports_by_body.get(code, ())
        }
        rejected = [s for s in data.submissions_by_body.get(code, ()) if s["is_open_rejection"]]
        body.files = _files(data, rejected, {k: d.date() for k, d in due_days.items() if d}, places)
        for report in data.reports_by_body.get(code, ()):
            _add_report(data, body, report)
        body.missing.sort(key=lambda task: (task.due or date.max, task.form_code))
        body.coming.sort(key=lambda task: (task.due or date.max, task.form_code))
        tasks[code] = body
    return tasks


def _add_report(data: SiteData, body: BodyTasks, report: ReportRow) -> None:
    body.late += report["status"] == "late"
    if report["status"] not in ("missing", "not_due"):
        return
    period = period_from_code(report["period_code"], data.plan.calendar)
    due = report["due_at"].date() if report["due_at"] else None
    form = report["form_code"]
    blank_form = f"bieu_trang/{body.code}/{period.code}-{file_part(form)}.xlsx"
    task = ReportTask(form, data.form_title(form), period.code, period_names(period), due, blank_form)
    if report["status"] == "missing":
        body.missing.append(task)
    elif due and due <= data.today + _SOON:
        body.coming.append(task)


def _files(
    data: SiteData,
    rejected: list[SubmissionRow],
    due_days: Mapping[tuple[str, str], date],
    places: Mapping[int, str],
) -> list[FileTask]:
    """Group rejected submissions by file: one task per file, the last submission of each report."""
    by_file: dict[str, dict[tuple[str, str, str], SubmissionRow]] = {}
    for submission in rejected:
        form, period = submission["form_code"] or "", submission["period_code"] or ""
        # A later submission of the same report replaces the earlier one even in another file.
        if form and period:
            for reports in by_file.values():
                reports.pop((form, period, ""), None)
        sheet = "" if form and period else submission["sheet_name"]
        by_file.setdefault(submission["file_name"], {})[form, period, sheet] = submission
    files = []
    for name, reports in by_file.items():
        if not reports:
            continue
        tasks = [_rejected_task(data, s, due_days) for s in reports.values()]
        place = next(
            (places[s["submission_id"]] for s in reports.values() if s["submission_id"] in places), None
        )
        due = min((task.due for task in tasks if task.due), default=None)
        files.append(FileTask(PurePosixPath(name).name, tasks, place, due))
    return sorted(files, key=lambda file: (file.due or date.max, file.name))


def _rejected_task(
    data: SiteData, submission: SubmissionRow, due_days: Mapping[tuple[str, str], date]
) -> ReportTask:
    form, period_code = submission["form_code"] or "", submission["period_code"] or ""
    errors = [f for f in data.findings.get(submission["submission_id"], ()) if f["severity"] == "error"]
    period = period_from_code(period_code, data.plan.calendar) if period_code else None
    return ReportTask(
        form,
        data.form_title(form),
        period_code,
        period_names(period) if period else ("", ""),
        due_days.get((form, period_code)),
        submission_id=submission["submission_id"],
        errors=len(errors),
        cells=tuple(dict.fromkeys(f["cell"] for f in errors if f["cell"])),
    )
