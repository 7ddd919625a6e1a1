"""Which plans a folder of a drive may be for, when a known file is judged again, and which plan a command means."""

from datetime import date

import pytest

from plans.errors import UsageError
from plans.model import Plan
from plans.reading import read_plan
from services.plan_choice import Wanted, choose_plan
from services.plan_routing import ActivePlan, is_new_for_plan, must_judge_again, route_folders
from tests.support.paths import DATA
from tests.support.reports import PLAN
from warehouse.load.submissions import KnownSheet

NEXT_YEAR = PLAN.model_copy(update={"code": "DN-2021", "year": 2021})
OTHER = read_plan(DATA / "plan_second.yaml")
SHARED = Plan.model_validate_json(OTHER.model_dump_json().replace('"CA"', '"CAT"'))
THIS, NEXT, THERE = (ActivePlan(plan, f"{plan.code} hash") for plan in (PLAN, NEXT_YEAR, SHARED))


def codes(plans: tuple[ActivePlan, ...]) -> list[str]:
    return [active.plan.code for active in plans]


def known(plan: str, period: str | None, *, unclaimed: bool, form: str | None = "01-PCMD") -> KnownSheet:
    return KnownSheet("a.xlsx", "Bieu", form, period, plan, unclaimed, not unclaimed)


def test_a_folder_belongs_to_the_plans_that_have_its_body() -> None:
    routes = route_folders({"d": {"CAT", "nobody"}}, [THIS, NEXT])
    assert routes.problems == []
    assert codes(routes.plans["d", "CAT"]) == codes(routes.plans["d", "nobody"]) == ["DN-2020", "DN-2021"]


def test_folders_of_one_province_decide_about_the_drive() -> None:
    folders = {"north": {"CAT", "UBND-731"}, "south": {"CAT", "UB-961"}}
    routes = route_folders(folders, [THIS, NEXT, THERE])
    assert codes(routes.plans["north", "CAT"]) == ["DN-2020", "DN-2021"]
    assert codes(routes.plans["south", "CAT"]) == ["TN-2023"]


@pytest.mark.parametrize("folders", [{"CAT"}, {"CAT", "UBND-731", "UB-961"}])
def test_a_folder_that_fits_two_provinces_is_left_out_with_a_sentence(folders: set[str]) -> None:
    routes = route_folders({"d": folders}, [THIS, THERE])
    assert ("d", "CAT") not in routes.plans
    assert "the provinces 75, 96 have a body of this code" in routes.problems[0]
    named = route_folders({"d": folders}, [THIS, THERE], {"d": "96"})
    assert codes(named.plans["d", "CAT"]) == ["TN-2023"]
    assert named.problems == []


def test_what_was_not_required_is_judged_again_for_a_plan_that_may_require_it() -> None:
    early = [known("DN-2020", "2021-M01", unclaimed=True)]
    assert must_judge_again([THIS, NEXT], [THIS.key], "CAT", early)
    assert not must_judge_again([THIS, NEXT], [THIS.key, NEXT.key], "CAT", early)
    assert not must_judge_again([THIS], [], "CAT", early)


def test_what_a_plan_accepted_is_not_judged_again_for_the_next_year() -> None:
    accepted = [known("DN-2020", "2020-M12", unclaimed=False)]
    assert not must_judge_again([THIS, NEXT], [], "CAT", accepted)


def test_a_file_without_a_form_is_judged_again_for_each_new_plan() -> None:
    ignored = [known("DN-2020", None, unclaimed=True, form=None)]
    assert must_judge_again([THIS, NEXT], [THIS.key], "CAT", ignored)


def test_a_sheet_is_recorded_again_only_for_a_plan_that_requires_it_now() -> None:
    early = [known("DN-2020", "2021-M01", unclaimed=True)]
    assert is_new_for_plan(early, "DN-2021", "Bieu", is_claimed=True)
    assert not is_new_for_plan(early, "DN-2021", "Bieu", is_claimed=False)
    assert is_new_for_plan(early, "DN-2021", "Another", is_claimed=False)
    settled = [*early, known("DN-2021", "2021-M01", unclaimed=False)]
    assert not is_new_for_plan(settled, "DN-2021", "Bieu", is_claimed=True)


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (Wanted(period="2020-Q1"), "DN-2020"),
        (Wanted(period="2021-Q1"), "DN-2021"),
        (Wanted(period="2020-A-1220"), "DN-2021"),  # its day lies in the next plan year
        (Wanted(area="961"), "TN-2023"),
        (Wanted("TN-2023", period="2020-Q1"), "TN-2023"),
    ],
)
def test_the_plan_is_the_only_one_that_fits(wanted: Wanted, code: str) -> None:
    assert choose_plan([PLAN, NEXT_YEAR, OTHER], wanted).code == code


@pytest.mark.parametrize("wanted", [Wanted(), Wanted(area="731"), Wanted(period="1999-Q1")])
def test_several_plans_that_fit_are_an_error_that_lists_them(wanted: Wanted) -> None:
    with pytest.raises(UsageError, match="Several active plans fit: DN-2020, DN-2021"):
        choose_plan([PLAN, NEXT_YEAR], wanted)
    with pytest.raises(UsageError, match="No active plan has the code X"):
        choose_plan([PLAN, NEXT_YEAR], Wanted("X"))
    with pytest.raises(UsageError, match="lies in the years of no active plan: DN-2020, DN-2021"):
        choose_plan([PLAN, NEXT_YEAR], Wanted(day=date(1999, 1, 1)))
