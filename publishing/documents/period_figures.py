"""Figures of a closed period: the frozen targets, and the totals of the reports in effect when it was closed.

Nothing here depends on later reports. Submissions and events are compared by number, not by time: clocks can
be set back, numbers only grow.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypedDict, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from plans.model import Level, Plan
from plans.reporting_calendar import Period, year_window
from publishing.sql import statement
from schemas.declaration import Form, Measure, MeasureType
from schemas.form_set import FormSet
from warehouse.form_catalog import form_set_of
from warehouse.history.snapshots import last_closing

FactRow = dict[str, Any]  # the columns depend on the form
ReportCounts = dict[str, tuple[int, int]]  # reports received and reports expected, by body


class FrozenFigure(TypedDict):
    """A row of mart.target_snapshot, as far as documents show it; numbers as int or float."""

    target_code: str
    area_code: str
    area_name: str
    area_level: Level
    numerator: float | None
    denominator: float | None
    value: float | None
    unit: str
    target_value: float | None
    expected_value: float | None
    achievement_pct: float | None
    status: str
    value_min: float | None
    value_max: float | None
    verdict: str
    completeness_pct: float | None
    is_final: bool


class Duty(TypedDict):
    """A report owed, with its status when the period was closed; `is_inside`: due for this period."""

    body_code: str
    body_name: str
    form_code: str
    period_name: str
    is_inside: bool
    status: str


@dataclass(frozen=True, slots=True)
class Frozen:
    """The latest edition of a closed period: its closing time in the plan's zone, last submission and event.

    `head` is the hash of that event.

    `duties` are the reports owed in the plan year up to the end of the period.
    """

    period: Period
    edition: int
    closed_at: datetime
    last_submission: int
    event: int
    head: str
    figures: tuple[FrozenFigure, ...]
    duties: tuple[Duty, ...]
    form_set: FormSet


def frozen(connection: Connection, plan: Plan, period: Period, now: datetime) -> Frozen:
    """Read the record of a closed period. Raises ValueError if it is still open."""
    zone = ZoneInfo(plan.calendar.timezone)
    closing = last_closing(connection, plan, period.code)
    if closing is None:
        why = "chitieu close freezes its figures"
        if period.window_end >= now.astimezone(zone).date():
            why = f"its window runs until {period.window_end}"
        raise ValueError(f"{period.code} is not closed: {why}.")
    duties = connection.execute(
        statement("obligations_at_close"),
        {
            "plan": plan.code,
            "last": closing.last_submission,
            "event": closing.event_id,
            "closed_at": closing.closed_at,
            "start": period.window_start,
            "end": period.window_end,
            "year_start": year_window(period.year, plan.calendar)[0],
        },
    ).mappings()
    return Frozen(
        period,
        closing.edition,
        closing.closed_at.astimezone(zone),
        closing.last_submission,
        closing.event_id,
        closing.head,
        tuple(_frozen_figures(connection, plan, period, closing.edition)),
        tuple(cast(Duty, dict(row)) for row in duties),
        form_set_of(connection, plan),
    )


def _frozen_figures(connection: Connection, plan: Plan, period: Period, edition: int) -> list[FrozenFigure]:
    """Read the frozen rows in the plan's order; targets and areas that it no longer has come last."""
    rows = connection.execute(
        statement("frozen_figures"),
        {
            "plan": plan.code,
            "period": period.code,
            "edition": edition,
            "targets": [target.code for target in plan.targets],
            "levels": [*plan.levels_by_key],
            "areas": [area.code for area in plan.areas],
        },
    ).mappings()
    return [cast(FrozenFigure, {key: plain(value) for key, value in row.items()}) for row in rows]


def plain(value: object) -> object:
    """Convert a Decimal to int or float, as spreadsheets store numbers; other values pass unchanged."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: an area or a body, its figures by measure (None: nothing reported), report counts."""

    label: str
    values: dict[str, Any]
    received: int
    expected: int


@dataclass(frozen=True, slots=True)
class Block:
    """Lines with a total. `adds` names the measures that may be added; the total of the others is None.

    The total of a score is its mean over all rows.
    """

    title: str
    lines: tuple[Line, ...]
    total: dict[str, Any]
    adds: frozenset[str]


@dataclass(frozen=True, slots=True)
class FormFigures:
    """The figures of a form; `total` adds the flows of all blocks if no two blocks cover the same events."""

    form: Form
    blocks: tuple[Block, ...]
    total: dict[str, Any] | None


def shown_measures(form: Form) -> list[Measure]:
    """Return the measures that can be summarised over several rows: all but codes."""
    return [measure for measure in form.measures if measure.code_list is None]


def form_figures(connection: Connection, plan: Plan, known: Frozen) -> Iterator[FormFigures]:
    """Add up the reports of the period for each form of the plan, by district and by provincial body.

    Over time flows are added, a stock takes the last report and an opening stock the first. Bodies that
    report on the same areas get blocks of their own, because their figures describe the same events.
    """
    owed_forms = {obligation.form for obligation in plan.obligations}
    for form in (form for form in form_set_of(connection, plan).forms if form.code in owed_forms):
        rows = _facts(connection, plan, form, known)
        blocks = tuple(_blocks(plan, form, rows, _report_counts(form, known, rows)))
        flows = [m.key for m in form.measures if m.kind is MeasureType.FLOW]
        adds_up = len(blocks) > 1 and not form.area_dimension
        total = {key: _sum(block.total[key] for block in blocks) for key in flows} if adds_up else None
        yield FormFigures(form, blocks, total)


def _facts(connection: Connection, plan: Plan, form: Form, known: Frozen) -> list[FactRow]:
    """Read the rows of a form within the window, from the revisions in effect when the period was closed.

    Where bodies that owe a form and bodies that report voluntarily cover the same area, the owed report
    counts, as it does for targets. `is_first` and `is_last` mark the first and last report of a series.
    """
    columns = ", ".join(f"f.{key}" for key in form.columns if form.columns[key] is not form.area_dimension)
    parameters = {
        "plan": plan.code,
        "form": form.code,
        "last": known.last_submission,
        "event": known.event,
        "level": _level(plan),
        "start": known.period.window_start,
        "end": known.period.window_end,
    }
    query = statement("facts_at_close", form_name=form.key, fact_columns=columns)
    rows = [dict(row) for row in connection.execute(query, parameters).mappings()]
    series = "body_code"
    if any(o.optional for o in plan.obligations if o.form == form.code):
        series = "area_code"
        rows = _without_covered(rows)
    ends: dict[str, set[date]] = defaultdict(set)
    for row in rows:
        ends[row[series]].add(row["window_end"])
    for row in rows:
        row["is_first"] = row["window_end"] == min(ends[row[series]])
        row["is_last"] = row["window_end"] == max(ends[row[series]])
    return rows


def _without_covered(rows: list[FactRow]) -> list[FactRow]:
    """Drop voluntary rows of areas that an owed report covers for the same window."""
    owed = {(row["area_code"], row["window_end"]) for row in rows if not row["is_voluntary"]}
    return [
        row for row in rows if not row["is_voluntary"] or (row["area_code"], row["window_end"]) not in owed
    ]


def _report_counts(form: Form, known: Frozen, rows: list[FactRow]) -> ReportCounts:
    """Count reports received and expected by body; voluntary bodies count only if no body owes the form."""
    received = Counter(body for body, _ in {(row["body_code"], row["window_end"]) for row in rows})
    expected = Counter(
        duty["body_code"]
        for duty in known.duties
        if duty["is_inside"] and duty["form_code"] == form.code and duty["status"] != "waived"
    )
    return {body: (received[body], expected[body]) for body in expected or received}


def _blocks(plan: Plan, form: Form, rows: list[FactRow], reports: ReportCounts) -> Iterator[Block]:
    """Yield a block for the local bodies, one for each other body, and one for figures without an area."""
    local = {body.code for body in plan.local_bodies}
    names = {b.code: b.name for b in plan.all_bodies} | {r["body_code"]: r["body_name"] for r in rows}
    present = {*reports, *(row["body_code"] for row in rows)}
    others = [body for body in names if body in present - local]
    groups = [("Theo báo cáo của địa phương", present & local)] if present & local else []
    if form.area_dimension:
        groups += [(f"Theo báo cáo của {names[body]}", {body}) for body in others]
    added = [m for m in form.measures if m.kind is not MeasureType.SCORE]
    for title, bodies in groups:
        for suffix, part in _parts(form, [row for row in rows if row["body_code"] in bodies]):
            lines = [
                _line(form, name, [row for row in part if row["place"] == place], reports, reporters)
                for place, name, reporters in _places(plan, part, bodies)
            ]
            yield _block(form, title + suffix, lines, part, added)
    if others and not form.area_dimension:
        lines = [
            _line(form, names[body] + suffix, part, reports, {body})
            for body in others
            for suffix, part in _parts(form, [row for row in rows if row["body_code"] == body])
        ]
        own = [row for row in rows if row["body_code"] in others]
        yield _block(form, "Cơ quan cấp tỉnh", lines, own, [m for m in added if m.kind is MeasureType.FLOW])


def _places(plan: Plan, rows: list[FactRow], bodies: set[str]) -> Iterator[tuple[str, str, set[str]]]:
    """Yield code, name and reporting bodies of each area: the plan's first, then those only in rows."""
    names = {area.code: area.name for area in plan.areas if area.level == _level(plan)}
    names |= {row["place"]: row["place_name"] for row in rows if row["place"] not in names}
    own = {body.code: body.area for body in plan.all_bodies}
    reach = {body: plan.ancestors(own.get(body, plan.area)) for body in bodies}
    for place, name in names.items():
        yield place, name, {b for b in bodies if place in reach[b] or len(reach[b]) == 1}


def _level(plan: Plan) -> Level:
    """Return the level by which figures are added up: the next one below the plan's own area."""
    own = plan.areas_by_code[plan.area].level
    present = {area.level for area in plan.areas}
    lower = [level for level in plan.levels_by_key if level in present and level != own]
    return lower[0] if lower else own


def _parts(form: Form, rows: list[FactRow]) -> list[tuple[str, list[FactRow]]]:
    """Split rows by the code for which the form repeats its counts, with the code's label."""
    split = next((d for d in form.dimensions if d.is_repeated_count), None)
    codes = split.code_list.codes if split and split.code_list else ()
    parts = [(f" – {c.label_vi}", [row for row in rows if split and row[split.key] == c.code]) for c in codes]
    return [(label, part) for label, part in parts if part] or [("", rows)]


def _line(form: Form, label: str, rows: list[FactRow], reports: ReportCounts, bodies: set[str]) -> Line:
    received, expected = (sum(reports.get(body, (0, 0))[i] for body in bodies) for i in (0, 1))
    return Line(label, {m.key: _value(m, rows) for m in shown_measures(form)}, received, expected)


def _block(form: Form, title: str, lines: list[Line], rows: list[FactRow], adds: list[Measure]) -> Block:
    right = [measure for measure in form.measures if measure in adds or measure.kind is MeasureType.SCORE]
    total = {m.key: _value(m, rows) if m in right else None for m in shown_measures(form)}
    return Block(title, tuple(lines), total, frozenset(m.key for m in adds))


def _value(measure: Measure, rows: list[FactRow]) -> Any:
    """Summarise rows: flows are added, stocks and flags take the last report, opening stocks the first."""
    if measure.kind is MeasureType.OPENING_STOCK:
        rows = [row for row in rows if row["is_first"]]
    elif measure.kind is not MeasureType.FLOW:
        rows = [row for row in rows if row["is_last"]]
    figures = [row[measure.key] for row in rows]
    if measure.kind is MeasureType.SCORE and figures:
        return float(sum(figures)) / len(figures)
    return _sum(figures)


def _sum(figures: Iterable[Any]) -> Any:
    """Add the figures that are present; None if there are none, because a missing report is not zero."""
    present = [figure for figure in figures if figure is not None]
    return plain(sum(present)) if present else None
