"""Files, columns, rules and sample figures of a form set that would be wrong in silence are rejected."""

from pathlib import Path

import pytest

from plans.reporting_calendar import scheduled_periods
from sampledata.event_model import SampleError
from sampledata.figures import intended_rows
from schemas.form_set import FormSet, FormSetError, read_form_set, read_texts, shipped_form_set
from services.form_sets import new_form_set
from tests.support.small_plans import plan_of

COURSES = "forms/courses.yaml"
SAMPLE = """forms:
  courses:
    figures:
      courses_held: "whole(0, 5)"
      participants: "courses_held * 20"
      women: "some(participants, 0.5)"
    breaks:
      COURSE-01: {women: "participants + 1"}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    new_form_set(tmp_path / "set")
    return tmp_path / "set"


def fault(folder: Path) -> str:
    with pytest.raises(FormSetError) as caught:
        read_form_set(folder).sample  # noqa: B018
    assert "\n" not in str(caught.value)
    return str(caught.value)


def replaced(folder: Path, old: str, new: str, file: str = COURSES) -> str:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    return fault(folder)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (COURSES, "forms/courses.yml", "the files of a form set end in .yaml: rename it to courses.yaml"),
        (COURSES, "forms/Courses.YAML", "the files of a form set end in .yaml: rename it to courses.yaml"),
        (COURSES, "forms/lessons.yaml", "line 4: the form courses must be in a file courses.yaml"),
        ("lists.yaml", "lists.yml", "rename it to lists.yaml"),
        ("set.yaml", "about.yaml", "There is no file"),
    ],
)
def test_a_file_of_another_name_is_named(old: str, new: str, words: str, folder: Path) -> None:
    (folder / old).rename(folder / new)
    assert words in fault(folder)


def test_files_that_are_no_declarations_are_left_alone(folder: Path) -> None:
    for name in ("forms/._courses.yaml", "forms/courses.yaml~", "forms/README.md", "plan.yml"):
        (folder / name).write_bytes(b"\x00\x05\x16\x07")
    assert len(read_form_set(folder).forms) == 2


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('label_vi: "Trong đó: nữ"', 'label_vi: "Tổng số."', "women reads like that of participants"),
        ('label_vi: "Trong đó: nữ"', 'label_vi: "Tổng số (nữ)"', "women reads like that of participants"),
        ('label_vi: "Số lớp"', 'label_vi: "3"', "which reads as the number of a column"),
        ("key: courses_held", "key: left", "left is a reserved word"),
        ("severity: error", 'severity: error\n    condition: "women < 0"', "applies to no row"),
        (
            "expected_rows: {level: district}",
            "expected_rows: {level: district, finding: X}",
            "expected_rows.finding:",
        ),
    ],
)
def test_a_declaration_that_no_sheet_can_keep_is_named(old: str, new: str, words: str, folder: Path) -> None:
    message = replaced(folder, old, new)
    assert words in message
    assert ", line " in message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('expression: "women <= participants"', 'expression: "women != 7"'),
        ("severity: error", 'severity: error\n    condition: "participants == 37"'),
        ('label_vi: "Trong đó: nữ"', 'label_vi: "(nữ)"'),
        ("key: courses_held", "key: class"),
    ],
)
def test_a_declaration_that_sheets_can_keep_is_accepted(old: str, new: str, folder: Path) -> None:
    text = (folder / COURSES).read_text("utf-8")
    assert old in text
    (folder / COURSES).write_text(text.replace(old, new, 1), "utf-8")
    assert len(read_form_set(folder).forms) == 2


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("whole(0, 5)", "code(topics)", "code(topics) names no column with a code list"),
        ("whole(0, 5)", "code(participants)", "code(participants) names no column with a code list"),
        ("whole(0, 5)", "'LAW'", "courses_held holds no texts, such as 'LAW'"),
        ("whole(0, 5)", "whole(5, 0)", "whole(5, 0) has its first number above the second"),
        ("whole(0, 5)", "whole(0.5, 2)", "whole(0.5, 2) needs whole numbers"),
        ("whole(0, 5)", "1 / 0", "1 / 0 divides by 0"),
        ("whole(0, 5)", "'a' * 1000000000", "calculates with a text"),
        ("whole(0, 5)", "9" * 30, "is above 1000000000000000"),
        (
            "whole(0, 5)",
            "1 if course_topic == 'LAWS' else 2",
            "'LAWS' is not in the code list of course_topic",
        ),
        ("0.5", "5", "some(participants, 5) needs a probability from 0 to 1"),
        ("{women:", "{woman:", "woman is no column of the form courses and is not used"),
    ],
)
def test_a_sample_expression_that_cannot_be_drawn_is_named(
    old: str, new: str, words: str, folder: Path
) -> None:
    (folder / "sample.yaml").write_text(SAMPLE, "utf-8")
    assert read_form_set(folder).sample.forms
    message = replaced(folder, old, new, "sample.yaml")
    assert words in message
    assert "sample.yaml, line " in message


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("1000000000 * 1000000000 * whole(1, 2)", "a number is above"),
        ("5 // whole(0, 0)", "by zero"),
        ("some(100000000 * whole(1, 1), 0.5)", "more than 1000000 things"),
        ("course_topic * 5", "calculates with a text"),
    ],
)
def test_what_cannot_be_computed_for_a_row_is_one_sentence(
    expression: str, words: str, tmp_path: Path
) -> None:
    texts = dict(shipped_form_set("starter").files)
    form_set: FormSet = read_texts(texts | {"sample.yaml": SAMPLE.replace("whole(0, 5)", expression)}, "set")
    plan = plan_of(tmp_path)
    body = plan.bodies_by_code["UBND-731"]
    periods = scheduled_periods(plan.year, plan.calendar)[:1]
    form = form_set.by_key["courses"]
    with pytest.raises(SampleError) as caught:
        intended_rows(plan, body, form, periods, 1, form_set.sample)
    assert words in str(caught.value)
    assert "of courses_held in the form 01-TH" in str(caught.value)
