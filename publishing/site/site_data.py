"""Everything that the pages are made from, read once, and lookups over it."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from plans.model import Plan, Target
from plans.plan_years import plan_periods
from plans.reporting_calendar import Period, period_from_code
from publishing.i18n import Pair
from publishing.site import page_queries as queries
from publishing.site.page_queries import FindingRow, FrozenRow, ReportRow, SubmissionRow, TargetRow
from schemas.form_set import FormSet
from warehouse.form_catalog import form_set_of
from warehouse.queries import last_period_with_data

ArchiveLoad = Callable[[str], bytes | None]
Row = TypeVar("Row", ReportRow, SubmissionRow, TargetRow)
OWED = ("on_time", "late", "missing", "rejected")

_ORDER = ("M", "W", "D", "Q", "H", "Y", "")  # kinds of periods, those of charts first


@dataclass
class SiteData:
    """Rows of one plan, with its form set; times are in its zone.

    `shown` is the period of the start page, `area` the one that the site is about.
    """

    plan: Plan
    forms: FormSet
    now: datetime
    targets: list[TargetRow]
    reports: list[ReportRow]
    submissions: list[SubmissionRow]
    findings: dict[int, list[FindingRow]]
    frozen: list[FrozenRow]
    shown: Period | None
    area: str

    @property
    def today(self) -> date:
        """The day of publication in the plan's zone."""
        return self.now.date()

    @cached_property
    def periods(self) -> list[Period]:
        """The periods with reports or submissions, and the closed ones, by the end of the window."""
        codes = {r["period_code"] for r in self.reports} | {s["period_code"] for s in self.submissions}
        codes |= {f["snapshot_code"] for f in self.frozen}
        scheduled = [p for p in plan_periods(self.plan) if p.code in codes]
        known = {p.code for p in scheduled}
        others = [period_from_code(code, self.plan.calendar) for code in codes if code and code not in known]
        return sorted([*scheduled, *others], key=lambda p: (p.window_end, -p.window_start.toordinal()))

    @cached_property
    def reports_by_period(self) -> Mapping[str, Sequence[ReportRow]]:
        """Reports by period code."""
        return _grouped(self.reports, "period_code")

    @cached_property
    def reports_by_body(self) -> Mapping[str, Sequence[ReportRow]]:
        """Reports by body code."""
        return _grouped(self.reports, "body_code")

    @cached_property
    def submissions_by_body(self) -> Mapping[str, Sequence[SubmissionRow]]:
        """Submissions by the code of the folder's body."""
        return _grouped(self.submissions, "body_code")

    @cached_property
    def targets_by_code(self) -> Mapping[str, Sequence[TargetRow]]:
        """Rows of the target table by target code."""
        return _grouped(self.targets, "target_code")

    @cached_property
    def known_bodies(self) -> list[str]:
        """The codes of the plan's bodies with reports or submissions, in the order of the reports.

        Other bodies are folders that anyone may have named in any way: they get no pages.
        """
        codes = dict.fromkeys([*self.reports_by_body, *sorted(self.submissions_by_body)])
        return [code for code in codes if code in self.plan.bodies_by_code]

    @cached_property
    def overviews(self) -> Mapping[int, str]:
        """The page that lists each submission: that of its body, or of the files of unknown bodies."""
        return {
            s["submission_id"]: f"body-{s['body_code']}.html"
            if s["body_code"] in self.plan.bodies_by_code
            else "unknown.html"
            for s in self.submissions
        }

    def current(self, target: Target) -> list[TargetRow]:
        """Rows of a target for the shown period: the province first, then other areas by name.

        A target that is not computed for the shown kind of period has the rows of its last period.
        """
        rows = self.targets_by_code.get(target.code, ())
        if self.shown is None or not rows:
            return []
        codes = {row["period_code"]: row["window_end"] for row in rows}
        code = self.shown.code
        if code not in codes and target.periods:
            ended = [key for key, last in codes.items() if last <= self.shown.window_end]
            code = max(ended, key=lambda key: codes[key], default="")
        return [row for row in rows if row["period_code"] == code]

    def months(self, target: Target, area: str) -> list[TargetRow]:
        """The rows of a target and area by month, or by its shortest kind of period, in order of time."""
        rows = [row for row in self.targets_by_code.get(target.code, ()) if row["area_code"] == area]
        kinds = {row["period_code"]: self._kinds.get(row["period_code"], "") for row in rows}
        shortest = min(kinds.values(), key=_ORDER.index, default="")
        return sorted(
            (row for row in rows if kinds[row["period_code"]] == shortest), key=lambda row: row["window_end"]
        )

    def form_title(self, code: str | None) -> Pair:
        """Return the title of a form in sentence case, in both languages; empty for an unknown form."""
        form = self.forms.by_code.get(code or "")
        title = form.title.capitalize() if form else ""
        return title, form.title_en or title if form else ""

    @cached_property
    def _kinds(self) -> dict[str, str]:
        """The kind of each scheduled period by its code."""
        return {p.code: p.kind for p in plan_periods(self.plan)}


def read_site_data(connection: Connection, plan: Plan, now: datetime, area: str = "") -> SiteData:
    """Read all rows of a plan; `now` is the time of publication, `area` that of the plan by default."""
    zone = ZoneInfo(plan.calendar.timezone)
    local = now.astimezone(zone)
    code = last_period_with_data(connection, plan)
    return SiteData(
        plan,
        form_set_of(connection, plan),
        local,
        queries.target_rows(connection, plan),
        queries.report_rows(connection, plan, zone),
        queries.submission_rows(connection, plan, zone),
        queries.findings_by_submission(connection, plan, local.date(), zone),
        queries.frozen_rows(connection, plan, zone, area or plan.area),
        period_from_code(code, plan.calendar) if code else None,
        area or plan.area,
    )


def period_names(period: Period) -> Pair:
    """Return the names of a period; Vietnamese without the leading capital, for use in a sentence."""
    vi = period.name_vi
    return (vi[:1].lower() + vi[1:], period.name_en)


def _grouped(rows: Sequence[Row], column: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[str(dict(row)[column])].append(row)
    return dict(groups)
