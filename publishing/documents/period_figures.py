"""What is said of a closed period: its frozen figures, and what the reports in force at its close add up to.

Nothing here looks at what is known now. Submissions are told apart by their numbers and events by theirs, for
clocks may be set and numbers only grow.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from plans.model import LEVELS, Level, Plan
from plans.reporting_calendar import Period, year_window
from schemas.declaration import Form, Measure, MeasureType
from schemas.forms import FORMS
from warehouse.history.snapshots import closed, last_submission_before_close

Row = dict[str, Any]
Reports = dict[str, tuple[int, int]]  # how many are in and how many were owed, by body
_CLOSE = """
SELECT event_id, encode(hash, 'hex') FROM audit.event
WHERE kind = 'close' AND subject = :period AND payload ->> 'plan' = :plan
"""
_SNAPSHOT = """
SELECT * FROM mart.target_snapshot WHERE plan_code = :plan AND snapshot_code = :period
ORDER BY array_position(CAST(:targets AS text[]), target_code), target_code,
    array_position(CAST(:levels AS text[]), area_level), array_position(CAST(:areas AS text[]), area_code),
    area_code
"""
_DUTIES = """
WITH sent AS (
    SELECT body_code, form_code, period_code, bool_or(status = 'rejected') AS refused,
        (array_agg(received_at ORDER BY revision) FILTER (WHERE revision IS NOT NULL))[1] AS received_at
    FROM audit.submission
    WHERE plan_code = :plan AND submission_id <= :last AND form_code IS NOT NULL AND period_code IS NOT NULL
    GROUP BY 1, 2, 3
)
SELECT b.body_code, b.body_name, fo.form_code, p.name_vi AS period_name,
    p.window_start >= :start AS is_inside,
    CASE WHEN s.received_at <= o.due_at THEN 'on_time' WHEN s.received_at IS NOT NULL THEN 'late'
        WHEN EXISTS (SELECT FROM audit.event w WHERE w.kind = 'waive' AND w.event_id < :event
            AND w.subject = concat_ws(' ', b.body_code, fo.form_code, p.period_code)
            AND w.payload ->> 'plan' = :plan) THEN 'waived'
        WHEN s.refused THEN 'rejected' WHEN o.due_at < :closed_at THEN 'missing' ELSE 'not_due' END AS status
FROM dw.reporting_obligation o JOIN dw.dim_plan pl USING (plan_key) JOIN dw.dim_body b USING (body_key)
JOIN dw.dim_form fo USING (form_key) JOIN dw.dim_period p USING (period_key)
LEFT JOIN sent s USING (body_code, form_code, period_code)
WHERE pl.plan_code = :plan AND NOT o.is_optional AND p.window_start >= :year_start AND p.window_end <= :end
    AND (p.window_start >= :start OR p.window_end < :start)
ORDER BY fo.form_code, p.window_end
"""
# Of each report of the window the revision in force at the close. `place` is the area of the level by which
# figures are added up.
_FACTS = """
WITH latest AS (
    SELECT DISTINCT ON (s.body_code, s.period_code) s.submission_id, s.body_code, p.window_end
    FROM audit.submission s JOIN dw.dim_period p USING (period_code)
    WHERE s.plan_code = :plan AND s.form_code = :form AND s.revision IS NOT NULL
        AND s.submission_id <= :last AND p.window_start >= :start AND p.window_end <= :end
    ORDER BY s.body_code, s.period_code, s.revision DESC
)
SELECT l.body_code, l.window_end, b.body_name, a.area_code, {columns},
    coalesce(d.area_code, a.area_code) AS place, coalesce(d.area_name, a.area_name) AS place_name,
    NOT EXISTS (SELECT FROM dw.reporting_obligation o JOIN dw.dim_plan pl USING (plan_key)
        JOIN dw.dim_form fo USING (form_key) WHERE pl.plan_code = :plan AND o.body_key = f.body_key
        AND fo.form_code = :form AND NOT o.is_optional) AS of_own_accord
FROM latest l JOIN dw.fact_{form} f USING (submission_id) JOIN dw.dim_body b ON b.body_key = f.body_key
JOIN dw.dim_area a ON a.area_key = f.area_key
LEFT JOIN dw.dim_area d ON d.province_code = a.province_code AND d.area_level = :level
    AND d.area_code = ANY(a.ancestors) AND d.valid_from <= l.window_end AND d.valid_to > l.window_end
ORDER BY f.fact_id
"""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A closed period: when it closed, in the plan's zone; the last submission before, the chain's head then.

    `figures` are rows of mart.target_snapshot; `duties` the reports owed in the plan year up to its end, with
    their status at the close, `is_inside` where they are of this period and not of one before.
    """

    period: Period
    closed_at: datetime
    last_submission: int
    head: str
    figures: tuple[Row, ...]
    duties: tuple[Row, ...]


def frozen(connection: Connection, plan: Plan, period: Period, now: datetime) -> Frozen:
    """What is on record of a closed period. Raises ValueError where it is still open."""
    zone = ZoneInfo(plan.calendar.timezone)
    closed_at = closed(connection, plan, period.code)
    last = last_submission_before_close(connection, plan, period.code)
    if closed_at is None or last is None:
        why = "chitieu close freezes its figures"
        if period.window_end >= now.astimezone(zone).date():
            why = f"its window runs until {period.window_end}"
        raise ValueError(f"{period.code} is not closed: {why}.")
    event, head = connection.execute(text(_CLOSE), {"plan": plan.code, "period": period.code}).one()
    asked = {"plan": plan.code, "last": last, "event": event, "closed_at": closed_at}
    asked |= {"start": period.window_start, "end": period.window_end}
    asked["year_start"] = year_window(plan.year, plan.calendar)[0]
    duties = tuple(dict(row) for row in connection.execute(text(_DUTIES), asked).mappings())
    figures = tuple(_snapshot(connection, plan, period))
    return Frozen(period, closed_at.astimezone(zone), last, head, figures, duties)


def _snapshot(connection: Connection, plan: Plan, period: Period) -> list[Row]:
    """The frozen rows: targets and areas in the plan's order, those that it has no more at the end."""
    asked = {
        **{"plan": plan.code, "period": period.code, "targets": [target.code for target in plan.targets]},
        **{"levels": list(LEVELS), "areas": [area.code for area in plan.areas]},
    }
    rows = connection.execute(text(_SNAPSHOT), asked).mappings()
    return [{key: plain(value) for key, value in row.items()} for row in rows]


def plain(value: object) -> object:
    """A number of the database as a spreadsheet has it; anything else as it is."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


@dataclass(frozen=True, slots=True)
class Line:
    """A place or a body: its figures by measure (None: nothing reported), and how many reports are in."""

    label: str
    values: dict[str, Any]
    received: int
    expected: int


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that may be added up; `total` has None where addition is not right, `adds` where it is.

    The total of a score is its mean over all rows.
    """

    title: str
    lines: tuple[Line, ...]
    total: dict[str, Any]
    adds: frozenset[str]


@dataclass(frozen=True, slots=True)
class FormFigures:
    """A form over a period; `total` adds up the flows of the blocks where each tells of what is its own."""

    form: Form
    blocks: tuple[Block, ...]
    total: dict[str, Any] | None


def shown_measures(form: Form) -> list[Measure]:
    """The measures that there is something to say of for several rows: all but codes."""
    return [measure for measure in form.measures if measure.code_list is None]


def form_figures(connection: Connection, plan: Plan, known: Frozen) -> Iterator[FormFigures]:
    """For each form of the plan what the reports of the period add up to, by district and by provincial body.

    Over time a flow adds up, of a stock the last report counts and of an opening the first. Bodies that tell
    of the same places stand in blocks of their own, for their figures are of the same things.
    """
    asked = {obligation.form for obligation in plan.obligations}
    for form in (form for form in FORMS if form.code in asked):
        rows = _facts(connection, plan, form, known)
        blocks = tuple(_blocks(plan, form, rows, _reports(form, known, rows)))
        flows = [m.key for m in form.measures if m.kind is MeasureType.FLOW]
        adds_up = len(blocks) > 1 and not form.area_dimension
        total = {key: _sum(block.total[key] for block in blocks) for key in flows} if adds_up else None
        yield FormFigures(form, blocks, total)


def _facts(connection: Connection, plan: Plan, form: Form, known: Frozen) -> list[Row]:
    """The rows of a form's reports of the window that were in force at the close, first and last marked.

    Where bodies report of their own accord beside those who owe it, a place is counted once for a period:
    what the owing body says goes first, as for the targets.
    """
    columns = ", ".join(f"f.{key}" for key in form.columns if form.columns[key] is not form.area_dimension)
    asked = {
        **{"plan": plan.code, "form": form.code, "last": known.last_submission, "level": _level(plan)},
        **{"start": known.period.window_start, "end": known.period.window_end},
    }
    found = connection.execute(text(_FACTS.format(form=form.key, columns=columns)), asked).mappings()
    rows, series = [dict(row) for row in found], "body_code"
    if any(o.optional for o in plan.obligations if o.form == form.code):
        series = "area_code"
        owed = {(row["area_code"], row["window_end"]) for row in rows if not row["of_own_accord"]}
        rows = [r for r in rows if not r["of_own_accord"] or (r["area_code"], r["window_end"]) not in owed]
    ends: dict[str, set[date]] = defaultdict(set)
    for row in rows:
        ends[row[series]].add(row["window_end"])
    for row in rows:
        row["is_first"] = row["window_end"] == min(ends[row[series]])
        row["is_last"] = row["window_end"] == max(ends[row[series]])
    return rows


def _reports(form: Form, known: Frozen, rows: list[Row]) -> Reports:
    """How many reports are in and how many were owed, by body; who owes nothing counts where nobody does."""
    received = Counter(body for body, _ in {(row["body_code"], row["window_end"]) for row in rows})
    expected = Counter(
        duty["body_code"]
        for duty in known.duties
        if duty["is_inside"] and duty["form_code"] == form.code and duty["status"] != "waived"
    )
    return {body: (received[body], expected[body]) for body in expected or received}


def _blocks(plan: Plan, form: Form, rows: list[Row], reports: Reports) -> Iterator[Block]:
    """What local bodies tell of their places, then each other body; at last what concerns no place."""
    local = {body.code for body in plan.local_bodies}
    names = {b.code: b.name for b in plan.all_bodies} | {r["body_code"]: r["body_name"] for r in rows}
    there = {*reports, *(row["body_code"] for row in rows)}
    others = [body for body in names if body in there - local]
    tellers = [("Theo báo cáo của địa phương", there & local)] if there & local else []
    if form.area_dimension:
        tellers += [(f"Theo báo cáo của {names[body]}", {body}) for body in others]
    added = [m for m in form.measures if m.kind is not MeasureType.SCORE]
    for title, bodies in tellers:
        for part, told in _parts(form, [row for row in rows if row["body_code"] in bodies]):
            lines = [
                _line(form, name, [row for row in told if row["place"] == place], reports, near)
                for place, name, near in _places(plan, told, bodies)
            ]
            yield _block(form, title + part, lines, told, added)
    if others and not form.area_dimension:
        lines = [
            _line(form, names[body] + part, told, reports, {body})
            for body in others
            for part, told in _parts(form, [row for row in rows if row["body_code"] == body])
        ]
        told = [row for row in rows if row["body_code"] in others]
        yield _block(form, "Cơ quan cấp tỉnh", lines, told, [m for m in added if m.kind is MeasureType.FLOW])


def _places(plan: Plan, rows: list[Row], bodies: set[str]) -> Iterator[tuple[str, str, set[str]]]:
    """The plan's places, and after them those that only the rows know: code, name, who tells of it."""
    names = {area.code: area.name for area in plan.areas if area.level == _level(plan)}
    names |= {row["place"]: row["place_name"] for row in rows if row["place"] not in names}
    own = {body.code: body.area for body in plan.all_bodies}
    reach = {body: plan.ancestors(own.get(body, plan.area)) for body in bodies}
    for place, name in names.items():
        yield place, name, {b for b in bodies if place in reach[b] or len(reach[b]) == 1}


def _level(plan: Plan) -> Level:
    """The level by which figures are added up: districts, or communes where there are no districts."""
    return "district" if any(area.level == "district" for area in plan.areas) else "commune"


def _parts(form: Form, rows: list[Row]) -> list[tuple[str, list[Row]]]:
    """The rows by what is told anew for each code, with its label; all of them where nothing is."""
    split = next((d for d in form.dimensions if d.is_repeated_count), None)
    codes = split.code_list.codes if split and split.code_list else ()
    parts = [(f" – {c.label_vi}", [row for row in rows if split and row[split.key] == c.code]) for c in codes]
    return [(label, part) for label, part in parts if part] or [("", rows)]


def _line(form: Form, label: str, rows: list[Row], reports: Reports, bodies: set[str]) -> Line:
    received, expected = (sum(reports.get(body, (0, 0))[i] for body in bodies) for i in (0, 1))
    return Line(label, {m.key: _value(m, rows) for m in shown_measures(form)}, received, expected)


def _block(form: Form, title: str, lines: list[Line], rows: list[Row], adds: list[Measure]) -> Block:
    right = [measure for measure in form.measures if measure in adds or measure.kind is MeasureType.SCORE]
    total = {m.key: _value(m, rows) if m in right else None for m in shown_measures(form)}
    return Block(title, tuple(lines), total, frozenset(m.key for m in adds))


def _value(measure: Measure, rows: list[Row]) -> Any:
    """What rows say together: flows of all, stocks and flags of the last reports, openings of the first."""
    if measure.kind is not MeasureType.FLOW:
        rows = [
            row for row in rows if row["is_first" if measure.kind is MeasureType.OPENING_STOCK else "is_last"]
        ]
    told = [row[measure.key] for row in rows]
    if measure.kind is MeasureType.SCORE and told:
        return float(sum(told)) / len(told)
    return _sum(told)


def _sum(figures: Iterable[Any]) -> Any:
    """The sum of those that are there; None where none is: nothing reported is not nought."""
    there = [figure for figure in figures if figure is not None]
    return plain(sum(there)) if there else None
