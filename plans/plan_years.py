"""The years of a plan: a plan of several years is computed year by year."""

from datetime import date
from itertools import chain

from plans.model import Plan
from plans.reporting_calendar import Period, ad_hoc_periods, scheduled_periods, year_window


def years_of(plan: Plan) -> range:
    """Return the years of a plan."""
    return range(plan.year, (plan.last_year or plan.year) + 1)


def plan_window(plan: Plan) -> tuple[date, date]:
    """Return the first day of the plan's first year and the last day of its last one."""
    years = years_of(plan)
    return year_window(years[0], plan.calendar)[0], year_window(years[-1], plan.calendar)[1]


def year_starts(plan: Plan) -> tuple[date, ...]:
    """Return the first day of each year of a plan."""
    return tuple(year_window(year, plan.calendar)[0] for year in years_of(plan))


def plan_periods(plan: Plan) -> tuple[Period, ...]:
    """Return the scheduled periods of all years of a plan, by end of window."""
    return tuple(chain.from_iterable(scheduled_periods(year, plan.calendar) for year in years_of(plan)))


def all_periods(plan: Plan) -> tuple[Period, ...]:
    """Return the scheduled and the ad hoc periods of all years of a plan."""
    ad_hoc = chain.from_iterable(ad_hoc_periods(year, plan.calendar) for year in years_of(plan))
    return (*plan_periods(plan), *ad_hoc)


def year_of_day(plan: Plan, day: date) -> int:
    """Return the year of the plan in which a day lies; its first year for a day outside."""
    for year in years_of(plan):
        first, last = year_window(year, plan.calendar)
        if first <= day <= last:
            return year
    return plan.year
