"""Pages of who has sent what: a matrix per period, and a record per body."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

from plans.reporting_calendar import scheduled_periods
from publishing.site.page_writer import Pages

Rows = Sequence[Mapping[str, Any]]


def write_periods(pages: Pages, reports: Rows) -> None:
    """A matrix of bodies by forms for each period with reports."""
    for period in scheduled_periods(pages.plan.year, pages.plan.calendar):
        of_period = [report for report in reports if report["period_code"] == period.code]
        if not of_period:
            continue
        rows: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = {}
        for report in of_period:
            body = (report["body_code"], report["body_name"] or report["body_code"])
            rows.setdefault(body, {})[report["form_code"]] = report
        values = {
            "rows": [(*body, cells) for body, cells in rows.items()],
            "forms": sorted({report["form_code"] for report in of_period}),
        }
        titles = (f"Tình hình báo cáo: {period.name_vi}", f"Reporting: {period.name_en}")
        pages.write(f"period-{period.code}.html", "period.html", titles, values)


def write_bodies(
    pages: Pages, reports: Rows, submissions: Rows, places: Mapping[int, str], zone: ZoneInfo
) -> None:
    """The record of each body: what it owed, when it came, what was sent back."""
    known = pages.plan.bodies_by_code  # others are folders that anybody may have named in any way
    there = {row["body_code"] for rows in (reports, submissions) for row in rows}
    by_body: dict[str, list[Mapping[str, Any]]] = {}
    for report in reports:
        by_body.setdefault(report["body_code"], []).append(_shown(report, zone))
    returned: dict[str, dict[str, str]] = {}
    for submission in submissions:
        if place := places.get(submission["submission_id"]):
            name = PurePosixPath(submission["file_name"]).name
            returned.setdefault(submission["body_code"], {})[place] = name
    order = {p.code: n for n, p in enumerate(scheduled_periods(pages.plan.year, pages.plan.calendar))}
    for code in sorted(there & known.keys()):
        name = known[code].name
        mine = sorted(by_body.get(code, []), key=lambda r: (order.get(r["period_code"], 999), r["form_code"]))
        files = [{"href": href, "name": file} for href, file in returned.get(code, {}).items()]
        values = {"reports": mine, "returned": files}
        pages.write(f"body-{code}.html", "body.html", (name, name), values)


def _shown(report: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    due, received = report["due_at"], report["received_at"]
    return {
        **report,
        "due": f"{due.astimezone(zone):%d/%m/%Y}" if due else "",
        "received": f"{received.astimezone(zone):%d/%m/%Y %H:%M}" if received else "",
    }
