"""Codes that a user names are checked against the plan."""

import pytest

from plans.errors import UsageError
from plans.reading import DEFAULT_PLAN, read_plan
from services.codes import check_period

PLAN = read_plan(DEFAULT_PLAN)


@pytest.mark.parametrize("code", ["2021-M01", "2019-Q4", "2021-A-0305"])
def test_a_period_of_another_year_is_rejected_in_a_sentence(code: str) -> None:
    expected = f"The period {code} lies outside the plan DN-2020, which runs from 2019-12-15 to 2020-12-14."
    with pytest.raises(UsageError) as error:
        check_period(PLAN, code)
    assert str(error.value) == expected


@pytest.mark.parametrize("code", ["2020-M01", "2020-Y", "2020-A-0305", "2019-A-1220"])
def test_a_period_of_the_plan_is_accepted(code: str) -> None:
    assert check_period(PLAN, code).code == code
