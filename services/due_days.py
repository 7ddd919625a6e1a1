"""On days on which reports are due, drives are listed more often: every five minutes of the working hours."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from plans.model import Plan
from plans.reading import read_plan
from plans.reporting_calendar import is_due_day
from services.settings import Settings, present

_FIRST_HOUR, _LAST_HOUR = 7, 17
_EVERY = timedelta(minutes=5)
_ORDINARY_MINUTES = 15  # prefect.yaml has an ingest at each multiple of these


def further_ingests(settings: Settings) -> list[datetime]:
    """Return the moments from now on at which drives are to be listed today beside the ordinary schedule.

    Empty unless a report is due today under one of the plans. Raises PlanError.
    """
    moments = {moment for file in settings.plans for moment in _of_plan(settings, read_plan(file))}
    return sorted(moments)


def _of_plan(settings: Settings, plan: Plan) -> list[datetime]:
    now = present(settings, plan.calendar.timezone).astimezone(ZoneInfo(plan.calendar.timezone))
    if not is_due_day(now.date(), plan.calendar):
        return []
    start = now.replace(hour=_FIRST_HOUR, minute=0, second=0, microsecond=0)
    count = (_LAST_HOUR - _FIRST_HOUR + 1) * timedelta(hours=1) // _EVERY
    moments = [start + number * _EVERY for number in range(count)]
    return [moment for moment in moments if moment >= now and moment.minute % _ORDINARY_MINUTES]
