"""Form sets as files: the shipped one, and each kind of wrong declaration as one sentence with its line."""

import re
import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from schemas.form_set import FormSetError, read_form_set, read_texts, shipped_form_set
from schemas.json_schema import MODELS, json_schema
from tests.support.processor_time import reference_seconds

SETS = files("schemas.sets")
SHIPPED = [entry.name for entry in SETS.iterdir() if entry.joinpath("set.yaml").is_file()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped set to spoil."""
    shutil.copytree(str(SETS.joinpath("pcmd")), tmp_path / "set")
    return tmp_path / "set"


def spoil(path: Path, old: str, new: str) -> int:
    """Replace the first occurrence of a text; returns the line of the replacement."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize("code", SHIPPED)
def test_the_shipped_sets_are_consistent(code: str) -> None:
    form_set = shipped_form_set(code)
    assert form_set.code == code
    assert len(form_set.by_code) == len(form_set.by_key) == len(form_set.forms) > 0


def test_reading_a_set_is_fast() -> None:
    assert reference_seconds(lambda: read_form_set(SETS.joinpath("pcmd")), 0.5) < 0.5


@pytest.mark.parametrize("name", MODELS)
def test_the_json_schemas_are_those_of_the_models(name: str) -> None:
    kept = SETS.joinpath("json_schema", f"{name}.json").read_text(encoding="utf-8")
    assert kept == json_schema(name), "write schemas/sets/json_schema again"


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "trials",
            "key: trials",
            "key: Trials",
            "key: 'Trials' is not written as it must be: at most 40 characters (small letters, digits, _), a letter first",
        ),
        ("trials", "title:", "titel:", "titel: there is no such key here"),
        ("trials", "code: 04-PCMD", "", "code: this key is missing"),
        ("trials", "code: 04-PCMD", 'code: "--"', "the form code '--' has neither letters nor digits"),
        (
            "trials",
            "dimensions: [district]",
            "dimensions: [village]",
            "the dimension village is not declared",
        ),
        (
            "trials",
            "dimensions: [district]",
            "dimensions: [district, district]",
            "dimension district is given twice",
        ),
        (
            "trials",
            "dimensions: [district]",
            "dimensions: [district, commune]",
            "the form has two area columns",
        ),
        ("trials", "- key: accepted", "- key: opening", "the column opening is given twice"),
        ("trials", "- key: accepted", "- key: order", "order is a reserved word and cannot name a column"),
        ("trials", "- key: accepted", "- key: area_key", "area_key is a reserved word"),
        ("trials", "unit: case", "unit: cases", "names the unit cases, which is not declared"),
        ("trials", "type: flow", "type: flows", "measures.1.type: it must be 'flow'"),
        ("trials", 'label_vi: "Số vụ thụ lý mới"', 'label_vi: "Số vụ đã xét xử"', "also fits"),
        (
            "trials",
            "severity: error",
            "severity: fatal",
            "severity: it must be 'error' or 'warning', not 'fatal'",
        ),
        ("trials", "column: closing", "column: closed", "points to the unknown column closed"),
        ("trials", "closing == opening", "closing == opened", "the column opened is unknown"),
        ("trials", "closing == opening", "closing == previous.opening", "needs the scope previous_period"),
        ("trials", "closing == opening", "closing == max(opening)", "an expression may not use"),
        ("trials", "closing == opening", "closing == == opening", "is no expression"),
        ("commune_status", "code_list: classification", "code_list: grades", "the code list grades"),
        ("enforcement", "fines_amount > 0", "fines_amount >= 0", "rule ENF-04 never fails"),
        ("enforcement", "fines_amount > 0", "fines_amount < 0", "rule ENF-04 always fails"),
        (
            "enforcement",
            "amount_of: sanctioned_total",
            "amount_of: cases_detected",
            "measure fines_amount is an amount of cases_detected, which counts no persons here",
        ),
        ("enforcement", "- id: ENF-02", "- id: ENF-01", "the rule id ENF-01 is given twice"),
        ("enforcement", "- id: ENF-02", "- id: enf 2", "a hyphen and a number, such as TRI-01"),
        (
            "lists",
            "code_list: team_level",
            "code_list: team",
            "names the code list team, which is not declared",
        ),
        ("lists", "level: district", "level: 1region", "level: '1region' is not written as it must be"),
        ("lists", '"Nhà hàng"', '"Quán karaoke"', "also fits"),
        ("lists", "  commune:\n", "  select:\n", "select is a reserved word"),
        ("lists", "max_value: 10000}", "max_value: -1}", "it must be at least 0, not -1"),
        ("lists", "units:", "units: [", "line"),
        ("set", "version:", "versions:", "versions: there is no such key here"),
    ],
)
def test_a_wrong_declaration_is_one_sentence_with_file_and_line(
    folder: Path, file: str, old: str, new: str, message: str
) -> None:
    path = folder / (f"{file}.yaml" if file in ("lists", "set") else f"forms/{file}.yaml")
    spoil(path, old, new)
    with pytest.raises(FormSetError) as caught:
        read_form_set(folder)
    sentence = str(caught.value)
    assert message in sentence
    assert re.search(rf"{re.escape(path.name)}, line \d+: ", sentence)
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_the_line_is_that_of_the_fault(folder: Path) -> None:
    line = spoil(folder / "forms" / "trials.yaml", "unit: case", "unit: cases")
    with pytest.raises(FormSetError, match=f"line {line}: measure opening names the unit"):
        read_form_set(folder)


def test_a_key_given_twice_is_rejected(folder: Path) -> None:
    spoil(folder / "forms" / "trials.yaml", "title:", "code: 05-PCMD\ntitle:")
    with pytest.raises(FormSetError, match="line 4: the key 'code' is given twice"):
        read_form_set(folder)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("code: 04-PCMD", "code: 01-PCMD", "the form code 01-PCMD is given twice"),
        ("code: 04-PCMD", "code: 1 pcmd", "the form codes 01-PCMD and 1 pcmd cannot be distinguished"),
        ("key: trials", "key: enforcement", "the form key enforcement is given twice"),
        ("- id: TRI-01", "- id: ENF-01", "the rule id ENF-01 is given twice"),
    ],
)
def test_codes_are_unique_across_the_forms(folder: Path, old: str, new: str, message: str) -> None:
    spoil(folder / "forms" / "trials.yaml", old, new)
    with pytest.raises(FormSetError, match=message):
        read_form_set(folder)


def test_a_set_that_is_not_shipped() -> None:
    with pytest.raises(FormSetError, match="There is no shipped form set 'abc'"):
        shipped_form_set("abc")


def test_english_labels_are_declared_or_made_from_keys() -> None:
    forms = shipped_form_set("pcmd")
    assert forms.by_code["01-PCMD"].columns["cases_detected"].label_en == "Cases detected"
    assert forms.units["million_vnd"].label_en == "million vnd"
    texts = {
        name: text.replace('label_vi: "đồng"', 'label_vi: "đồng", label_en: "dong"')
        for name, text in forms.files.items()
    }
    assert read_texts(texts, "pcmd").units["vnd"].label_en == "dong"
