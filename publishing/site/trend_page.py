"""The page of timeliness and data quality: by month, and by body and month."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from publishing.i18n import labels
from publishing.site.page_queries import FindingRow, ReportRow, SubmissionRow
from publishing.site.page_writer import Pages
from publishing.site.site_data import OWED, SiteData
from transforms.text.sentences import in_sentence

Month = tuple[int, int]  # year and month


@dataclass(frozen=True, slots=True)
class Quality:
    """The submissions of a month or body: how many, how many rejected, and their findings."""

    submissions: int
    rejected: int
    errors: int
    warnings: int

    @property
    def rejected_pct(self) -> float | None:
        """The share of rejected submissions."""
        return 100 * self.rejected / self.submissions if self.submissions else None

    @property
    def warnings_each(self) -> float | None:
        """Warnings per submission."""
        return self.warnings / self.submissions if self.submissions else None


@dataclass(frozen=True, slots=True)
class Timeliness:
    """The reports that were due: counts by status."""

    counts: Mapping[str, int]

    @property
    def owed(self) -> int:
        """How many were due."""
        return sum(self.counts.values())

    @property
    def on_time_pct(self) -> float | None:
        """The share that came on time."""
        return 100 * self.counts["on_time"] / self.owed if self.owed else None

    @property
    def received_pct(self) -> float | None:
        """The share that came."""
        received = self.counts["on_time"] + self.counts["late"]
        return 100 * received / self.owed if self.owed else None


@dataclass(frozen=True, slots=True)
class BodyTrend:
    """A body: its reports by month of the due day, of the year, and the quality of what it sent."""

    code: str
    name: str
    months: Sequence[Timeliness]
    year: Timeliness
    quality: Quality


def write_trend(pages: Pages, data: SiteData) -> None:
    """Write the page of reports that were due so far, and of the submissions received."""
    due = [r for r in data.reports if r["due_at"] and r["due_at"] <= data.now and r["status"] in OWED]
    dues = {_month(r["due_at"]) for r in due if r["due_at"]}
    received = {_month(s["received_at"]) for s in data.submissions}
    months = sorted(dues | received)
    by_month = [
        (
            month,
            _timeliness(r for r in due if r["due_at"] and _month(r["due_at"]) == month),
            _quality((s for s in data.submissions if _month(s["received_at"]) == month), data.findings),
        )
        for month in months
    ]
    values = {
        "months": by_month,
        "due_months": sorted(dues),
        "bodies": [_body_trend(data, code, sorted(dues)) for code in data.known_bodies],
        "year": _timeliness(due),
        "quality": _quality(data.submissions, data.findings),
    }
    titles = (labels("vi")["trend_title"], labels("en")["trend_title"])
    pages.write("trend.html", "trend.html", titles, values)


def _body_trend(data: SiteData, code: str, months: Sequence[Month]) -> BodyTrend:
    due = [
        r
        for r in data.reports_by_body.get(code, ())
        if r["due_at"] and r["due_at"] <= data.now and r["status"] in OWED
    ]
    return BodyTrend(
        code,
        in_sentence(data.plan.bodies_by_code[code].name),
        [_timeliness(r for r in due if r["due_at"] and _month(r["due_at"]) == month) for month in months],
        _timeliness(due),
        _quality(data.submissions_by_body.get(code, ()), data.findings),
    )


def _month(moment: datetime) -> Month:
    return moment.year, moment.month


def _timeliness(reports: Iterable[ReportRow]) -> Timeliness:
    return Timeliness(Counter(r["status"] for r in reports))


def _quality(submissions: Iterable[SubmissionRow], findings: Mapping[int, Sequence[FindingRow]]) -> Quality:
    sent = list(submissions)
    severities = Counter(f["severity"] for s in sent for f in findings.get(s["submission_id"], ()))
    rejected = sum(s["status"] == "rejected" for s in sent)
    return Quality(len(sent), rejected, severities["error"], severities["warning"])
