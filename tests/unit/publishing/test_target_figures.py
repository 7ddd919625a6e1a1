"""Figures prepared for the pages: bars, sparklines, what is still needed, verdicts, the chart, labels."""

import re
from importlib.resources import files
from itertools import pairwise
from typing import Any, cast

import pytest

from plans.model import Target
from plans.reading import DEFAULT_PLAN, read_plan
from plans.reporting_calendar import scheduled_periods
from publishing.i18n import LANGUAGES, area_in_sentence, labels
from publishing.site.page_queries import TargetRow
from publishing.site.target_chart import draw_chart
from publishing.site.target_figures import bar_of, need_of, outcome, spark_of
from transforms.text.sentences import in_sentence

PLAN = read_plan(DEFAULT_PLAN)
MONTHS = [p for p in scheduled_periods(PLAN.year, PLAN.calendar) if p.kind == "M"]
TARGETS = {target.code: target for target in PLAN.targets}


def row(month: int, value: float | None, target: Target = TARGETS["T1"], **changes: object) -> TargetRow:
    period = MONTHS[month - 1]
    values: dict[str, Any] = {
        "target_code": target.code,
        "period_code": period.code,
        "window_start": period.window_start,
        "window_end": period.window_end,
        "numerator": value,
        "denominator": None,
        "value": value,
        "target_value": target.threshold,
        "expected_value": target.threshold * month / 12,
        "value_min": value,
        "value_max": value,
        "verdict": "undecided",
        "status": "on_track",
        "is_final": True,
    }
    return cast(TargetRow, values | changes)


def test_a_bar_ends_at_130_percent_of_the_target() -> None:
    bar = bar_of(row(6, 30))
    assert bar is not None
    assert bar.value == pytest.approx(100 / 1.3)
    assert bar.pace == pytest.approx(50 / 1.3)
    assert (bar.low, bar.high) == (None, None)  # nothing is missing: no bracket
    far = bar_of(row(6, 300, value_min=10, value_max=None))
    assert far is not None
    assert far.value == 100
    assert far.low == pytest.approx(100 / 3 / 1.3)
    assert bar_of(row(6, None)) is None


def test_a_month_without_a_figure_interrupts_the_line() -> None:
    spark = spark_of([row(1, 2), row(2, 5), row(3, None), row(4, 9), row(5, 12)])
    assert spark is not None
    assert len(spark.lines) == 2
    assert spark_of([row(1, None)]) is None


def test_what_is_still_needed() -> None:
    june = need_of(row(6, 22), TARGETS["T1"], MONTHS[5], PLAN)
    assert june is not None
    assert (june.missing, june.months_left, june.units) == (8, 6, None)
    assert june.per_month == pytest.approx(8 / 6)
    share = row(6, 74.1, TARGETS["T6"], numerator=126, denominator=170)
    communes = need_of(share, TARGETS["T6"], MONTHS[5], PLAN)
    assert communes is not None
    assert communes.units == 10  # 136 of 170
    december = need_of(row(12, 22), TARGETS["T1"], MONTHS[11], PLAN)
    assert december is not None
    assert december.per_month is None
    assert need_of(row(6, 31), TARGETS["T1"], MONTHS[5], PLAN) is None


def test_only_final_verdicts_are_final() -> None:
    count, share = TARGETS["T1"], TARGETS["T6"]
    assert outcome(row(6, 31, verdict="met"), count, PLAN) == "met"  # a sum only grows
    assert outcome(row(6, 90, share, verdict="met"), share, PLAN) == "open"  # a share can fall again
    assert outcome(row(12, 90, share, verdict="met"), share, PLAN) == "met"
    assert outcome(row(6, 3, verdict="not_met"), count, PLAN) == "open"
    assert outcome(row(12, 3, verdict="not_met"), count, PLAN) == "missed"
    assert outcome(row(12, 3, verdict="undecided"), count, PLAN) == "open"


def test_the_chart_has_a_time_axis_a_labelled_threshold_and_gaps() -> None:
    values = [None, 4, 8, None, 15, 17, 19, 20, 24, 26, 28, 32]
    months = [row(number, value) for number, value in enumerate(values, 1)]
    drawing = draw_chart(months, [], PLAN, "vi", (1000, 400))
    line = next(line.path for line in drawing.lines if line.css == "ch-line")
    assert line.count("M") == 2
    assert len(drawing.dots) == 10
    texts = [text.text for text in drawing.texts]
    assert "Chỉ tiêu năm 30" in texts
    assert "chưa có số liệu" in texts
    assert texts.count("32") == 1
    days = [x for _, x, _ in drawing.dots]
    gaps = [later - earlier for earlier, later in pairwise(days)]
    assert gaps[1] > 1.9 * gaps[0]  # months without a figure keep their place
    assert all(0 <= text.x <= 1000 and 0 <= text.y <= 400 for text in drawing.texts)


def test_kinds_of_areas_are_lower_case_inside_a_sentence() -> None:
    assert in_sentence("UBND Huyện Long Thành") == "UBND huyện Long Thành"
    assert in_sentence("UBND Thành phố Biên Hòa") == "UBND thành phố Biên Hòa"
    assert in_sentence("Tỉnh Đoàn") == "Tỉnh Đoàn"  # the name of a body
    assert area_in_sentence("Thành phố Biên Hòa") == "thành phố Biên Hòa"


def test_templates_use_known_labels_only() -> None:
    pages = files("publishing.site").joinpath("pages")
    used = {
        name
        for page in pages.iterdir()
        for name in re.findall(r"labels\.(\w+)", page.read_text(encoding="utf-8"))
    }
    for language in LANGUAGES:
        assert used <= set(labels(language))
        assert all(labels(language).values())
