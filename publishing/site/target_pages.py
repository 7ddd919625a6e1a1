"""A page per target: definition, history, what is still needed, areas, frozen figures, source cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from plans.model import Plan, Target
from plans.reporting_calendar import period_from_code
from plans.target_expressions import Term, all_terms, target_terms
from publishing.i18n import LANGUAGES, Pair, format_number, labels, unit_labels
from publishing.level_words import by_level, level_label
from publishing.site.area_maps import draw_map
from publishing.site.cell_pages import CRUMBS, write_cells
from publishing.site.page_queries import FrozenRow, TargetRow
from publishing.site.page_writer import Pages
from publishing.site.site_data import SiteData, period_names
from publishing.site.small_multiples import small_multiples
from publishing.site.target_chart import draw_chart
from publishing.site.target_figures import (
    Bar,
    bar_of,
    gap_unit,
    is_reached,
    need_of,
    reaches_expected,
)
from publishing.site.term_words import term_line
from warehouse.integrity.events import latest_editions

# The class and size of each chart: the style shows one, by the width of the screen; paper has the middle one.
_CHARTS = (("chart--wide", (1000, 400)), ("chart--mid", (700, 360)), ("chart--narrow", (380, 380)))
_MOST_BARS = 40  # areas of a level that are shown with bars; more are a table


@dataclass(frozen=True, slots=True)
class AreaLine:
    """A district or commune in a ranking; `step` is its colour on the map (0: no data).

    `within` is the area above it, empty where that is the area of the plan.
    """

    row: TargetRow
    bar: Bar | None
    is_reached: bool
    step: int
    within: str


def write_targets(connection: Connection, pages: Pages, data: SiteData) -> None:
    """Write the pages of all targets and of the source cells of the province's figures."""
    kept = {s["submission_id"] for s in data.submissions if s["sha256"]}
    shown = {data.shown.code} if data.shown else set()
    closed = latest_editions(connection, data.plan.code)
    traced = sorted({*closed, *shown}) if pages.audience.is_whole else []
    for target in data.plan.targets:
        rows = data.targets_by_code.get(target.code, ())
        whole = {row["period_code"]: row for row in rows if row["area_code"] == data.area}
        codes = [code for code in traced if code in whole]
        titles = (f"{target.code}. {target.label_vi}", f"{target.code}. {target.label_en or target.label_vi}")
        few = _level_of_few(data, rows)
        values = _values(data, target, rows, codes, few)
        pages.write(f"target-{target.code}.html", "target.html", titles, values, CRUMBS)
        for code in codes:
            districts = [r for r in rows if r["period_code"] == code and r["area_level"] == few]
            write_cells(connection, pages, data, target, whole[code], districts, kept)


def _values(
    data: SiteData, target: Target, rows: Sequence[TargetRow], codes: Sequence[str], few: str
) -> dict[str, object]:
    plan = data.plan
    current = data.current(target)
    row = next((r for r in current if r["area_code"] == data.area), None)
    frozen = [f for f in data.frozen if f["target_code"] == target.code]
    districts = _ranking(plan, current, target, few)
    areas: dict[str, list[TargetRow]] = {}
    for one in rows:
        if one["area_level"] in (few, plan.areas_by_code[data.area].level):
            areas.setdefault(one["area_name"], []).append(one)
    return {
        **_stated(data, target),
        "row": row,
        "period": period_names(data.shown) if data.shown else None,
        "period_end": data.shown.window_end if data.shown else None,
        "bar": bar_of(row) if row else None,
        "need": need_of(row, target, data.shown, plan) if row and data.shown else None,
        "is_reached": bool(row and is_reached(row, target)),
        "charts": _charts(data, target, frozen),
        "districts": districts,
        "multiples": small_multiples(data, target, [line.row for line in districts]),
        "map": draw_map(plan, [(line.row["area_code"], line.row["area_name"]) for line in districts]),
        "lines": {line.row["area_code"]: line for line in districts},
        "districts_title": by_level(plan, few) if few else None,
        "tables": [
            (by_level(plan, level), level_label(plan, level), lines)
            for level in _lower_levels(data)
            if level != few and (lines := _ranking(plan, current, target, level))
        ],
        "frozen": frozen,
        "areas": list(areas.items()),
        "traced": codes,
        "shown_code": data.shown.code if data.shown else None,
    }


def _stated(data: SiteData, target: Target) -> dict[str, object]:
    """Return what the plan states about a target: formula, pace, assessments, records and forms."""
    plan = data.plan
    numerator, denominator = target_terms(target)
    is_sloped = target.steps and target.pace == "linear"
    return {
        "target": target,
        "unit": unit_labels(target.unit, data.forms),
        "gap_unit": gap_unit(target.unit, data.forms),
        "numerator": [term_line(plan, data.forms, term) for term in numerator],
        "denominator": [term_line(plan, data.forms, term) for term in denominator],
        "sources": _sources(data, all_terms(target, plan.targets_by_code)),
        "pace": "due" if target.due else "steps" if is_sloped else target.pace,
        "assessments": [
            (one.day, one.status, plan.areas_by_code[one.area or plan.area].name, one.reason)
            for one in target.assessments
        ],
        "records": _records(data, [*numerator, *denominator]),
    }


def _lower_levels(data: SiteData) -> list[str]:
    """Return the levels below that of the plan's own area, the highest first."""
    keys = [*data.plan.levels_by_key]
    return keys[keys.index(data.plan.areas_by_code[data.area].level) + 1 :]


def _level_of_few(data: SiteData, rows: Sequence[TargetRow]) -> str:
    """Return the highest lower level with so few areas that each gets a bar; empty where there is none."""
    for level in _lower_levels(data):
        areas = {row["area_code"] for row in rows if row["area_level"] == level}
        if 0 < len(areas) <= _MOST_BARS:
            return level
    return ""


def _ranking(plan: Plan, current: Sequence[TargetRow], target: Target, level: str) -> list[AreaLine]:
    """Return the areas of a level by figure, highest first, those without a figure last."""
    rows = [row for row in current if row["area_level"] == level]
    lines = []
    for row in rows:
        within = _within(plan, row["area_code"])
        lines.append(AreaLine(row, bar_of(row), is_reached(row, target), _step(row, target), within))
    return sorted(lines, key=lambda line: (line.row["value"] is None, -float(line.row["value"] or 0)))


def _within(plan: Plan, code: str) -> str:
    """Return the name of the area that an area lies in; empty for the area of the plan."""
    parent = plan.areas_by_code[code].parent
    return plan.areas_by_code[parent].name if parent and parent != plan.area else ""


def _step(row: TargetRow, target: Target) -> int:
    """Return the map colour: 4 year's target, 3 expected level, 2 at least 85 % of it, 1 below, 0 no data."""
    if row["value"] is None:
        return 0
    if is_reached(row, target):
        return 4
    if reaches_expected(row, target):
        return 3
    return 2 if target.at_least is not None and row["value"] >= 0.85 * row["expected_value"] else 1


def _sources(data: SiteData, terms: Sequence[Term]) -> list[tuple[str, Pair, list[str]]]:
    """Return the forms that a target uses, with their titles and how often they are sent."""
    used = dict.fromkeys(
        data.forms.by_key[term.form].code for term in terms if term.form in data.forms.by_key
    )
    frequencies = {
        code: list(dict.fromkeys(o.frequency for o in data.plan.obligations if o.form == code))
        for code in used
    }
    return [(code, data.form_title(code), [str(f) for f in frequencies[code]]) for code in used]


def _records(data: SiteData, terms: Sequence[Term]) -> list[tuple[date, str, str]]:
    """Return the records of the plan that a target counts: day, area and reference."""
    records = [record for term in terms for record in data.plan.records.get(term.name, ())]
    return sorted((r.day, data.plan.areas_by_code[r.area].name, r.reference) for r in records)


def _charts(data: SiteData, target: Target, frozen: Sequence[FrozenRow]) -> list[tuple[str, Pair, object]]:
    """Return (class, description, drawings by language) of the chart in each size."""
    months = data.months(target, data.area)
    known = [row for row in months if row["value"] is not None]
    if not known:
        return []
    closings = [(period_from_code(f["snapshot_code"], data.plan.calendar).window_end, f) for f in frozen]
    charts: list[tuple[str, Pair, object]] = []
    descriptions = (_description(data, target, known[-1], 0), _description(data, target, known[-1], 1))
    for css, size in _CHARTS:
        drawings = tuple(draw_chart(months, closings, data.plan, language, size) for language in LANGUAGES)
        charts.append((css, descriptions, drawings))
    return charts


def _description(data: SiteData, target: Target, last: TargetRow, index: int) -> str:
    """Describe a chart in words: last figure, year's target and status."""
    language = LANGUAGES[index]
    words, unit = labels(language), unit_labels(target.unit, data.forms)[index]
    suffix = unit if unit == "%" else f" {unit}"
    value = format_number(last["value"] or 0, 1, language)
    limit = format_number(last["target_value"], 1, language)
    figure = f"{value}{suffix} ({last['window_end']:%d/%m/%Y})"
    parts = words["chart_desc"].split("%s")
    return f"{parts[0]}{figure}{parts[1]}{limit}{suffix}{parts[2]}{words[last['status']]}{parts[3]}"
