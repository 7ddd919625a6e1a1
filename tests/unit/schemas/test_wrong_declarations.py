"""Declarations that contradict themselves are rejected in one sentence with file and line."""

import shutil
from pathlib import Path

import pytest

from plans.errors import ChitieuError
from plans.reading import fault_in_file, read_plan
from schemas.form_set import read_form_set
from schemas.target_checks import check_plan
from tests.support.paths import ROOT

STARTER = ROOT / "schemas" / "sets" / "starter"
FORM, LISTS, PLAN = "set/forms/courses.yaml", "set/lists.yaml", "plan.yaml"
RULE = '    expression: "women <= participants"\n'
TOPIC = "dimensions: [district, course_topic]\n"
NUMERATOR = 'numerator: "sum(courses.courses_held)"'


def read_programme(folder: Path) -> None:
    """Read the form set and the plan as the commands do."""
    forms = read_form_set(folder / "set").by_key
    plan = read_plan(folder / PLAN)
    try:
        check_plan(plan, forms)
    except ValueError as error:
        raise fault_in_file(folder / PLAN, error) from error


def fault_of(folder: Path, file: str, old: str, new: str) -> str:
    """Read a copy of the starter programme in which the words of one file were replaced."""
    shutil.copytree(STARTER, folder / "set")
    shutil.copy(ROOT / "plans" / "starter.yaml", folder / PLAN)
    text = (folder / file).read_text("utf-8")
    assert old in text, old
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ChitieuError) as raised:
        read_programme(folder)
    message = str(raised.value)
    assert str(folder) in message
    assert "line " in message
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (RULE, '    expression: "women + participants"\n', "and no condition"),
        (RULE, "    expression: \"women <= 'many'\"\n", "compares a number with a text"),
        (
            RULE,
            "    expression: \"course_topic <= 'LAW'\"\n",
            "only == and != compare a code of course_topic",
        ),
        (RULE, "    expression: \"course_topic == 'NOPE'\"\n", "course_topic has no code 'NOPE'"),
        (
            RULE,
            '    expression: "women + course_topic <= 3"\n',
            "course_topic is a code of course_topic, and cannot be calculated",
        ),
        (RULE, f'{RULE}    condition: "women"\n', "women is a number, and no condition"),
        (RULE, f"{RULE}    replaces_check: NOPE\n", "replaces the unknown check NOPE"),
        ("key: women\n", "key: women\n    renamed_from: participants\n", "which is a column of the form"),
        (
            "key: women\n",
            "key: women\n    introduced_on: 2021-05-01\n    retired_on: 2021-01-01\n",
            "before it is introduced",
        ),
        ('label_vi: "Trong đó: nữ"', 'label_vi: "(4)"', "reads as the number of a column"),
        ("code: 02-TH", "code: 01-TH", "the form code 01-TH is given twice"),
        (TOPIC, f"{TOPIC}across: [district]\n", "district cannot be spread over columns"),
        (TOPIC, f"{TOPIC}across: [commune]\n", "but is no dimension of the form"),
        (TOPIC, f"{TOPIC}across: [course_topic, course_topic]\n", "course_topic is given twice"),
        (TOPIC, f"{TOPIC}across: [course_topic]\n", "columns of across are grouped by their codes"),
        (TOPIC, "dimensions: [course_topic]\nacross: [course_topic]\n", "needs one that names its rows"),
    ],
)
def test_a_wrong_form(tmp_path: Path, old: str, new: str, words: str) -> None:
    file = "set/forms/readiness.yaml" if "02-TH" in old else FORM
    assert words in fault_of(tmp_path, file, old, new)


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (
            FORM,
            'label_vi: "Số lớp"',
            'label_vi: "STT"',
            "the label STT, which is that of ordinals",
        ),
        (FORM, '"Số lớp đã tổ chức"', '"Ghi chú:"', "which is that of notes"),
        (LISTS, '"Nội dung tập huấn"', '"Đơn vị tính"', "course_topic has the label Đơn vị tính"),
        (LISTS, '"Nội dung khác"', '"Tổng cộng"', "OTHER of course_topic has the label Tổng cộng"),
        (
            LISTS,
            'aliases: ["Khác"]',
            "reported_by: [provnce]",
            "OTHER of course_topic is reported by the level provnce; province is probably meant",
        ),
    ],
)
def test_a_label_that_means_something_else(tmp_path: Path, file: str, old: str, new: str, words: str) -> None:
    assert words in fault_of(tmp_path, file, old, new)


def test_a_wrong_list(tmp_path: Path) -> None:
    assert "has no codes" in fault_of(tmp_path / "a", LISTS, "code_lists:\n", "code_lists:\n  empty: {}\n")
    unit = 'course: {label_vi: "lớp", max_value: 10000'
    assert "allows no figure" in fault_of(tmp_path / "b", LISTS, unit, unit.replace("10000", "0"))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('numerator: "count(readiness.has_plan)"', 'numerator: "count(readiness.nope)"', "is no measure"),
        ("form: 01-TH, bodies: [SNV]", "form: 02-TH, bodies: [SNV]", "no body reports the form 01-TH"),
        (NUMERATOR, 'numerator: "sum(courses.courses_held, bodies=[commune])"', "reports the form 01-TH"),
        ("[province, district]\n  - code: B", "[commune]\n  - code: B", "no figures of the level commune"),
        ("form: 01-TH, bodies: [SNV]", "form: 01-TH, bodies: [commune]", "its rows are by district"),
        ("code: SNV", "code: district", "has the code of a level"),
        ("Thành phố Long Khánh", "Thành phố Biên Hòa", "731 and 732 of 75 have the same name"),
        ("calendar: {", "calendar: {periods: [M, M, Q, H, Y], ", "a kind of period twice"),
        ("format: 2\n", "format: &a [*a]\n", "an alias (*) lies inside what it names"),
    ],
)
def test_a_wrong_plan(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert words in fault_of(tmp_path, PLAN, old, new)


@pytest.mark.parametrize("text", ["", "- a\n", "a: &a [*a]\n"])
def test_a_file_that_is_no_plan(tmp_path: Path, text: str) -> None:
    (tmp_path / PLAN).write_text(text, "utf-8")
    with pytest.raises(ChitieuError, match=r"line 1\)"):
        read_plan(tmp_path / PLAN)
