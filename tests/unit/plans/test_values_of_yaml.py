"""No value of a plan or form file is converted in silence, and codes in expressions are read as written."""

from pathlib import Path

import pytest

from plans.reading import PlanError, read_plan
from plans.target_expressions import parse
from plans.yaml_lines import YamlFaultError, read_yaml
from schemas.expressions import evaluate, names, to_sql
from schemas.form_files import FormFile, UnitFile
from tests.support.small_plans import PROVINCE, plan_file, target


def spoiled(folder: Path, old: str, new: str) -> str:
    path = plan_file(
        folder,
        targets=[
            target(
                "T",
                "sum(enforcement.cases_prosecuted)",
                at_least=500,
                pace="stepwise",
                steps=[{"day": "2020-03-14", "threshold": 10}],
            )
        ],
    )
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(PlanError) as caught:
        read_plan(path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("closing_day: 14", 'closing_day: "14"', "the number '14' is in quotes"),
        ("closing_day: 14", "closing_day: true", "it must be a number, not true"),
        ("closing_day: 14", "closing_day: 014", "014 can be read in two ways, and YAML reads it as 12"),
        ("district: 4", 'district: "4"', "the number '4' is in quotes"),
        ("year: 2020", 'year: "2020"', "the number '2020' is in quotes"),
        ("at_least: 500", "at_least: yes", "it must be a number, not true"),
        ("at_least: 500", "at_least: 1.500", "1.500 can be read in two ways, and YAML reads it as 1.5"),
        ("at_least: 500", "at_least: 1:30", "1:30 can be read in two ways, and YAML reads it as 90"),
        ("at_least: 500", "at_least: 0x1F", "0x1F can be read in two ways, and YAML reads it as 31"),
        ("'2020-03-14'", "86400", "it must be a day, such as 2020-03-31, not 86400"),
        ("'2020-03-14'", "'0'", "it must be a day, such as 2020-03-31, not '0'"),
        ("'2020-03-14'", "2020-02-30", "line 66, column 10: 2020-02-30 is no day"),
        (
            "'2020-03-14'",
            "2020-03-14 10:00:00",
            "it must be a day, such as 2020-03-31, not 2020-03-14 10:00:00",
        ),
        ("frequency: M", "frequency: [M]", "it must be 'D', 'W', 'M', 'Q', 'H', 'Y' or 'A', not a list"),
        (
            "frequency: M",
            "every: M",
            "(line 50) is inconsistent at obligations.0.every: there is no such key",
        ),
        ("name: Phường Xuân Thanh", "name: phường  Xuân trung", "have the same name"),
    ],
)
def test_a_value_of_another_type_is_named(old: str, new: str, words: str, tmp_path: Path) -> None:
    message = spoiled(tmp_path, old, new)
    assert words in message
    assert "line " in message


def test_numbers_that_can_be_read_in_one_way_only_are_read() -> None:
    text = "[0, 14, -3, 1200, 1_000, 0.5, 1.25, 12.345, 100.0, 1.0e+3]"
    assert read_yaml(text)[0] == [0, 14, -3, 1200, 1000, 0.5, 1.25, 12.345, 100.0, 1000.0]


def test_a_day_that_is_in_no_calendar_has_its_line() -> None:
    with pytest.raises(YamlFaultError, match="is no day") as caught:
        read_yaml("a: 1\nintroduced_on: 2023-02-30\n")
    assert caught.value.line == 2


def test_yes_and_no_are_no_texts_in_form_files() -> None:
    stated = {"label_vi": "vụ", "max_value": 10}
    assert not UnitFile.model_validate(stated | {"whole": False}).whole
    for value in ("false", 0):
        with pytest.raises(ValueError, match="valid boolean"):
            UnitFile.model_validate(stated | {"whole": value})


def test_codes_differ_in_more_than_capitals(tmp_path: Path) -> None:
    cases = "sum(enforcement.cases_prosecuted)"
    with pytest.raises(PlanError, match="target codes T1 and t1 differ in capitals alone"):
        read_plan(plan_file(tmp_path, targets=[target("T1", cases), target("t1", cases)]))
    bodies = [*PROVINCE["bodies"], {**PROVINCE["bodies"][0], "code": "Cat"}]
    with pytest.raises(PlanError, match="body codes CAT and Cat differ in capitals alone"):
        read_plan(plan_file(tmp_path, bodies=bodies))


def test_codes_in_expressions_are_read_as_they_are_written() -> None:
    (term,) = parse("sum(harvest.yield, bodies=[UBND-001, CAT], age=[15_19, 0_4, 1A])")
    assert term.measure == "yield"
    assert term.bodies == ("UBND-001", "CAT")
    assert parse("sum(harvest.yield, bodies=['for-01', UBND-del])")[0].bodies == ("for-01", "UBND-del")
    assert term.codes == (("age", ("15_19", "0_4", "1A")),)
    assert [t.target for t in parse("0.4 * value(01) + reaching(1-2, commune) + rank( 2A )")] == [
        "01",
        "1-2",
        "2A",
    ]


def test_a_column_may_have_the_name_of_a_word_of_python() -> None:
    rule = "yield <= class + previous.import & class != 3"
    with pytest.raises(ValueError, match="may not use"):
        names(rule)  # conditions are put in brackets
    rule = "(yield <= class + previous.import) & (class != 3)"
    assert names(rule) == {"yield", "class", "previous.import"}
    assert to_sql("yield <= class") == "(yield <= class)"
    assert evaluate("yield <= class", {"yield": 2, "class": 3})


def test_a_former_name_is_a_key() -> None:
    column = {"key": "a", "label_vi": "A", "unit": "u", "type": "flow", "renamed_from": "Paid Out"}
    with pytest.raises(ValueError, match="renamed_from"):
        FormFile.model_validate(
            {"code": "1-A", "key": "f", "title": "F", "dimensions": ["d"], "measures": [column]}
        )
