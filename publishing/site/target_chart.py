"""The chart of a target on a time axis, as shapes that a template draws as SVG in the page's own colours."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from math import floor, log10

from plans.model import Plan
from plans.plan_years import year_of_day
from plans.reporting_calendar import year_window
from publishing.i18n import Language, format_number, labels
from publishing.site.page_queries import FrozenRow, TargetRow

_ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True, slots=True)
class Line:
    """A path with the class that styles it."""

    css: str
    path: str


@dataclass(frozen=True, slots=True)
class Text:
    """A label at a point; `anchor` start, middle or end."""

    css: str
    x: float
    y: float
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with the class that styles it."""

    css: str
    x: float
    y: float
    width: float
    height: float


@dataclass
class Drawing:
    """Shapes of a chart in drawing order: boxes, lines, dots, texts."""

    width: int
    height: int
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    dots: list[tuple[str, float, float]] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Maps days and figures to positions within the margins of a drawing."""

    start: date
    end: date
    top_value: float
    left: float
    right: float
    top: float
    bottom: float

    def x(self, day: date) -> float:
        share = (day - self.start).days / (self.end - self.start).days
        return self.left + (self.right - self.left) * min(max(share, 0), 1)

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * min(max(value / self.top_value, 0), 1)


def draw_chart(
    months: Sequence[TargetRow],
    frozen: Sequence[tuple[date, FrozenRow]],
    plan: Plan,
    language: Language,
    size: tuple[int, int],
) -> Drawing:
    """Draw monthly rows in order of time; `frozen` are closed figures with the end of their period.

    The expected pace is an area, the year's target a labelled line, bounds are a band per month, months
    without a figure stay empty.
    """
    width, height = size
    is_narrow = width < 500
    values = [float(row["value"]) for row in months if row["value"] is not None]
    limit = months[-1]["target_value"]
    highs = [float(row["value_max"]) for row in months if row["value_max"] is not None]
    top_value = _nice(max([limit * 1.1, *values, *(high for high in highs if high <= 2 * limit)]))
    start, end = year_window(year_of_day(plan, months[-1]["window_end"]), plan.calendar)
    scale = _Scale(start, end, top_value, 44 if is_narrow else 56, width - 12, 28, height - 48)
    drawing = Drawing(width, height)
    _add_axes(drawing, scale, months, language, is_narrow)
    _add_pace(drawing, scale, months)
    _add_bounds(drawing, scale, months)
    _add_limit(drawing, scale, limit, language)
    _add_closings(drawing, scale, frozen, language)
    _add_figures(drawing, scale, months, language)
    return drawing


def _nice(value: float) -> float:
    """Round up to 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 or 10 times a power of ten."""
    if value <= 0:
        return 1.0
    power = float(10 ** floor(log10(value)))
    return next(
        (step * power for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8) if step * power >= value), 10 * power
    )


def _add_axes(
    drawing: Drawing, scale: _Scale, months: Sequence[TargetRow], language: Language, is_narrow: bool
) -> None:
    steps = 4
    for step in range(steps + 1):
        value = scale.top_value * step / steps
        y = scale.y(value)
        drawing.lines.append(Line("ch-grid", f"M{scale.left:.1f} {y:.1f}H{scale.right:.1f}"))
        figure = format_number(value, 1, language)
        drawing.texts.append(Text("soft tn", scale.left - 8, y + 4, "end", figure))
    for number, row in enumerate(months, 1):
        x = scale.x(row["window_end"])
        drawing.lines.append(Line("ch-axis", f"M{x:.1f} {scale.bottom:.1f}v5"))
        if not is_narrow or number % 3 == 0:
            day = f"{row['window_end']:%d/%m}"
            anchor = "end" if number == len(months) else "middle"
            drawing.texts.append(Text("soft tn", x, scale.bottom + 20, anchor, day))
    for quarter, roman in enumerate(_ROMAN):
        if len(months) == 12:
            x = scale.left + (scale.right - scale.left) * (quarter + 0.5) / 4
            label = f"Quý {roman}" if language == "vi" else f"Q{quarter + 1}"
            drawing.texts.append(Text("", x, scale.bottom + 40, "middle", label))


def _add_pace(drawing: Drawing, scale: _Scale, months: Sequence[TargetRow]) -> None:
    points = [(scale.x(row["window_end"]), scale.y(row["expected_value"])) for row in months]
    first = scale.bottom if months[0]["expected_value"] < months[-1]["expected_value"] else points[0][1]
    line = f"M{scale.left:.1f} {first:.1f}" + "".join(f"L{x:.1f} {y:.1f}" for x, y in points)
    area = f"{line}V{scale.bottom:.1f}H{scale.left:.1f}Z"
    drawing.lines.insert(0, Line("ch-pace", area))
    drawing.lines.append(Line("ch-paceline", line))


def _add_bounds(drawing: Drawing, scale: _Scale, months: Sequence[TargetRow]) -> None:
    left = scale.left
    for row in months:
        right = scale.x(row["window_end"])
        low, high = row["value_min"], row["value_max"]
        if low is not None and low != high:
            top = scale.y(scale.top_value if high is None else float(high))
            height = scale.y(float(low)) - top
            drawing.boxes.append(Box("ch-band", left + 2, top, max(right - left - 2, 1), max(height, 1)))
        left = right


def _add_limit(drawing: Drawing, scale: _Scale, limit: float, language: Language) -> None:
    y = scale.y(limit)
    drawing.lines.append(Line("ch-limit", f"M{scale.left:.1f} {y:.1f}H{scale.right:.1f}"))
    text = f"{labels(language)['to_reach']} {format_number(limit, 1, language)}"
    drawing.texts.append(Text("b ch-halo", scale.left + 6, y - 6, "start", text))


def _add_closings(
    drawing: Drawing, scale: _Scale, frozen: Sequence[tuple[date, FrozenRow]], language: Language
) -> None:
    for day, row in frozen:
        x = scale.x(day)
        drawing.lines.append(Line("ch-close", f"M{x:.1f} {scale.top - 8:.1f}V{scale.bottom:.1f}"))
        label = f"{labels(language)['chart_closed']} {row['snapshot_code'][5:]}"
        drawing.texts.append(Text("soft", min(x, scale.right - 40), scale.top - 12, "middle", label))
        if row["frozen_value"] is not None:
            y = scale.y(float(row["frozen_value"]))
            drawing.lines.append(Line("ch-frozen", f"M{x:.1f} {y - 6:.1f}l6 6l-6 6l-6 -6z"))


def _add_figures(drawing: Drawing, scale: _Scale, months: Sequence[TargetRow], language: Language) -> None:
    """Draw the figures as one line per run of months with figures, and label the last one."""
    path, is_drawing = "", False
    last: tuple[float, float, float] | None = None
    for row in months:
        x = scale.x(row["window_end"])
        if row["value"] is None:
            is_drawing = False
            continue
        y = scale.y(float(row["value"]))
        path += f"{'L' if is_drawing else 'M'}{x:.1f} {y:.1f}"
        drawing.dots.append(("ch-dot" if row["is_final"] else "ch-dot--kept", x, y))
        is_drawing, last = True, (x, y, float(row["value"]))
    first = next((row for row in months if row["value"] is not None), None)
    if first is not None and first is not months[0]:
        gap = labels(language)["chart_gap"]
        drawing.texts.append(Text("soft ch-halo", scale.left + 8, scale.bottom - 12, "start", gap))
    drawing.lines.append(Line("ch-line", path))
    if last:
        x, y, value = last
        is_right = x > scale.right - 60
        anchor, shift = ("end", -10) if is_right else ("start", 10)
        drawing.texts.append(
            Text("val tn ch-halo", x + shift, y - 10, anchor, format_number(value, 1, language))
        )
