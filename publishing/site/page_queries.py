"""Rows that the pages show: one query per kind of row for the whole site, not one per page."""

from datetime import date, datetime, tzinfo
from typing import Any, TypedDict, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from plans.model import Level, Plan
from publishing.sql import statement
from warehouse.quality.finding_states import finding_states


class TargetRow(TypedDict):
    """A row of mart.target_indicator; percent figures run from 0 to 100."""

    target_code: str
    area_code: str
    area_name: str
    area_level: Level
    period_code: str
    window_start: date
    window_end: date
    numerator: float | None
    denominator: float | None
    value: float | None
    unit: str
    target_value: float
    achievement_pct: float | None
    expected_value: float
    status: str
    value_min: float | None
    value_max: float | None
    verdict: str
    completeness_pct: float | None
    is_final: bool


class ReportRow(TypedDict):
    """A row of mart.reporting_status; times in the plan's zone."""

    body_code: str
    body_name: str | None
    form_code: str
    period_code: str
    due_at: datetime | None
    received_at: datetime | None
    status: str
    revision: int | None
    submission_id: int | None


class SubmissionRow(TypedDict):
    """A submission, with the ones before and after it for the same report; times in the plan's zone."""

    submission_id: int
    body_code: str
    body_name: str | None
    form_code: str | None
    period_code: str | None
    name_vi: str | None
    name_en: str | None
    file_name: str
    sheet_name: str
    sha256: str | None
    column_map: dict[str, str]
    roles: list[dict[str, str]]
    stated_units: list[dict[str, str]]
    status: str
    received_at: datetime
    replaces: int | None
    replaced_by: int | None
    is_open_rejection: bool


class FindingRow(TypedDict):
    """A finding with its state (open, explained, finding_accepted or gone)."""

    submission_id: int
    finding_no: int
    severity: str
    code: str
    sheet_name: str
    cell: str | None
    column_key: str | None
    message_vi: str
    message_en: str
    body_code: str
    form_code: str | None
    period_code: str | None
    since: datetime
    state: str
    why: str | None
    by: str | None
    until: str | None
    reply: str | None
    replied_at: datetime | None
    seen_in: list[str]


class FrozenRow(TypedDict):
    """A frozen figure of the site's area, of the latest edition, beside today's."""

    snapshot_code: str
    closed_at: datetime
    edition: int
    target_code: str
    frozen_numerator: float | None
    frozen_denominator: float | None
    frozen_value: float | None
    current_numerator: float | None
    current_denominator: float | None
    current_value: float | None
    moved_by: list[int]


class EventRow(TypedDict):
    """An event of the audit chain; `occurred` as it is shown."""

    event_id: int
    kind: str
    subject: str
    hash: str
    occurred: str


def target_rows(connection: Connection, plan: Plan) -> list[TargetRow]:
    """Read the target table in the plan's order: the province, then other areas by name, by period."""
    order = {target.code: number for number, target in enumerate(plan.targets)}
    rows = [cast(TargetRow, row) for row in _rows(connection, "target_rows", plan=plan.code)]
    known = [row for row in rows if row["target_code"] in order]
    return sorted(known, key=lambda row: order[row["target_code"]])


def report_rows(connection: Connection, plan: Plan, zone: ZoneInfo) -> list[ReportRow]:
    """Read the state of every report: provincial bodies first, then districts by name."""
    rows = _rows(connection, "report_rows", plan=plan.code)
    return [cast(ReportRow, _in_zone(row, zone, "due_at", "received_at")) for row in rows]


def submission_rows(connection: Connection, plan: Plan, zone: ZoneInfo) -> list[SubmissionRow]:
    """Read every submission of the plan by number."""
    rows = _rows(connection, "submission_rows", plan=plan.code)
    return [cast(SubmissionRow, _in_zone(row, zone, "received_at")) for row in rows]


def findings_by_submission(
    connection: Connection, plan: Plan, today: date, zone: ZoneInfo
) -> dict[int, list[FindingRow]]:
    """Read all findings of the plan with their states, by submission."""
    found: dict[int, list[FindingRow]] = {}
    for row in finding_states(connection, plan, today):
        found.setdefault(row["submission_id"], []).append(
            cast(FindingRow, _in_zone(row, zone, "since", "replied_at"))
        )
    return found


def frozen_rows(connection: Connection, plan: Plan, zone: ZoneInfo, area: str) -> list[FrozenRow]:
    """Read the frozen figures of an area, by the end of the closed period."""
    rows = _rows(connection, "frozen_and_current", plan=plan.code, area=area)
    return [cast(FrozenRow, _in_zone(row, zone, "closed_at")) for row in rows]


def event_rows(connection: Connection, zone: tzinfo | None) -> list[EventRow]:
    """Read the events of the audit chain up to the head that the pages show, the latest first."""
    rows = _rows(connection, "chain_events")
    return [
        cast(EventRow, {**r, "occurred": f"{r['occurred_at'].astimezone(zone):%d/%m/%Y %H:%M}"}) for r in rows
    ]


def _rows(connection: Connection, name: str, **parameters: str) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(statement(name), parameters).mappings()]


def _in_zone(row: dict[str, Any], zone: ZoneInfo, *columns: str) -> dict[str, Any]:
    return row | {name: row[name].astimezone(zone) for name in columns if row[name] is not None}
