"""Reminder messages in the language of the plan: reports that are overdue, rejected or due soon."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypedDict, cast
from zoneinfo import ZoneInfo

from plans.model import Plan
from plans.reporting_calendar import period_from_code
from publishing.i18n import body_text
from schemas.form_set import FormSet
from transforms.text.sentences import in_sentence

_STATUSES = ("missing", "rejected", "not_due")


class ReportRow(TypedDict):
    """A row of mart.reporting_status, as far as a reminder needs it."""

    body_code: str
    form_code: str
    period_code: str
    status: str
    due_at: datetime


def reminders(
    plan: Plan, forms: FormSet, reports: Sequence[Mapping[str, Any]], now: datetime
) -> dict[str, str]:
    """Return one message per body code for reports that are missing, rejected or due soon."""
    by_body: dict[str, list[ReportRow]] = {}
    for row in reports:
        report = cast(ReportRow, row)
        by_body.setdefault(report["body_code"], []).append(report)
    return {body: _message(plan, forms, body, owed, now) for body, owed in by_body.items()}


def _message(plan: Plan, forms: FormSet, body: str, reports: Sequence[ReportRow], now: datetime) -> str:
    zone = ZoneInfo(plan.calendar.timezone)
    say = partial(body_text, plan.language)
    lines = [
        say("reminder.to", body=in_sentence(plan.bodies_by_code[body].name)),
        say("reminder.about", plan=plan.title),
        say("reminder.day", day=now.astimezone(zone)),
    ]
    for status in _STATUSES:
        of_status = [report for report in reports if report["status"] == status]
        if of_status:
            lines += ["", f"{say(f'reminder.{status}')}:"]
            lines += [
                _line(plan, forms, report, zone) for report in sorted(of_status, key=lambda r: r["due_at"])
            ]
    lines += ["", say("reminder.closing")]
    return "\n".join(lines) + "\n"


def _line(plan: Plan, forms: FormSet, report: ReportRow, zone: ZoneInfo) -> str:
    period = period_from_code(report["period_code"], plan.calendar)
    form = forms.by_code[report["form_code"]]
    due = report["due_at"].astimezone(zone)
    title = form.title.capitalize()
    values = {"form": form.code, "title": title, "period": period.name_vi, "due": due}
    return body_text(plan.language, "reminder.line", **values)
