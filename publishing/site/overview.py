"""The start page: targets at a glance, reports of the last due day, bodies with open tasks, and an index."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from plans.model import Target
from plans.reporting_calendar import Period, period_from_code
from publishing.i18n import Pair, area_in_sentence, unit_labels
from publishing.site.body_tasks import BodyTasks
from publishing.site.page_queries import ReportRow, TargetRow
from publishing.site.page_writer import Pages
from publishing.site.site_data import OWED, SiteData, period_names
from publishing.site.target_figures import (
    Bar,
    Spark,
    bar_of,
    gap_unit,
    outcome,
    reaches_expected,
    spark_of,
    spark_title,
)
from transforms.text.sentences import in_sentence

Documents = Mapping[str, Sequence[tuple[str, str]]]  # (label key, address) by period code


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A target on the start page; `row` is None where the province has no figure of its own."""

    target: Target
    label: Pair
    unit: Pair
    row: TargetRow | None
    gap: float | None
    gap_unit: Pair
    bar: Bar | None
    spark: Spark | None
    spark_title: Pair
    areas_reached: int
    areas: int


@dataclass(frozen=True, slots=True)
class DueDay:
    """The reports of the last due day: counts by status, bodies by status, debts of earlier periods."""

    day: date
    periods: list[Period]
    owed: int
    counts: Mapping[str, int]
    bodies: Mapping[str, int]
    received: int
    earlier: int


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A period on the start page with its counts of reports and submissions, and its documents."""

    code: str
    name: Pair
    owed: int
    received: int
    on_time: int
    submissions: int
    documents: Sequence[tuple[str, str]]


def write_overview(
    pages: Pages, data: SiteData, tasks: Mapping[str, BodyTasks], documents: Documents
) -> None:
    """Write the start page."""
    lines = [target_line(data, target) for target in data.plan.targets]
    outcomes = [(outcome(line.row, line.target, data.plan), line.target.code) for line in lines if line.row]
    upcoming = [r["due_at"] for r in data.reports if r["due_at"] and r["due_at"] > data.now]
    open_tasks = [body for body in tasks.values() if body.oldest]
    warnings = Counter(
        finding["body_code"]
        for findings in data.findings.values()
        for finding in findings
        if finding["severity"] == "warning" and finding["state"] in ("open", "explained")
    )
    periods = [_period_line(data, period, documents) for period in data.periods]
    values = {
        "lines": lines,
        "outcomes": {
            key: [code for state, code in outcomes if state == key] for key in ("met", "missed", "open")
        },
        "shown": period_names(data.shown) if data.shown else None,
        "shown_until": data.shown.window_end if data.shown else None,
        "next_due": min(upcoming, default=None),
        "due": last_due_day(data),
        "tasks": sorted(open_tasks, key=lambda body: (body.oldest or date.max, body.name)),
        "today": data.today,
        "warnings": [
            (code, _body_name(data, code), warnings[code]) for code in data.known_bodies if warnings[code]
        ],
        "bodies": [(code, _body_name(data, code)) for code in data.known_bodies],
        "has_unknown": any(code not in data.plan.bodies_by_code for code in data.submissions_by_body),
        "periods": [line for line in periods if line.owed or line.documents],
        "other_periods": [line for line in periods if not (line.owed or line.documents)],
        "forms": [
            (form.code, data.form_title(form.code))
            for form in data.forms.forms
            if form.code in owed_forms(data)
        ],
    }
    area = area_in_sentence(data.plan.areas_by_code[data.area].name)
    pages.write("index.html", "index.html", (f"Tổng quan {area}", f"Overview: {area}"), values)


def owed_forms(data: SiteData) -> set[str]:
    """Return the codes of the forms that the plan asks for."""
    return {obligation.form for obligation in data.plan.obligations}


def target_line(data: SiteData, target: Target) -> TargetLine:
    """Prepare a target for the start page."""
    current = data.current(target)
    row = next((r for r in current if r["area_code"] == data.area), None)
    months = data.months(target, data.area)
    unit = unit_labels(target.unit, data.forms)
    gap = None
    if row and row["value"] is not None:
        gap = float(row["value"]) - row["expected_value"]
    areas = [r for r in current if r["area_code"] != data.area and r["area_level"] in target.reported_levels]
    return TargetLine(
        target,
        (target.label_vi, target.label_en or target.label_vi),
        unit,
        row,
        gap,
        gap_unit(target.unit, data.forms),
        bar_of(row) if row else None,
        spark_of(months),
        spark_title(target.code, months, unit),
        sum(reaches_expected(r, target) for r in areas),
        len(areas),
    )


def last_due_day(data: SiteData) -> DueDay | None:
    """Count the reports of the last due day; None before the first one.

    Periods that end on the same day belong together, though bodies of different levels report later.
    """
    owed = [r for r in data.reports if r["due_at"] and r["due_at"] <= data.now and r["status"] in OWED]
    if not owed:
        return None
    ends = {code: period_from_code(code, data.plan.calendar) for code in {r["period_code"] for r in owed}}
    last_end = max(period.window_end for period in ends.values())
    inside = [r for r in owed if ends[r["period_code"]].window_end == last_end]
    return DueDay(
        max(r["due_at"].date() for r in inside if r["due_at"]),
        sorted(
            (p for p in ends.values() if p.window_end == last_end), key=lambda p: p.window_start, reverse=True
        ),
        len(inside),
        Counter(r["status"] for r in inside),
        {status: len({r["body_code"] for r in inside if r["status"] == status}) for status in OWED},
        sum(r["received_at"] is not None for r in inside),
        sum(r["status"] in ("missing", "rejected") for r in owed) - _open(inside),
    )


def _open(reports: Sequence[ReportRow]) -> int:
    return sum(r["status"] in ("missing", "rejected") for r in reports)


def _period_line(data: SiteData, period: Period, documents: Documents) -> PeriodLine:
    owed = [r for r in data.reports_by_period.get(period.code, ()) if r["due_at"] and r["status"] in OWED]
    return PeriodLine(
        period.code,
        (period.name_vi, period.name_en),
        len(owed),
        sum(r["received_at"] is not None for r in owed),
        sum(r["status"] == "on_time" for r in owed),
        sum(s["period_code"] == period.code for s in data.submissions),
        documents.get(period.code, ()),
    )


def _body_name(data: SiteData, code: str) -> str:
    return in_sentence(data.plan.bodies_by_code[code].name)
