"""Declarations that contradict themselves are one sentence with the line of the file."""

import re
from pathlib import Path
from typing import Any

import pytest

from plans.errors import PlanFaultError
from plans.reading import PlanError, fault_in_file, read_plan
from schemas.target_checks import check_plan
from tests.support.forms import BY_KEY
from tests.support.small_plans import PROVINCE, plan_file, target

CASES = "sum(enforcement.cases_prosecuted)"
FREE = "count(commune_status.free_of_prostitution)"
SHARE: dict[str, Any] = {"unit": "percent", "denominator": "areas(commune)"}
LEVEL = {"label_vi": "cấp", "label_en": "level"}


def calendar(**fields: Any) -> dict[str, Any]:
    return {"calendar": {**PROVINCE["calendar"], **fields}}


def targets(numerator: str = CASES, **fields: Any) -> dict[str, Any]:
    return {"targets": [target("T", numerator, **fields)]}


def obligation(**fields: Any) -> dict[str, Any]:
    return {"obligations": [{"form": "01-PCMD", "bodies": ["CAT"], "frequency": "M", **fields}]}


def levels(**of_last: Any) -> dict[str, Any]:
    named = [
        {"key": key, "heading_vi": heading, **LEVEL}
        for key, heading in (("province", "Tỉnh"), ("district", "Huyện"), ("commune", "Xã"))
    ]
    return {"levels": [*named[:2], {**named[2], **of_last}]}


def records(level_of: str) -> dict[str, Any]:
    code = {"district": "731", "commune": "25993"}[level_of]
    stated = targets("recorded(paper)", unit="percent", denominator="areas(district)")
    return {**stated, "records": {"paper": [{"area": code, "day": "2020-02-20"}]}}


MET = {"status": "met", "reason": "Đã xong"}
SPOILED: dict[str, tuple[dict[str, Any], str]] = {
    "a country without known holidays": (calendar(country="XX"), "holidays of the country XX are not known"),
    "a last day before the first": (
        obligation(valid_from="2020-05-01", last_day="2020-01-01"),
        "last_day 2020-01-01 lies before valid_from 2020-05-01",
    ),
    "one heading for two levels": (
        levels(aliases=["huyện"]),
        "levels district and commune have the same heading",
    ),
    "a target after the plan": (targets(valid_from="2030-01-01"), "exists on no day of the plan"),
    "a threshold after the plan": (
        targets(overrides=[{"valid_from": "2030-01-01", "threshold": 3}]),
        "exists on no day of the plan",
    ),
    "a step above the threshold": (
        targets(at_least=5, pace="stepwise", steps=[{"day": "2020-06-14", "threshold": 9}]),
        "has a step of 9 above its threshold of 5",
    ),
    "a share of areas above 100 %": (
        targets(FREE, **SHARE, at_least=120),
        "the share of areas or reports cannot reach 120 percent",
    ),
    "a rank below the first": (
        {"targets": [target("S", CASES), target("R", "rank(S)", at_most=0)]},
        "the first rank is 1",
    ),
    "reports of all forms over those of one": (
        targets("on_time()", denominator="owed(enforcement)", unit="percent"),
        "the numerator counts reports, the denominator reports of the form enforcement",
    ),
    "records of communes over districts": (records("commune"), "the numerator counts areas of the level"),
    "an assessment after the plan": (
        targets("assessed()", assessments=[{"day": "2035-01-01", **MET}]),
        "outside the plan: 2035-01-01",
    ),
    "two assessments of a day": (
        targets("assessed()", assessments=[{"day": "2020-02-01", **MET}, {"day": "2020-02-01", **MET}]),
        "two assessments of one area on 2020-02-01",
    ),
    "weeks of monthly reports": (
        {
            **calendar(periods=["W", "M", "Q", "H", "Y"]),
            **targets(CASES.replace(")", ", over=period)"), periods=["W"]),
        },
        "enforcement has no report within a period of the kind W",
    ),
}


def read_and_check(path: Path) -> None:
    """Read a plan as the commands do."""
    plan = read_plan(path)
    try:
        check_plan(plan, BY_KEY)
    except PlanFaultError as fault:
        raise fault_in_file(path, fault) from fault


@pytest.mark.parametrize("name", SPOILED)
def test_a_spoiled_plan_is_one_sentence_with_its_line(name: str, tmp_path: Path) -> None:
    changes, expected = SPOILED[name]
    path = plan_file(tmp_path, **changes)
    with pytest.raises(PlanError) as error:
        read_and_check(path)
    message = str(error.value)
    assert expected in message
    assert re.search(r"\(line \d+\)", message)
    assert "\n" not in message


@pytest.mark.parametrize(
    "changes",
    [
        calendar(country="LA"),
        calendar(country=""),
        records("district"),
        targets("on_time(enforcement)", denominator="owed()", unit="percent"),
        obligation(frequency="W") | targets(CASES.replace(")", ", over=period)"), periods=["W", "M"]),
        targets(FREE, **SHARE, at_least=100),
    ],
)
def test_a_plan_at_the_limit_is_accepted(changes: dict[str, Any], tmp_path: Path) -> None:
    check_plan(read_plan(plan_file(tmp_path, **changes)), BY_KEY)


@pytest.mark.parametrize("threshold", [{"at_least": -40}, {"at_most": -1}])
def test_a_figure_that_cannot_be_negative_has_no_negative_threshold(
    threshold: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(PlanError, match="is below 0, but the figure cannot be"):
        read_and_check(plan_file(tmp_path, **targets(CASES, **threshold)))
    change = targets(f"{CASES} - 3", **threshold)
    read_and_check(plan_file(tmp_path, **change))
