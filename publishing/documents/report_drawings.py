"""The chart and the map of the report, drawn as tables: every program shows them, and their text is text."""

from collections.abc import Sequence
from typing import Any

from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.shared import Mm

from plans.model import Plan
from publishing.documents.docx_parts import CENTRE, LEFT, shade, write_text
from publishing.documents.period_figures import FrozenFigure
from publishing.documents.report_prose import figure_with_unit
from publishing.i18n import labels
from schemas.form_set import FormSet

_LABELS = labels("vi")
_STEPS = 20  # cells of a bar
_COLOURS = {
    "met": "A9D18E",
    "on_track": "C5E0B3",
    "behind": "FFE699",
    "missed": "F4B183",
    "no_data": "D9D9D9",
}
_BAR, _PACE = "5B9BD5", "DEEAF6"


def add_chart(document: Any, figures: Sequence[FrozenFigure], form_set: FormSet) -> None:
    """Add a bar per target: the share of the year's target that is reached, on the share that is expected."""
    rows = [row for row in figures if row["achievement_pct"] is not None]
    table = document.add_table(rows=len(rows), cols=_STEPS + 2)
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    widths = [12.0, *[5.0] * _STEPS, 48.0]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for line, row in zip(table.rows, rows, strict=True):
        line.height, line.height_rule = Mm(6), WD_ROW_HEIGHT_RULE.EXACTLY
        reached = min(_STEPS, round((row["achievement_pct"] or 0) * _STEPS / 100))
        target = row["target_value"] or 0
        expected = min(_STEPS, round((row["expected_value"] or 0) * _STEPS / target)) if target else 0
        for number, (cell, width) in enumerate(zip(line.cells, widths, strict=True)):
            cell.width = Mm(width)
            if 0 < number <= max(reached, expected):
                shade(cell, _BAR if number <= reached else _PACE)
        write_text(line.cells[0].paragraphs[0], row["target_code"], 10, bold=True, align=LEFT)
        share = f"{figure_with_unit(row['achievement_pct'], 'percent', form_set)} ({_LABELS[row['status']]})"
        write_text(line.cells[-1].paragraphs[0], share, 9, align=LEFT)


def _tiles(plan: Plan) -> dict[str, tuple[int, int]]:
    tiles = plan.map.tiles if plan.map else {}
    return {code: place for code, place in tiles.items() if code in plan.areas_by_code}


def has_map(plan: Plan, figures: Sequence[FrozenFigure]) -> bool:
    """Whether a target's figures cover every district of the tile map, and some have a value."""
    positions = _tiles(plan)
    on_map = [row for row in figures if row["area_code"] in positions]
    return len(on_map) == len(positions) and any(row["value"] for row in on_map)


def why_no_map(plan: Plan) -> str:
    """State why a report has no map; empty where the plan has none."""
    if plan.map is None:
        return ""
    if not _tiles(plan):
        return "Bản đồ theo ranh giới có trên các trang công bố; văn bản này chỉ vẽ được bản đồ ô."
    return "Không vẽ bản đồ: không có chỉ tiêu nào có số liệu theo đúng các địa bàn trên bản đồ của Kế hoạch."


def add_map(document: Any, plan: Plan, figures: Sequence[FrozenFigure], form_set: FormSet) -> None:
    """Add the tile map of a target over the districts."""
    positions = _tiles(plan)
    of_area = {row["area_code"]: row for row in figures if row["area_code"] in positions}
    width = 1 + max(column for column, _ in positions.values())
    height = 1 + max(row for _, row in positions.values())
    table = document.add_table(rows=height, cols=width)
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for column in table.columns:
        column.width = Mm(31)
    for line in table.rows:
        line.height = Mm(14)
        for cell in line.cells:
            cell.width = Mm(31)
    for area, (column, row) in positions.items():
        figure, cell = of_area[area], table.rows[row].cells[column]
        shade(cell, _COLOURS.get(figure["status"], _COLOURS["no_data"]))
        write_text(cell.paragraphs[0], figure["area_name"], 9, bold=True, align=CENTRE)
        value = figure_with_unit(figure["value"], figure["unit"], form_set) or "–"
        write_text(cell.add_paragraph(), value, 10, align=CENTRE)
