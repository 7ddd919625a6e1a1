"""The pages for auditors and clerks: plain HTML that opens from a shared drive, made from the warehouse."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from plans.model import Plan
from plans.reporting_calendar import Period, period_from_code, scheduled_periods
from publishing.documents.period_report import period_report
from publishing.documents.period_workbook import period_workbook
from publishing.returns.selection import Return, returns
from publishing.site import page_queries as figures
from publishing.site.check_pages import write_checks
from publishing.site.folder import SiteFolder, open_site
from publishing.site.page_writer import Pages
from publishing.site.report_pages import write_bodies, write_periods
from publishing.site.submission_pages import write_submissions
from publishing.site.target_pages import write_targets
from warehouse.integrity.events import closed_codes
from warehouse.integrity.verification import published_head
from warehouse.quality.checkpoint import Checked
from warehouse.quality.finding_states import finding_states

ArchiveLoad = Callable[[str], bytes | None]
_DOCUMENTS = (("workbook", "xlsx", period_workbook), ("word_report", "docx", period_report))
_OWN_FILES = ("style.css", "tables.js")


@dataclass(frozen=True)
class Published:
    """What a publication did: the files that are new or changed, what goes back and its place, a digest."""

    changed: list[str]
    returned: list[tuple[Return, str]]
    digest: str


def publish(
    connection: Connection,
    plan: Plan,
    archive_load: ArchiveLoad,
    out: Path,
    now: datetime,
    checked: Checked | None = None,
) -> Published:
    """Write the site into a folder.

    Made whole beside the folder first: where that fails, the last good pages stay. `archive_load` gives the
    content of a file by its hash, None where it is not kept. `checked` is what the checkpoint found.
    """
    zone = ZoneInfo(plan.calendar.timezone)
    site = open_site(out)
    made_at = f"{now.astimezone(zone):%d/%m/%Y %H:%M}"
    pages = Pages(site, plan, published_head(connection) or "–", made_at, checked is not None)
    found: dict[int, list[figures.Row]] = {}
    for row in finding_states(connection, plan, now.astimezone(zone).date()):
        since = row["since"].astimezone(zone)
        found.setdefault(row["submission_id"], []).append({**row, "since": since})
    returned = list(returns(connection, plan, found))
    places = _write_returns(site, returned, archive_load)
    reports = figures.reports(connection, plan)
    submissions = figures.submissions(connection, plan)
    documents = _write_documents(connection, pages, now)
    _write_overview(connection, pages, reports, documents, [f for of_one in found.values() for f in of_one])
    write_targets(connection, pages, {s["submission_id"] for s in submissions if s["sha256"]})
    write_periods(pages, reports)
    write_bodies(pages, reports, submissions, places, zone)
    write_submissions(pages, submissions, found, archive_load, places, zone)
    if checked:
        write_checks(pages, checked)
    events = figures.events(connection, zone)
    pages.write("chain.html", "chain.html", ("Chuỗi kiểm toán", "Audit chain"), {"events": events})
    for name in _OWN_FILES:
        site.put(name, files("publishing.site").joinpath(name).read_bytes())
    handed = [(file, places[file.submissions[0]]) for file in returned]
    return Published(site.finish(), handed, site.digest())


def _write_returns(site: SiteFolder, returned: Sequence[Return], load: ArchiveLoad) -> dict[int, str]:
    """Write the files that go back; returns their places by the submissions in them."""
    places: dict[int, str] = {}
    for file in returned:
        place = f"tra_lai/{file.key[:16]}.xlsx"
        site.write(place, file.key, partial(file.workbook, load))
        places |= dict.fromkeys(file.submissions, place)
    return places


def _write_documents(connection: Connection, pages: Pages, now: datetime) -> dict[str, list[dict[str, str]]]:
    """The documents of each closed period, by its code; frozen as it is they are made once."""
    documents: dict[str, list[dict[str, str]]] = {}
    plan = pages.plan
    for code in closed_codes(connection, plan.code):
        period = period_from_code(code, plan.calendar)
        for what, ending, make in _DOCUMENTS:
            place = f"bao_cao/{code}.{ending}"
            pages.site.write(place, f"{plan.code} {code}", partial(make, connection, plan, period, now))
            documents.setdefault(code, []).append({"what": what, "href": place})
    return documents


def _write_overview(
    connection: Connection,
    pages: Pages,
    reports: Sequence[Mapping[str, Any]],
    documents: Mapping[str, list[dict[str, str]]],
    found: Sequence[Mapping[str, Any]],
) -> None:
    plan = pages.plan
    shown = figures.last_period(connection, plan)
    rows = figures.targets(connection, plan)
    now = [row for row in rows if row["period_code"] == shown and row["area_code"] == plan.area]
    for row in now:
        pace, whole = row["expected_value"], row["target_value"]
        row["pace_pct"] = round(min(100 * float(pace) / float(whole), 100)) if pace and whole else None
    every = scheduled_periods(plan.year, plan.calendar)
    period = next(((p.name_vi, p.name_en) for p in every if p.code == shown), None)
    values = {
        "targets": now,
        "period": period,
        "periods": [told for p in every if (told := _of_period(p, reports, documents))],
        "refused": figures.refused(connection, plan),
        "open": [f for f in found if f["severity"] == "warning" and f["state"] in ("open", "explained")],
    }
    name = plan.areas_by_code[plan.area].name
    pages.write("index.html", "index.html", (f"Tổng quan {name}", f"Overview: {name}"), values)


def _of_period(
    period: Period,
    reports: Sequence[Mapping[str, Any]],
    documents: Mapping[str, list[dict[str, str]]],
) -> dict[str, Any] | None:
    """How many reports were owed, are in, and came in time; None where none is owed."""
    asked = ("on_time", "late", "missing", "rejected")
    owed = [r for r in reports if r["period_code"] == period.code and r["due_at"] and r["status"] in asked]
    if not any(r["period_code"] == period.code for r in reports):
        return None
    received = sum(r["received_at"] is not None for r in owed)
    on_time = sum(r["status"] == "on_time" for r in owed)
    return {
        "code": period.code,
        "name": (period.name_vi, period.name_en),
        "owed": len(owed),
        "received": received,
        "received_pct": 100 * received / len(owed) if owed else None,
        "on_time": on_time,
        "on_time_pct": 100 * on_time / len(owed) if owed else None,
        "documents": documents.get(period.code, []),
    }
