"""Periods tile the time; due days are working days."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plans import reporting_calendar as cal
from plans.model import LEVELS, Calendar, Level

rules = st.builds(
    Calendar,
    closing_day=st.integers(1, 28),
    due_working_days=st.just({"commune": 2, "district": 4, "province": 4}),
    close_working_days=st.just(6),
)
RULES = Calendar(due_working_days={"commune": 2, "district": 4, "province": 4}, close_working_days=6)


@given(st.integers(1995, 2100), rules, st.sampled_from("MQHY"))
def test_windows_of_one_kind_tile_the_time(year: int, calendar: Calendar, kind: str) -> None:
    both = [*cal.scheduled_periods(year, calendar), *cal.scheduled_periods(year + 1, calendar)]
    for before, after in pairwise([p for p in both if p.kind == kind]):
        assert after.window_start == before.window_end + timedelta(days=1)


@given(st.integers(1995, 2100), rules)
def test_a_longer_window_is_the_union_of_its_months(year: int, calendar: Calendar) -> None:
    by_code = {p.code: p for p in cal.scheduled_periods(year, calendar)}
    parts = {f"Q{q}": range(3 * q - 2, 3 * q + 1) for q in range(1, 5)}
    parts |= {"H1": range(1, 7), "H2": range(7, 13), "Y": range(1, 13)}
    for code, months in parts.items():
        whole = by_code[f"{year}-{code}"]
        assert whole.window_start == by_code[f"{year}-M{months[0]:02}"].window_start
        assert whole.window_end == by_code[f"{year}-M{months[-1]:02}"].window_end


@given(st.integers(1995, 2100), rules)
def test_codes_read_back(year: int, calendar: Calendar) -> None:
    for period in (*cal.scheduled_periods(year, calendar), cal.ad_hoc_period(date(year, 3, 5))):
        assert cal.period_from_code(period.code, calendar) == period


@pytest.mark.parametrize(
    "code", ["2020-M13", "2020-M3", "2020-Q5", "2020", "", "2020-A-0230", "0000-Y", "٢٠٢٠-Y"]
)
def test_what_is_no_period_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="is no period"):
        cal.period_from_code(code, RULES)


@settings(deadline=None)  # the first call loads the holidays
@given(st.integers(2015, 2030), st.sampled_from(LEVELS))
def test_due_days_are_working_days_after_the_window(year: int, level: Level) -> None:
    for period in cal.scheduled_periods(year, RULES):
        day = cal.due_day(period, level, RULES)
        assert day > period.window_end
        assert cal.is_working_day(day, RULES)


def test_tet_and_the_other_holidays_of_2020_are_no_working_days() -> None:
    days_off = [date(2020, 1, 1), *(date(2020, 1, d) for d in range(23, 30)), date(2020, 4, 2)]
    days_off += [date(2020, 4, 30), date(2020, 5, 1), date(2020, 9, 2), date(2020, 3, 14)]
    assert not [day for day in days_off if cal.is_working_day(day, RULES)]
    assert cal.is_working_day(date(2020, 1, 30), RULES)


def test_moved_days_of_the_plan_go_before_holidays_and_weekends() -> None:
    moved = RULES.model_copy(
        update={"extra_days_off": (date(2020, 3, 16),), "extra_working_days": (date(2020, 3, 14),)}
    )
    assert cal.is_working_day(date(2020, 3, 14), moved)
    assert cal.add_working_days(date(2020, 3, 14), 1, moved) == date(2020, 3, 17)


def test_march_2020_is_due_and_closed_by_the_calendar() -> None:
    march = cal.period_from_code("2020-M03", RULES)
    assert (march.window_start, march.window_end) == (date(2020, 2, 15), date(2020, 3, 14))
    assert cal.due_day(march, "commune", RULES) == date(2020, 3, 17)
    assert cal.due_at(march, "province", RULES).isoformat() == "2020-03-19T23:59:59+07:00"
    assert cal.close_day(march, RULES) == date(2020, 3, 23)
