"""What `sample.yaml` of a form set declares: read, checked and drawn; and events on dates."""

from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any

import pytest

from plans.model import Plan
from plans.plan_years import plan_periods
from plans.reading import DEFAULT_PLAN, read_plan
from sampledata.drive import make_drive
from sampledata.event_model import draw_figures
from schemas.figure_expressions import parse_figure
from schemas.form_set import FormSet, FormSetError, read_texts

STARTER = files("schemas.sets").joinpath("starter")
STARTER_PLAN = read_plan(DEFAULT_PLAN.with_name("starter.yaml"))
FILES = ("set.yaml", "lists.yaml", "forms/courses.yaml", "forms/readiness.yaml")
MODEL = """\
codes:
  course_topic: {by_level: {province: [LAW, SKILLS]}}
forms:
  courses:
    figures:
      courses_held: "former(courses_held, 0) + 1"
      size: "whole(10, 20)"
      participants: "courses_held * size"
      women: "min(participants, 7) if course_topic == 'LAW' else 0"
    slip: {participants: 1}
    breaks:
      COURSE-01: {women: "participants + 1"}
"""


def _texts(**more: str) -> dict[str, str]:
    texts = {name: STARTER.joinpath(name).read_text("utf-8") for name in FILES}
    return texts | {name.replace("__", "."): text for name, text in more.items()}


def _starter(sample: str) -> FormSet:
    return read_texts(_texts(sample__yaml=sample), "own")


def _plan() -> Plan:
    return Plan.model_validate(STARTER_PLAN.model_dump(mode="json") | {"targets": []})


def test_figures_are_drawn_as_the_form_set_declares(tmp_path: Path) -> None:
    form_set = _starter(MODEL)
    assert "sample.yaml" not in form_set.files
    plan = _plan()
    months = [period.code for period in plan_periods(plan) if period.kind == "M"]
    truth = make_drive(tmp_path, plan, seed=1, fault_share=0, form_set=form_set)
    reports = [entry for entry in truth if entry["form"] == "01-TH" and "revision" not in entry]
    assert reports
    for entry in reports:
        assert {row["course_topic"] for row in entry["rows"]} == {"LAW", "SKILLS"}
        slips = 0
        for row in entry["rows"]:
            assert list(row) == ["district", "course_topic", "courses_held", "participants", "women"]
            assert row["courses_held"] == months.index(entry["period"]) + 1
            assert row["women"] == (7 if row["course_topic"] == "LAW" else 0)
            slips += not 10 <= row["participants"] / row["courses_held"] <= 20
        assert slips <= 1


def test_a_declared_fault_breaks_its_rule(tmp_path: Path) -> None:
    truth = make_drive(tmp_path, _plan(), seed=1, fault_share=1, form_set=_starter(MODEL))
    assert "COURSE-01" in {entry["code"] for entry in truth}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  courses:\n", "  lessons:\n", "line 4: the form lessons is not declared"),
        ("course_topic: {by", "topic: {by", "line 2: the key column topic has no code list"),
        ("[LAW, SKILLS]", "[LAW, MUSIC]", "MUSIC is not in the code list of course_topic"),
        ("slip: {participants", "slip: {people", "the form courses has no measure people"),
        ("COURSE-01", "COURSE-09", "the form courses has no rule COURSE-09"),
        ("courses_held * size", "courses_held * price", "the expression of participants uses price"),
        ("former(courses_held", "former(lessons", "the expression of courses_held uses lessons"),
        ('      women: "min', '      men: "min', "men is no measure of the form courses and is not used"),
        ("whole(10, 20)", "whole(10)", "whole needs 2 arguments"),
        ("whole(10, 20)", "open('x')", "an expression may not use"),
        ("slip:", "slips:", "slips"),
    ],
)
def test_a_fault_of_the_file_is_named_with_its_line(old: str, new: str, message: str) -> None:
    assert old in MODEL
    with pytest.raises(FormSetError, match=r"own/sample\.yaml, line \d+: ") as caught:
        assert _starter(MODEL.replace(old, new, 1)).sample
    assert message in str(caught.value)


def test_a_measure_without_a_declared_figure_is_drawn_from_the_rules(tmp_path: Path) -> None:
    form_set = _starter(
        MODEL.replace("      women: \"min(participants, 7) if course_topic == 'LAW' else 0\"\n", "")
    )
    truth = make_drive(tmp_path, _plan(), seed=1, fault_share=0, form_set=form_set)
    rows = [row for entry in truth if entry["form"] == "01-TH" for row in entry["rows"]]
    assert rows
    assert all(row["women"] <= row["participants"] for row in rows)


def test_reports_are_read_whatever_the_sample_file_declares() -> None:
    form_set = _starter(MODEL.replace("  courses:\n", "  lessons:\n", 1))
    assert [form.code for form in form_set.forms]
    with pytest.raises(FormSetError, match="the form lessons is not declared"):
        assert form_set.sample


@pytest.mark.parametrize("expression", ["x.y", "lambda: 0", "[1]", "f(x)", "last.x.y", "1 <", "code(1 + 1)"])
def test_other_expressions_are_not_in_the_language(expression: str) -> None:
    with pytest.raises(ValueError, match=r"expression|argument"):
        parse_figure(expression)


def test_what_is_not_needed_is_not_drawn() -> None:
    form = _starter(MODEL).forms[0]
    steps: Mapping[str, object] = {"a": "whole(0, 9) if first else last.a", "b": "first or chance(0.5)"}
    rng = Random(1)
    state = rng.getstate()
    drawn = draw_figures(steps, form, rng, {"first": False}, {"a": 5})
    assert drawn["a"] == 5
    assert rng.getstate() != state  # `b` was drawn
    rng.setstate(state)
    assert draw_figures({"b": steps["b"]}, form, rng, {"first": True}, {})["b"] is True
    assert rng.getstate() == state


EVENTS = """\
code: 03-TH
key: visits
title: "KIỂM TRA LỚP HỌC"
dimensions: [district, visited_on, course_topic]
measures:
  - {key: visitors, label_vi: "Số người kiểm tra", unit: person, type: flow}
  - {key: remarks, label_vi: "Số ý kiến", unit: course, type: flow}
rules:
  - id: VIS-01
    severity: error
    condition: "course_topic == 'LAW'"
    expression: "visitors > 30"
    column: visitors
    label_vi: "Pháp luật"
    label_en: "Law"
"""


@pytest.mark.parametrize("expected", ["", "expected_rows: {level: district}\n"])
@pytest.mark.parametrize("frequency", ["M", "A"])
def test_a_form_with_dates_reports_events_of_its_period(
    frequency: str, expected: str, tmp_path: Path
) -> None:
    texts = _texts()
    texts["lists.yaml"] += '  visited_on: {label_vi: "Ngày kiểm tra"}\n'
    form_set = read_texts(texts | {"forms/visits.yaml": EVENTS + expected}, "own")
    declared: dict[str, Any] = STARTER_PLAN.model_dump(mode="json")
    obligations = [{"form": "03-TH", "bodies": ["SNV"], "frequency": frequency}]
    plan = Plan.model_validate(declared | {"targets": [], "obligations": obligations})
    truth = [
        entry
        for seed in range(3)
        for entry in make_drive(tmp_path / str(seed), plan, seed=seed, fault_share=0, form_set=form_set)
    ]
    windows = {period.code: (period.window_start, period.window_end) for period in plan_periods(plan)}
    assert len(truth) > 3
    laws = 0
    for entry in truth:
        assert entry["rows"]
        keys = [(row["district"], row["visited_on"], row["course_topic"]) for row in entry["rows"]]
        assert len(set(keys)) == len(keys)
        if expected:
            assert {row["district"] for row in entry["rows"]} == {"731", "732"}
        for row in entry["rows"]:
            day = date.fromisoformat(row["visited_on"])
            if frequency == "M":
                first, last = windows[entry["period"]]
                assert first <= day <= last
            else:
                assert entry["period"] == f"2021-A-{day:%m%d}"
            laws += row["course_topic"] == "LAW"
            assert row["course_topic"] != "LAW" or row["visitors"] > 30
    assert laws
