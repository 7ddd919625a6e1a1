"""The pages for auditors and clerks: plain HTML that opens from a shared drive, made from the warehouse."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, select_autoescape
from sqlalchemy import Connection

from plans.model import Plan
from publishing import figures_for_pages as figures
from publishing.grids import draw, marks_of
from transforms.calendar import Period, scheduled_periods
from warehouse.verifying import chain_head

ArchiveLoad = Callable[[str], bytes | None]
_SAID = {
    "met": "đạt", "on_track": "đúng tiến độ", "behind": "chậm", "missed": "không đạt",
    "no_data": "chưa có số liệu",
    "not_met": "chắc chắn chưa đạt", "undecided": "chưa rõ", "on_time": "đúng hạn", "late": "muộn",
    "missing": "chưa gửi", "rejected": "bị trả lại", "not_due": "chưa đến hạn", "waived": "được miễn",
    "accepted": "đã nhận", "accepted_with_warnings": "đã nhận, có cảnh báo", "duplicate": "trùng",
    "ignored": "bỏ qua", "error": "lỗi", "warning": "cảnh báo",
}  # fmt: skip
_SIGNS = {"on_time": "✔", "late": "◷", "missing": "✘", "rejected": "⚠", "not_due": "○", "waived": "–"}


def publish(
    connection: Connection, plan: Plan, archive_load: ArchiveLoad, out: Path, now: datetime
) -> list[str]:
    """Write the site into a folder; returns the names of the files that are new or changed.

    Made whole beside the folder first: where that fails, the last good pages stay. `archive_load` gives the
    content of a file by its hash, None where it is not kept.
    """
    making = out.with_name(f"{out.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    environment = _environment()
    zone = ZoneInfo(plan.calendar.timezone)
    shared = {
        "plan": plan,
        "head": chain_head(connection),
    }

    def write(name: str, template: str, title: str, **values: Any) -> None:
        page = environment.get_template(template).render(title=title, **shared, **values)
        (making / name).write_text(page, encoding="utf-8")

    _write_overview(connection, plan, f"{now.astimezone(zone):%d/%m/%Y %H:%M}", write)
    _write_submissions(connection, plan, archive_load, zone, write)
    events = figures.events(connection, zone)
    write("chain.html", "chain.html", "Chuỗi kiểm toán", events=events)
    (making / "style.css").write_bytes(files("publishing").joinpath("style.css").read_bytes())
    return _swap_in(making, out)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("publishing", "pages"),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["figure"] = _figure
    environment.filters["said"] = lambda word: _SAID.get(word, word)
    environment.filters["sign"] = lambda status: _SIGNS.get(status, "")
    return environment


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    text = f"{round(float(value), 1):,.1f}".removesuffix(".0")
    return text.translate(str.maketrans(",.", ".,"))


Write = Callable[..., None]


def _write_overview(connection: Connection, plan: Plan, made_at: str, write: Write) -> None:
    all_periods = scheduled_periods(plan.year, plan.calendar)
    rows = figures.targets(connection, plan)
    reports = figures.reports(connection, plan)
    with_reports = {row["period_code"] for row in reports}
    periods = [period for period in all_periods if period.code in with_reports]
    shown = figures.last_period(connection, plan)
    period = next((p for p in all_periods if p.code == shown), None)
    now = [row for row in rows if row["period_code"] == shown and row["area_code"] == plan.area]
    refused = figures.refused(connection, plan)
    title = f"Tổng quan {plan.areas_by_code[plan.area].name}"
    values = {"targets": now, "period": period, "periods": periods, "refused": refused}
    write("index.html", "index.html", title, made_at=made_at, **values)
    pages = {row["submission_id"] for row in figures.submissions(connection, plan)}
    for period in periods:
        _write_period(period, reports, pages, write)
    for target in plan.targets:
        areas: dict[str, list[Mapping[str, Any]]] = {}
        for row in rows:
            if row["target_code"] == target.code and row["area_level"] != "commune":
                areas.setdefault(row["area_name"], []).append(row)
        unit = figures.unit_vi(target.unit)
        name = f"{target.code}: {target.vi}"
        write(f"target-{target.code}.html", "target.html", name, areas=areas.items(), unit=unit)


def _write_period(
    period: Period, reports: Sequence[Mapping[str, Any]], pages: set[int], write: Write
) -> None:
    rows: dict[str, dict[str, dict[str, Any]]] = {}
    for report in reports:
        if report["period_code"] == period.code:
            cell = {**report, "page": report["submission_id"] in pages}
            rows.setdefault(report["body_name"], {})[report["form_code"]] = cell
    forms = sorted({form for cells in rows.values() for form in cells})
    title = f"Tình hình báo cáo: {period.name_vi}"
    write(f"period-{period.code}.html", "period.html", title, rows=rows.items(), forms=forms)


def _write_submissions(
    connection: Connection, plan: Plan, archive_load: ArchiveLoad, zone: ZoneInfo, write: Write
) -> None:
    """A page for each submission that has findings, with its sheet drawn as the clerk sees it."""
    findings = figures.findings(connection, plan)
    for submission in figures.submissions(connection, plan):
        of_this = findings.get(submission["submission_id"], [])
        marked = marks_of(of_this)
        content = archive_load(submission["sha256"]) if submission["sha256"] else None
        letters, grid = draw(content, submission["file_name"], submission["sheet_name"])
        title = f"Biểu {submission['form_code'] or '?'}, {submission['period_name'] or 'kỳ không rõ'}"
        write(
            f"submission-{submission['submission_id']}.html",
            "submission.html",
            title,
            submission={
                **submission,
                "received": f"{submission['received_at'].astimezone(zone):%d/%m/%Y %H:%M}",
            },
            findings=of_this,
            marked=marked,
            letters=letters,
            grid=grid,
            there={name for _, cells in grid for name, _ in cells},
        )


def _swap_in(making: Path, out: Path) -> list[str]:
    """Put the new pages in place; those that are as they were keep their file and its date."""
    out.mkdir(parents=True, exist_ok=True)
    changed: list[str] = []
    names = {path.name for path in making.iterdir()}
    for name in sorted(names):
        old, new = out / name, making / name
        if not old.exists() or old.read_bytes() != new.read_bytes():
            new.replace(old)
            changed.append(name)
    for old in out.iterdir():
        if old.name not in names and old.suffix in (".html", ".css"):
            old.unlink()
    shutil.rmtree(making)
    return changed
