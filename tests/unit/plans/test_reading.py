"""A plan file is read, or rejected with one sentence that names the place of the fault."""

import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plans.model import Plan
from plans.reading import DEFAULT_PLAN, PlanError, read_plan

SMALL: dict[str, Any] = {
    "code": "XX-2020",
    "title": "Kế hoạch",
    "year": 2020,
    "area": "75",
    "calendar": {
        "closing_day": 14,
        "due_working_days": {"province": 4, "district": 4, "commune": 2},
        "close_working_days": 6,
    },
    "areas": [
        {"code": "75", "name": "Tỉnh Đồng Nai", "level": "province"},
        {"code": "731", "name": "Thành phố Biên Hòa", "level": "district", "parent": "75"},
        {"code": "25993", "name": "Phường Trảng Dài", "level": "commune", "parent": "731"},
    ],
    "bodies": [{"code": "CAT", "name": "Công an tỉnh", "level": "province", "area": "75"}],
    "obligations": [
        {"form": "01-PCMD", "bodies": ["CAT"], "frequency": "M"},
        {"form": "05-PCMD", "bodies": ["district"], "frequency": "Q"},
        {"form": "05-PCMD", "bodies": ["commune"], "frequency": "Q", "optional": True},
    ],
    "targets": [
        {
            "code": "T1",
            "label_vi": "Số vụ",
            "numerator": "sum(enforcement.cases_prosecuted)",
            "at_least": 30,
            "unit": "case",
            "reported_levels": ["province"],
            "breakdown_levels": ["district"],
        }
    ],
}


SHIPPED = DEFAULT_PLAN.read_bytes()


def refusal(path: Path) -> str:
    """The message of the PlanError, which must be one line, name the file and end as a sentence."""
    with pytest.raises(PlanError) as caught:
        read_plan(path)
    message = str(caught.value)
    assert message.startswith(f"The plan file {path} ")
    assert message.endswith(".")
    assert "\n" not in message
    return re.sub(r"^\(line \d+\) ", "", message.removeprefix(f"The plan file {path} "))


def written(folder: Path, content: str | bytes | dict[str, Any]) -> Path:
    path = folder / "plan.yaml"
    if isinstance(content, dict):
        content = yaml.safe_dump(content, allow_unicode=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def put(place: str, value: Any) -> dict[str, Any]:
    """The small plan with the value at a place such as "areas.1.parent"; "areas.+" appends."""
    plan = deepcopy(SMALL)
    *app, last = place.split(".")
    node: Any = plan
    for step in app:
        node = node[int(step)] if step.isdigit() else node[step]
    if last == "+":
        node.append(value)
    else:
        node[int(last) if last.isdigit() else last] = value
    return plan


def test_the_small_plan_itself_is_sound(tmp_path: Path) -> None:
    assert read_plan(written(tmp_path, SMALL)) == Plan.model_validate(SMALL)


def test_the_shipped_plan_is_the_default_and_sound() -> None:
    plan = read_plan(DEFAULT_PLAN)
    assert (plan.code, plan.year, plan.area) == ("DN-2020", 2020, "75")


def test_a_file_saved_with_a_byte_order_mark_or_windows_line_ends(tmp_path: Path) -> None:
    shipped = read_plan(DEFAULT_PLAN)
    assert read_plan(written(tmp_path, b"\xef\xbb\xbf" + SHIPPED)) == shipped
    assert read_plan(written(tmp_path, SHIPPED.replace(b"\n", b"\r\n"))) == shipped


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.yaml").startswith("cannot be read: ")
    assert "No such file" in refusal(tmp_path / "none.yaml")


def test_a_folder_is_no_plan(tmp_path: Path) -> None:
    assert refusal(tmp_path).startswith("cannot be read: ")


@pytest.mark.parametrize("encoding", ["utf-16", "cp1258"])
def test_a_file_in_another_encoding(tmp_path: Path, encoding: str) -> None:
    text = "title: Kế hoạch phòng".encode(encoding, errors="replace") + "đ".encode("cp1258")
    assert refusal(written(tmp_path, text)) == "cannot be read: it is no UTF-8 text."


@pytest.mark.parametrize(
    "text",
    [
        "a:\n\t- b",
        "a: [1, 2",
        'a: "b',
        "a: b: c",
        "a: *nobody",
        "a: 1\n---\na: 2\n",
        "a: \0",
        "? {a: b}\n: c",
        "a: 2020-02-30",
        "!!python/object/apply:os.getcwd []",
    ],
)
def test_a_file_that_is_no_yaml(tmp_path: Path, text: str) -> None:
    assert refusal(written(tmp_path, text)).startswith("is no valid YAML: ")


@pytest.mark.parametrize("text", ["", "# nothing\n", "[]", "- a\n- b", "DN-2020", "12", "null", "---\n"])
def test_a_file_that_holds_something_else(tmp_path: Path, text: str) -> None:
    assert refusal(written(tmp_path, text)) == "holds no mapping of keys."


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("year: 2020\nyear: 2021\n", "year"),
        ("calendar: {closing_day: 14, closing_day: 15}", "closing_day"),
        ("areas:\n  - {code: '75', name: a}\n  - {code: '731', name: a, code: '732'}", "code"),
    ],
)
def test_a_key_given_twice_is_not_settled_in_silence(tmp_path: Path, text: str, key: str) -> None:
    message = refusal(written(tmp_path, text))
    assert f"the key '{key}' is given twice" in message
    assert "line" in message


def test_merged_and_shared_parts_are_still_yaml(tmp_path: Path) -> None:
    text = yaml.safe_dump({k: v for k, v in SMALL.items() if k != "obligations"}, allow_unicode=True)
    text += (
        "obligations:\n"
        "  - &monthly {form: 01-PCMD, bodies: [CAT], every: M}\n"
        "  - {<<: *monthly, form: 02-PCMD}\n"
    )
    plan = read_plan(written(tmp_path, text))
    assert [(o.form, o.frequency) for o in plan.obligations] == [("01-PCMD", "M"), ("02-PCMD", "M")]


COMMUNE = SMALL["areas"][2]
TARGET = SMALL["targets"][0]
MONTHLY = SMALL["obligations"][0]


@pytest.mark.parametrize(
    ("place", "value", "expected"),
    [
        ("areas.+", COMMUNE, "area code given twice: 25993"),
        ("bodies.+", SMALL["bodies"][0], "body code given twice: CAT"),
        ("bodies.0.code", "UBND-731", "body code given twice: UBND-731"),
        ("targets.+", TARGET, "target code given twice: T1"),
        ("area", "74", "the plan's own area 74 is not among its areas"),
        ("areas.0.parent", "731", "the plan's own area 75 lies in 731, one of its areas"),
        ("areas.0.parent", "75", "the plan's own area 75 lies in 75, one of its areas"),
        ("areas.2.parent", "999", "area 25993 (Phường Trảng Dài) has the unknown parent 999"),
        ("areas.2.parent", None, "area 25993 (Phường Trảng Dài) has no parent"),
        ("areas.1.parent", "731", "area 731 (Thành phố Biên Hòa) lies in 731, which is no higher"),
        ("areas.1.parent", "25993", "area 731 (Thành phố Biên Hòa) lies in 25993, which is no higher"),
        ("areas.2.level", "district", "area 25993 (Phường Trảng Dài) lies in 731, which is no higher"),
        ("bodies.0.area", "74", "body CAT has the unknown area 74"),
        ("obligations.0.bodies", ["TAND"], "obligation for form 01-PCMD names the unknown body TAND"),
        ("obligations.0.bodies", ["UBND-999"], "names the unknown body UBND-999"),
        ("obligations.0.bodies", ["province"], "obligation for form 01-PCMD: no area has the level province"),
        ("obligations.0.bodies", [], "obligations.0.bodies: "),
        ("obligations.0.bodies", ["CAT", "CAT"], "body CAT owes form 01-PCMD twice"),
        ("obligations.+", MONTHLY, "body CAT owes form 01-PCMD twice"),
        ("obligations.+", {**MONTHLY, "optional": True}, "body CAT owes form 01-PCMD twice"),
        ("obligations.+", {**MONTHLY, "frequency": "Q"}, "body CAT owes form 01-PCMD at two cadences"),
        ("obligations.1.bodies", ["district", "UBND-731"], "body UBND-731 owes form 05-PCMD twice"),
        (
            "obligations.0.frequency",
            "B",
            "obligations.0.frequency: it must be 'D', 'W'",
        ),
        ("calendar.due_working_days", {"province": 4, "district": 4}, "lacks the level commune"),
        ("calendar.due_working_days.province", -1, "calendar.due_working_days.province: "),
        (
            "calendar.due_working_days.village",
            1,
            "the level village is none of the plan's: province, district, commune",
        ),
        ("calendar.closing_day", 32, "calendar.closing_day: "),
        ("calendar.timezone", "Asia/Bien_Hoa", "calendar: the time zone 'Asia/Bien_Hoa' is not known"),
        ("calendar.timezone", "../../etc", "calendar: the time zone '../../etc' is not known"),
        ("calendar.timezone", "", "calendar: the time zone '' is not known"),
        (
            "calendar.extra_days_off",
            ["soon"],
            "calendar.extra_days_off.0: it must be a day, such as 2020-03-31",
        ),
        ("targets.0.at_least", None, "targets.0: target T1 needs at_least, at_most or both"),
        ("targets.0.at_most", 5, "targets.0: target T1 has at_least above at_most"),
        ("targets.0.at_least", float("nan"), "targets.0.at_least: it must be a number"),
        ("targets.0.at_least", float("inf"), "targets.0.at_least: it must be a number"),
        ("targets.0.unit", "percent", "targets.0: target T1 has the unit percent and no denominator"),
        ("targets.0.per", 1000, "targets.0: target T1 has per and no denominator"),
        ("targets.0.due", "2020-02-30", "targets.0.due: it must be a day"),
        ("targets.0.steps", [{"day": "2020-06-14"}], "targets.0.steps.0.threshold: this key is missing"),
        ("targets.0.pace", "stepwise", "target T1 has a stepwise pace and no steps"),
        (
            "targets.0.assessments",
            [{"day": "2020-06-14", "status": "met", "reason": "x"}],
            "should be assessed()",
        ),
        ("records", {"document": [{"area": "999", "day": "2020-03-01"}]}, "record of the unknown area 999"),
        (
            "area_figures",
            {"population": {"label_vi": "Dân số", "unit": "person", "values": {"999": 1}}},
            "area_figures population has a figure of the unknown area 999",
        ),
        ("targets.0.breakdown_levels", ["province"], "target T1 names the level province twice"),
        ("targets.0.reported_levels", ["district", "district"], "target T1 names the level district twice"),
        ("targets.0.reported_levels", [], "targets.0.reported_levels: "),
        (
            "targets.0.reported_levels",
            ["village"],
            "targets.0.reported_levels: the level village is none of the plan's",
        ),
        ("targets.0.code", "T 1", "targets.0.code: "),
        ("targets.0.numerator", "  ", "targets.0.numerator: "),
        (
            "code",
            "dn-2020",
            "code: 'dn-2020' is not written as it must be: at most 30 characters (capital letters, digits, -), a letter",
        ),
        ("year", 20, "year: it must be at least 1990, not 20"),
        ("areas.1.code", 731, "areas.1.code: it must be text, but YAML reads it as 731: put it in quotes"),
        (
            "areas.1.code",
            "7/31",
            "areas.1.code: '7/31' is not written as it must be: at most 20 characters (small letters, capital letters, digits, _, -)",
        ),
        ("areas.1.name", "x" * 199, "areas.1.name: it must have at most 190 characters"),
        (
            "local_body_prefix",
            "-ubnd",
            "local_body_prefix: '-ubnd' is not written as it must be: at most 30 characters",
        ),
        ("bodies.0.code", "a/b", "bodies.0.code: 'a/b' is not written as it must be: at most 60 characters"),
        ("bodies.0.telephone", "0912", "bodies.0.telephone: there is no such key here"),
        ("a\nb", 1, "a b: there is no such key here"),
        ("targts", [], "targts: there is no such key here"),
        ("calendar", None, "calendar: it must hold keys with values (key: value), not nothing"),
    ],
)
def test_an_inconsistent_plan(tmp_path: Path, place: str, value: Any, expected: str) -> None:
    message = refusal(written(tmp_path, put(place, value)))
    assert message.startswith("is inconsistent at ")
    assert expected in message


def test_a_day_both_off_and_on(tmp_path: Path) -> None:
    calendar = SMALL["calendar"] | {
        "extra_days_off": ["2020-01-02", "2020-01-03"],
        "extra_working_days": ["2020-01-03", "2020-02-01"],
    }
    message = refusal(written(tmp_path, put("calendar", calendar)))
    assert message == (
        "is inconsistent at calendar: 2020-01-03 is both an extra day off and an extra working day."
    )


@pytest.mark.parametrize("key", ["code", "title", "year", "area", "calendar", "areas", "bodies", "targets"])
def test_a_part_left_out(tmp_path: Path, key: str) -> None:
    plan = {name: part for name, part in SMALL.items() if name != key}
    assert (
        refusal(written(tmp_path, plan))
        == f"is inconsistent at {key}: this key is missing and must be given."
    )


def test_the_first_of_many_faults_is_reported_and_the_others_counted(tmp_path: Path) -> None:
    plan = put("year", 1)
    plan["targets"][0]["pace"] = "slow"
    plan["areas"][0]["level"] = "Planet"
    message = refusal(written(tmp_path, plan))
    assert message.startswith("is inconsistent at year: ")
    assert message.endswith(" (and 2 more).")


def test_a_short_list_of_many_doubled_codes(tmp_path: Path) -> None:
    twins = [{**COMMUNE, "code": str(n)} for n in range(10_000, 10_020) for _ in "12"]
    message = refusal(written(tmp_path, put("areas", SMALL["areas"] + twins)))
    assert message.endswith("area code given twice: 10000, 10001, 10002, 10003, 10004.")


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    st.sampled_from([*SMALL, "areas.0", "areas.1.parent", "bodies.0.code", "targets.0.reported_levels"]),
    values,
)
def test_any_value_in_a_plan_file_gives_a_plan_or_a_plan_error(
    tmp_path: Path, place: str, value: Any
) -> None:
    path = written(tmp_path, put(place, value))
    try:
        assert isinstance(read_plan(path), Plan)
    except PlanError:
        refusal(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.binary(max_size=40) | st.text(max_size=40).map(lambda text: text.encode("utf-8")))
def test_any_bytes_are_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    refusal(written(tmp_path, content))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(st.integers(0, len(SHIPPED) - 1))
def test_a_half_copied_plan_is_read_whole_or_refused(tmp_path: Path, length: int) -> None:
    path = written(tmp_path, SHIPPED[:length])
    try:
        read_plan(path)
    except PlanError:
        refusal(path)
