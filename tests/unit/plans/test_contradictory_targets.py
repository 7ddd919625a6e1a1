"""Targets that never have a figure, or that contradict themselves, are one sentence."""

from pathlib import Path
from typing import Any

import pytest

from plans.errors import PlanFaultError
from plans.reading import PlanError
from tests.support.small_plans import plan_of, target

CASES = "sum(enforcement.cases_prosecuted)"
FREE = "count(commune_status.free_of_prostitution)"
SCORE = "average(commune_status.score)"
GIVEN = {"area_figures": {"people": {"label_vi": "Dân số", "unit": "person", "values": {"75": 9}}}}
RECORDS = {"records": {"paper": [{"area": "75", "day": "2020-02-20"}]}}
ALL = ["province", "district", "commune"]


def targets(*stated: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"targets": list(stated), **more}


def steps(*thresholds: float) -> list[dict[str, Any]]:
    return [{"day": f"2020-0{month}-14", "threshold": one} for month, one in enumerate(thresholds, 2)]


SPOILED: dict[str, tuple[dict[str, Any], str]] = {
    "areas of a level above": (
        targets(target("T", "areas(district)", reported_levels=ALL)),
        "areas(district) has no figures of the level commune, whose areas have no district inside",
    ),
    "reaching at a level below": (
        targets(target("S", SCORE), target("T", "reaching(S, district)", reported_levels=ALL)),
        "reaching(S, district) has no figures of the level commune",
    ),
    "a level below the rows of the form of another target": (
        targets(target("S", CASES), target("T", "value(S)", reported_levels=ALL)),
        "value(S) has no figures of the level commune: form enforcement has rows by district",
    ),
    "reaching by a target without figures there": (
        targets(target("S", CASES), target("T", "reaching(S, commune)", reported_levels=["province"])),
        "reaching(S, commune) has no figures of the level province: form enforcement has rows by district",
    ),
    "given figures of areas above": (
        targets(target("T", CASES, denominator="given(people)"), **GIVEN),
        "given(people) has no figures of the level district: area_figures people is of areas above",
    ),
    "records of areas above": (
        targets(target("T", "recorded(paper)"), **RECORDS),
        "recorded(paper) is always 0 at the level district: its records are of areas above",
    ),
    "a denominator of nothing": (
        targets(target("T", CASES, denominator=f"{CASES} - {CASES}")),
        "the denominator is always 0: its terms cancel each other out",
    ),
    "a numerator of nothing": (
        targets(target("T", f"2 * {CASES} - {CASES} - {CASES}")),
        "the numerator is always 0",
    ),
    "an override of everything": (
        targets(target("T", CASES, overrides=[{"threshold": 2}])),
        "has an override without areas and days",
    ),
    "an override of a level that is not reported": (
        targets(target("T", CASES, overrides=[{"areas": ["25993"], "threshold": 2}])),
        "a threshold for 25993, an area of the level commune, which it does not report",
    ),
    "an assessment of a level that is not reported": (
        targets(
            target(
                "T",
                "assessed()",
                assessments=[{"day": "2020-02-01", "area": "25993", "status": "met", "reason": "Xong"}],
            )
        ),
        "an assessment of 25993, an area of the level commune, which it does not report",
    ),
    "falling steps of a growing figure": (
        targets(target("T", CASES, at_least=9, pace="linear", steps=steps(5, 3))),
        "its steps fall from 5 to 3, but the figure can only grow",
    ),
    "a kind of periods twice": (targets(target("T", CASES, periods=["M", "M"])), "names the kind M twice"),
}


@pytest.mark.parametrize("name", SPOILED)
def test_a_target_that_cannot_be_as_declared_is_named(name: str, tmp_path: Path) -> None:
    changes, words = SPOILED[name]
    with pytest.raises((PlanFaultError, PlanError)) as caught:
        plan_of(tmp_path, **changes)
    assert words in str(caught.value)
    assert str(caught.value).count("\n") == 0


@pytest.mark.parametrize(
    "changes",
    [
        targets(target("T", FREE, denominator="areas(commune)", unit="percent", reported_levels=ALL)),
        targets(target("S", SCORE), target("T", "reaching(S, commune)", reported_levels=ALL)),
        targets(target("T", CASES, denominator="given(people)", reported_levels=["province"]), **GIVEN),
        targets(target("T", "recorded(paper)", reported_levels=["province"]), **RECORDS),
        targets(target("T", "recorded(paper)"), records={"paper": []}),
        targets(target("T", CASES, overrides=[{"valid_from": "2020-03-01", "threshold": 2}])),
        targets(target("T", SCORE, at_least=9, pace="linear", steps=steps(5, 3))),
        targets(target("T", "assessed()")),  # assessments are added during the year
        targets(
            target("S", SCORE, overrides=[{"areas": ["25993"], "threshold": 2}]),
            target("T", "reaching(S, commune)"),
        ),
    ],
)  # fmt: skip
def test_a_target_that_can_be_as_declared_is_read(changes: dict[str, Any], tmp_path: Path) -> None:
    assert plan_of(tmp_path, **changes).targets
