"""Compare the database with the expected result of a drive: statuses, codes, cells, rows, targets."""

import json
from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from plans.model import Plan
from plans.reporting_calendar import scheduled_periods
from warehouse.form_catalog import catalog_of

Entry = dict[str, Any]
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


def compute_targets(plan: Plan, truth: list[Entry]) -> dict[tuple[str, str, str], tuple[Any, Any]]:
    """Return (numerator, denominator) by (target, area, period) for T1 to T8, from the expected rows."""
    ends = {p.code: p.window_end for p in scheduled_periods(plan.year, plan.calendar)}
    reports: dict[tuple[str, str, date], list[dict[str, Any]]] = {}
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


def _targets(plan: Plan, known: dict[Any, Any], area: str, level: str) -> dict[str, tuple[Any, Any]]:
    inside = plan.areas_within[area]

    def of(form: str, body: str | None = None) -> list[tuple[str, date, list[dict[str, Any]]]]:
        return [(b, end, rows) for (f, b, end), rows in known.items() if f == form and body in (None, b)]

    def total(reports: Any, measure: str, where: Any = bool) -> Any:
        rows = [row for _, _, rows in reports for row in rows]
        return sum(row[measure] for row in rows if where(row)) if rows else None

    def last(reports: Any, pick: Any = max) -> Any:
        chosen = {body: pick(e for b, e, _ in reports if b == body) for body, _, _ in reports}
        return [(b, e, rows) for b, e, rows in reports if chosen[b] == e]

    def here(reports: Any, key: str) -> Any:
        inside_area = [(b, e, [row for row in rows if row[key] in inside]) for b, e, rows in reports]
        return [report for report in inside_area if report[2]]

    districts = [
        (b, e, rows)
        for b, e, rows in of("03-PCMD")
        if plan.bodies_by_code[b].level == "district" and plan.bodies_by_code[b].area in inside
    ]
    communes = here(of("05-PCMD"), "commune")
    spots = of("02-PCMD", "CAT")
    found: dict[str, tuple[Any, Any]] = {}
    if level == "province":
        found["T1"] = (total(of("01-PCMD", "CAT"), "cases_prosecuted"), None)
        trials = of("04-PCMD", "TAND")
        found["T2"] = (
            total(trials, "tried"),
            _plus(
                total(last(trials, min), "opening"),
                total(trials, "accepted"),
                _minus(total(trials, "returned")),
            ),
        )
        found["T4"] = (
            total(of("03-PCMD", "SLDTBXH"), "inspected", lambda row: row["team_level"] == "PROVINCE"),
            None,
        )
    if level in ("province", "district"):
        near = here(spots, "district")
        found["T3"] = (
            total(near, "dismantled"),
            _plus(
                total(here(last(spots, min), "district"), "opening"),
                total(near, "identified"),
                total(near, "recurred"),
            ),
        )
        found["T5"] = (
            total(districts, "inspected", lambda row: row["team_level"] in ("DISTRICT", "COMMUNE")),
            total(last(districts), "managed", lambda row: row["team_level"] == "DISTRICT"),
        )
        all_communes = sum(plan.areas_by_code[code].level == "commune" for code in inside)
        for target, measure in (("T6", "free_of_prostitution"), ("T7", "plan_deployed")):
            found[target] = (total(last(communes), measure), all_communes)
    if level == "commune":
        found["T8"] = (total(communes, "inspected"), total(last(communes), "managed"))
    return found


def _plus(*terms: Any) -> Any:
    return None if None in terms else sum(terms)


def _minus(term: Any) -> Any:
    return None if term is None else -term
