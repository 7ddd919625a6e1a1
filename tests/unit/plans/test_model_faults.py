"""Faults of plan and form files are sentences that name what to write, without types of Python."""

import re
from pathlib import Path

import pytest

from plans.errors import PlanFaultError
from plans.reading import PlanError, read_plan
from schemas.form_set import FormSetError, read_form_set
from schemas.target_checks import check_plan
from tests.support.languages import FORMS, FRENCH

PLAN = (FRENCH / "plan.yaml").read_text("utf-8")
RAW = re.compile(r"Input should|String should|Extra inputs|Tuple should|Field required|instance of|<unicode")


@pytest.mark.parametrize(
    ("key", "yaml", "sentence"),
    [
        ("title", "075", 'it must be text, but YAML reads it as 61: put it in quotes, such as "075"'),
        ("title", "NO", "YAML reads NO, yes, on and the like without quotes as false"),
        ("title", "", "it must be text, not nothing"),
        ("title", "[a]", "it must be text, not a list"),
        ("year", "twenty", "it must be a whole number, not 'twenty'"),
        ("areas", "{}", "it must be a list, such as [a, b], not several keys"),
        ("targets", "[1]", "it must hold keys with values (key: value), not 1"),
    ],
)
def test_a_fault_of_a_plan(tmp_path: Path, key: str, yaml: str, sentence: str) -> None:
    file = tmp_path / "plan.yaml"
    lines = re.sub(rf"(?m)^{key}:.*\n(?:[ #-].*\n)*", "", PLAN)
    file.write_text(f"{lines}\n{key}: {yaml}\n", "utf-8")
    with pytest.raises(PlanError) as caught:
        read_plan(file)
    assert sentence in str(caught.value)
    assert RAW.search(str(caught.value)) is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: [1", "line 2, column 1: while parsing a flow sequence (begun in line 1), did not find"),
        ("a: 1\na: 2", "is no valid YAML: line 2, column 1: the key 'a' is given twice"),
        ("areas:\n\t- x", "is no valid YAML: line 2, column 1: "),
    ],
)
def test_a_text_that_is_no_yaml_is_shown_by_line(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(PlanError) as caught:
        read_plan(file)
    assert sentence in str(caught.value)
    assert RAW.search(str(caught.value)) is None


@pytest.mark.parametrize(
    ("file", "text", "sentence"),
    [
        (
            "lists.yaml",
            "units: {}\ndimensions: {}\ncode_lists: {s: {NO: {label_vi: x}}}",
            "without quotes as false",
        ),
        (
            "lists.yaml",
            "units: {}\ndimensions: {}\ncode_lists: {s: {15: {label_vi: x}}}",
            "YAML reads it as 15",
        ),
        (
            "forms/doses.yaml",
            "code: V-01\nkey: doses\ntitle: t\ndimensions: []",
            "dimensions: it must list 1 or more",
        ),
        ("forms/doses.yaml", "- code", "it must hold keys with values (key: value), not a list"),
    ],
)
def test_a_fault_of_a_form_set(tmp_path: Path, file: str, text: str, sentence: str) -> None:
    for source in (FRENCH / "set").rglob("*.yaml"):
        copy = tmp_path / "set" / source.relative_to(FRENCH / "set")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(source.read_text("utf-8"), "utf-8")
    (tmp_path / "set" / file).write_text(text, "utf-8")
    with pytest.raises(FormSetError) as caught:
        read_form_set(tmp_path / "set")
    assert sentence in str(caught.value)
    assert RAW.search(str(caught.value)) is None


def test_a_form_is_named_by_the_key_that_its_author_gave(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN.replace("sum(doses.given)", "sum(doses.given, nope=[A])"), "utf-8")
    with pytest.raises(PlanFaultError, match="form doses has no code list 'nope'"):
        check_plan(read_plan(file), FORMS.by_key)
