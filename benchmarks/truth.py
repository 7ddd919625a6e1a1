"""Compare the database with the expected result of a drive: statuses, codes, cells, rows, targets."""

import json
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from plans.model import Plan
from plans.reporting_calendar import scheduled_periods
from warehouse.form_catalog import catalog_of

Entry = dict[str, Any]
Known = dict[tuple[str, str, date], list[Entry]]  # rows by form, body and end of the window
Report = tuple[str, date, list[Entry]]  # body, end of the window, rows
Shares = tuple[Any, Any]  # numerator, denominator
_NUMBERS = (int, float)


def faults(connection: Connection, truth: list[Entry]) -> list[str]:
    """Return one line for each sheet that differs from its expected result."""
    found = defaultdict(list)
    for row in connection.execute(
        text("SELECT submission_id, body_code || '/' || file_name, sheet_name, status FROM audit.submission")
    ):
        found[row[1], row[2]].append((row[0], row[3]))
    wrong = []
    for entry in truth:
        rows = found[entry["path"], entry["sheet"] or ""]
        wrong += [
            f"{entry['path']} [{entry['sheet']}]: {fault}" for fault in _faults(connection, entry, rows)
        ]
    return wrong


def _faults(connection: Connection, entry: Entry, rows: list[tuple[int, str]]) -> list[str]:
    if len(rows) != 1:
        return [f"{len(rows)} submissions instead of one"]
    (number, status) = rows[0]
    if entry["expect"] == "accepted":
        if status not in ("accepted", "accepted_with_warnings"):
            return [f"{status}: {_findings(connection, number)}"]
        stored = sorted(map(_plain, stored_rows(connection, entry["form"], number)))
        meant = sorted(map(_plain, entry["rows"]))
        return [] if stored == meant else [f"stored {stored} instead of {meant}"]
    if status != entry["expect"]:
        return [f"{status} instead of {entry['expect']}"]
    if entry["expect"] != "rejected":
        return []
    findings = _findings(connection, number)
    cells = [cell for code, cell in findings if code == entry["code"]]
    if not cells or (entry["cell"] and entry["cell"] not in cells):
        return [f"{findings} lacks {entry['code']} at {entry['cell']}"]
    return []


def _findings(connection: Connection, number: int) -> list[tuple[str, str]]:
    rows = connection.execute(
        text("SELECT code, cell FROM audit.finding WHERE submission_id = :n AND severity = 'error'"),
        {"n": number},
    )
    return [(row[0], row[1]) for row in rows]


def stored_rows(connection: Connection, form_code: str, submission: int) -> list[dict[str, Any]]:
    """Return the fact rows of a submission in the format of the expected rows: area codes, dates as text."""
    form = catalog_of(connection).by_code[form_code]
    place = form.area_dimension
    columns = ["a.area_code" if place and key == place.key else f"f.{key}" for key in form.columns]
    rows = connection.execute(
        text(
            f"SELECT {', '.join(columns)} FROM dw.fact_{form.key} f JOIN dw.dim_area a USING (area_key)"
            " WHERE submission_id = :n"
        ),
        {"n": submission},
    )
    return [dict(zip(form.columns, row, strict=True)) for row in rows]


def _plain(row: dict[str, Any]) -> str:
    def value(v: Any) -> Any:
        if isinstance(v, date):
            return v.isoformat()
        return v if isinstance(v, bool | str) or v is None else float(v)

    return json.dumps({key: value(v) for key, v in row.items()}, sort_keys=True, ensure_ascii=False)


# --- the targets of DN-2020, computed in plain Python from the expected rows --------------------------------


def compute_targets(plan: Plan, truth: list[Entry]) -> dict[tuple[str, str, str], Shares]:
    """Return (numerator, denominator) by (target, area, period) for T1 to T8, from the expected rows."""
    ends = {p.code: p.window_end for p in scheduled_periods(plan.year, plan.calendar)}
    reports: Known = {}
    for entry in sorted(truth, key=lambda e: e.get("revision", 0)):
        if entry["expect"] == "accepted" and entry["period"] in ends:
            reports[entry["form"], entry["body"], ends[entry["period"]]] = entry["rows"]
    figures = {}
    for period, end in ends.items():
        known = {key: rows for key, rows in reports.items() if key[2] <= end}
        for area in plan.areas:
            for target, pair in _targets(plan, known, area.code, area.level).items():
                figures[target, area.code, period] = pair
    return figures


def _targets(plan: Plan, known: Known, area: str, level: str) -> dict[str, Shares]:
    """Return numerator and denominator of each target that is computed for areas of this level."""
    if level == "commune":
        communes = _inside(_reports(known, "05-PCMD"), "commune", plan.areas_within[area])
        return {"T8": (_total(communes, "inspected"), _total(_at_end(communes, max), "managed"))}
    if level == "district":
        return _of_a_district(plan, known, area)
    return _of_the_province(known) | _of_a_district(plan, known, area)


def _of_the_province(known: Known) -> dict[str, Shares]:
    trials = _reports(known, "04-PCMD", "TAND")
    teams = _reports(known, "03-PCMD", "SLDTBXH")
    owed = _plus(
        _total(_at_end(trials, min), "opening"),
        _total(trials, "accepted"),
        _minus(_total(trials, "returned")),
    )
    return {
        "T1": (_total(_reports(known, "01-PCMD", "CAT"), "cases_prosecuted"), None),
        "T2": (_total(trials, "tried"), owed),
        "T4": (_total(teams, "inspected", lambda row: row["team_level"] == "PROVINCE"), None),
    }


def _of_a_district(plan: Plan, known: Known, area: str) -> dict[str, Shares]:
    inside = plan.areas_within[area]
    spots = _inside(_reports(known, "02-PCMD", "CAT"), "district", inside)
    opening = _inside(_at_end(_reports(known, "02-PCMD", "CAT"), min), "district", inside)
    teams = [
        (body, end, rows)
        for body, end, rows in _reports(known, "03-PCMD")
        if plan.bodies_by_code[body].level == "district" and plan.bodies_by_code[body].area in inside
    ]
    communes = _at_end(_inside(_reports(known, "05-PCMD"), "commune", inside), max)
    all_communes = sum(plan.areas_by_code[code].level == "commune" for code in inside)
    return {
        "T3": (
            _total(spots, "dismantled"),
            _plus(_total(opening, "opening"), _total(spots, "identified"), _total(spots, "recurred")),
        ),
        "T5": (
            _total(teams, "inspected", lambda row: row["team_level"] in ("DISTRICT", "COMMUNE")),
            _total(_at_end(teams, max), "managed", lambda row: row["team_level"] == "DISTRICT"),
        ),
        "T6": (_total(communes, "free_of_prostitution"), all_communes),
        "T7": (_total(communes, "plan_deployed"), all_communes),
    }


def _reports(known: Known, form: str, body: str | None = None) -> list[Report]:
    return [(b, end, rows) for (f, b, end), rows in known.items() if f == form and body in (None, b)]


def _inside(reports: list[Report], key: str, areas: frozenset[str]) -> list[Report]:
    """Keep the rows whose key is one of these areas, and the reports that have such rows."""
    kept = [(body, end, [row for row in rows if row[key] in areas]) for body, end, rows in reports]
    return [report for report in kept if report[2]]


def _at_end(reports: list[Report], end_of: Callable[[list[date]], date]) -> list[Report]:
    """Keep the first (`min`) or last (`max`) report of each body."""
    chosen = {body: end_of([end for b, end, _ in reports if b == body]) for body, _, _ in reports}
    return [report for report in reports if chosen[report[0]] == report[1]]


def _total(reports: list[Report], measure: str, where: Callable[[Entry], bool] = bool) -> Any:
    rows = [row for _, _, rows in reports for row in rows]
    return sum(row[measure] for row in rows if where(row)) if rows else None


def _plus(*terms: Any) -> Any:
    return None if None in terms else sum(terms)


def _minus(term: Any) -> Any:
    return None if term is None else -term
