"""Build the pages for auditors and clerks: static HTML that opens from a shared drive."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection

from plans.model import Plan
from plans.reporting_calendar import Period, period_from_code
from publishing.blank_forms.openings import Openings, carried_rows, opening_values
from publishing.returns.selection import Return, returns
from publishing.site.audiences import EVERYTHING, Audience, as_seen
from publishing.site.body_tasks import BodyTasks, ReportTask, body_tasks
from publishing.site.check_pages import Checks, await_checks, write_checks
from publishing.site.folder import OnFile, SiteFolder, open_site
from publishing.site.form_pages import write_forms
from publishing.site.overview import write_overview
from publishing.site.page_queries import event_rows
from publishing.site.page_writer import Pages, put_style, site_script
from publishing.site.report_pages import write_bodies, write_periods, write_unknown
from publishing.site.search_index import write_search_index
from publishing.site.site_data import ArchiveLoad, SiteData, read_site_data
from publishing.site.submission_pages import described, write_submissions
from publishing.site.target_pages import write_targets
from publishing.site.trend_page import write_trend
from schemas.declaration import Form
from warehouse.integrity.events import latest_editions
from warehouse.integrity.verification import published_head

_DOCUMENTS = (("workbook", "xlsx"), ("word_report", "docx"))


@dataclass(frozen=True)
class Published:
    """The result of a publication: new or changed files, returned files with their places, a digest."""

    changed: list[str]
    returned: list[tuple[Return, str]]
    digest: str


def publish(
    connection: Connection,
    plan: Plan,
    archive_load: ArchiveLoad,
    out: Path,
    now: datetime,
    checks: Checks | None = None,
    workers: Executor | None = None,
    readers: tuple[Audience, Connection] | None = None,
    on_file: OnFile | None = None,
) -> Published:
    """Write the site into a folder.

    Files are written beside the folder first, so the last good pages stay if something fails.
    `archive_load` returns the content of a file by its hash, None if it is not kept. `checks` leads
    to the results of the checkpoint, which is waited for before the files are moved in.
    `workers` make the returned files; without them this process does. `readers` are those that the site is
    for, with a connection that has their rights; without them it has everything. `on_file` is called for
    each file.
    """
    audience, reader = readers or (EVERYTHING, None)
    data = read_site_data(connection, plan, now, audience.area)
    if reader:
        data = as_seen(data, reader, audience)
    site = open_site(out, on_file)
    head = published_head(connection) or "–"
    has_checks = checks is not None and audience.is_whole
    pages = Pages(site, plan, head, f"{data.now:%d/%m/%Y %H:%M}", has_checks, data.overviews, audience)
    returned = [
        file for file in returns(connection, plan, data.findings) if file.submissions[0] in data.overviews
    ]
    places = _write_returns(site, returned, archive_load, workers)
    _write_pages(connection, pages, data, archive_load, places)
    if checks:
        if audience.is_whole:
            write_checks(pages, checks, data.forms)
        else:
            await_checks(pages, checks)
    put_style(site)
    site.put("site.js", site_script())
    handed = [(file, places[file.submissions[0]]) for file in returned]
    return Published(site.finish(), handed, site.digest())


def _write_pages(
    connection: Connection, pages: Pages, data: SiteData, load: ArchiveLoad, places: Mapping[int, str]
) -> None:
    """Write the pages and what they link to; `places` are the returned files by submission."""
    audience = pages.audience
    tasks = body_tasks(data, places)
    submissions = described(data, places)
    documents = _write_documents(connection, pages, data.now) if audience.is_whole else {}
    if audience.gets_files:
        _write_blank_forms(connection, pages.site, data, tasks)
    write_overview(pages, data, tasks, documents)
    write_targets(connection, pages, data)
    write_periods(pages, data, documents)
    write_bodies(pages, data, tasks, submissions)
    write_unknown(pages, submissions)
    write_forms(pages, data)
    write_trend(pages, data)
    write_submissions(pages, data, load, submissions)
    if audience.is_whole:
        events = event_rows(connection, data.now.tzinfo)
        pages.write("chain.html", "chain.html", ("Chuỗi kiểm toán", "Audit chain"), {"events": events})
    write_search_index(pages, data)


def _write_returns(
    site: SiteFolder, returned: Sequence[Return], load: ArchiveLoad, workers: Executor | None
) -> dict[int, str]:
    """Write the returned files; return their places by submission."""
    places: dict[int, str] = {}
    for file in returned:
        place = f"tra_lai/{file.key[:16]}.xlsx"
        places |= dict.fromkeys(file.submissions, place)
        if not site.is_due(place, file.key):
            continue
        content = load(file.sha256) if file.sha256 else None
        future: Future[bytes] = Future()
        if workers:
            future = workers.submit(file.workbook, content)
        else:
            future.set_result(file.workbook(content))
        site.write_later(place, future)
    return places


def _write_blank_forms(
    connection: Connection, site: SiteFolder, data: SiteData, tasks: Mapping[str, BodyTasks]
) -> None:
    """Write the blank form of each report that is missing or due soon."""
    plan = data.plan
    plan_key = sha256(plan.model_dump_json().encode()).hexdigest()
    for form in data.forms.forms:
        rows = carried_rows(connection, plan, form, tasks)
        form_key = sha256(f"{plan_key} {form!r}".encode()).hexdigest()
        for body, task in _tasks_of(form, tasks):
            period = period_from_code(task.period_code, plan.calendar)
            openings = opening_values(rows, plan, plan.bodies_by_code[body], form, period)
            key = sha256(f"{form_key} {body} {period.code} {openings}".encode()).hexdigest()
            site.write(task.blank_form, key, partial(_blank_form, data, body, period, form, openings))


def _blank_form(data: SiteData, body: str, period: Period, form: Form, openings: Openings) -> bytes:
    # Imported where a form is due: openpyxl takes longer than reading what has not changed.
    from publishing.blank_forms.files import template_workbook

    return template_workbook(data.plan, body, period, [form], {form.code: openings}, form_set=data.forms)


def _tasks_of(form: Form, tasks: Mapping[str, BodyTasks]) -> Iterator[tuple[str, ReportTask]]:
    """The reports on a form that are missing or due soon, each with its body."""
    for body in tasks.values():
        for task in (*body.missing, *body.coming):
            if task.form_code == form.code:
                yield body.code, task


def _write_documents(connection: Connection, pages: Pages, now: datetime) -> dict[str, list[tuple[str, str]]]:
    """Write the documents of each closed period once per edition; return (label key, address) by period."""
    documents: dict[str, list[tuple[str, str]]] = {}
    plan = pages.plan
    for code, edition in latest_editions(connection, plan.code).items():
        period = period_from_code(code, plan.calendar)
        for label, ending in _DOCUMENTS:
            place = f"bao_cao/{code}.{ending}"
            make = partial(_document, ending, connection, plan, period, now)
            pages.site.write(place, f"{plan.code} {code} {edition}", make)
            documents.setdefault(code, []).append((label, place))
    return documents


def _document(ending: str, connection: Connection, plan: Plan, period: Period, now: datetime) -> bytes:
    # Imported where a period was closed, for the same reason.
    from publishing.documents.period_report import period_report
    from publishing.documents.period_workbook import period_workbook

    make = period_workbook if ending == "xlsx" else period_report
    return make(connection, plan, period, now)
