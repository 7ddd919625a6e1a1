"""The duties of the calendar, as plain functions: close what is due to be closed, remind who is late."""

from collections.abc import Mapping, Sequence
from typing import Any

from drives.listing import DriveError
from drives.outbox import deliver
from plans import reporting_calendar
from publishing.reminders.mailing import MailError, send
from publishing.reminders.messages import FILE_NAME, reminders
from services.context import AppContext
from warehouse.history.snapshots import close, due_to_close
from warehouse.queries import to_remind

DAYS_AHEAD = 5  # how long before the due day a body is reminded


def close_due(work: AppContext, kind: str) -> list[str]:
    """Close the periods of a kind (M, Q, H, Y) whose closing day has come; returns their codes."""
    with work.engine.connect() as connection:
        due = due_to_close(connection, work.plan, kind, work.now)
    for period in due:
        with work.engine.begin() as connection:  # each for itself: a failure leaves those before it closed
            close(connection, work.plan, period, work.now)
    return [period.code for period in due]


def remind(work: AppContext, urls: Sequence[str]) -> dict[str, Any]:
    """Write one message per body into its outbox on the drives: what is overdue, refused or due soon.

    The same goes by e-mail to bodies with an address in the plan, where a mail server is configured.
    """
    with work.engine.connect() as connection:
        reports = to_remind(connection, work.plan, work.now, DAYS_AHEAD)
    messages = reminders(work.plan, reports, work.now)
    files = {(body, FILE_NAME): text.encode("utf-8-sig") for body, text in messages.items()}
    written: list[str] = []
    problems: list[str] = []
    for url in urls:
        try:
            written += deliver(url, files)
        except DriveError as error:
            problems.append(str(error))
    mailed, refused = _mail(work, messages)
    problems += refused
    overdue = sorted({report["body_code"] for report in reports if report["status"] == "missing"})
    return {
        "bodies": sorted(messages),
        "overdue_bodies": overdue,
        "reports": len(reports),
        "written": written,
        "mailed": mailed,
        "problems": problems,
    }


def _mail(work: AppContext, messages: Mapping[str, str]) -> tuple[int, list[str]]:
    """How many messages went out by e-mail, and what went wrong."""
    addressed = [
        (address, text)
        for body, text in messages.items()
        if (address := work.plan.bodies_by_code[body].email)
    ]
    if not work.settings.smtp_url or not addressed:
        return 0, []
    try:
        refused = send(work.settings.smtp_url, f"Nhắc báo cáo: {work.plan.title}", addressed, work.now)
    except MailError as error:
        return 0, [str(error)]
    return len(addressed) - len(refused), refused


def is_due_day(work: AppContext) -> bool:
    """Whether some body's report is due today."""
    return reporting_calendar.is_due_day(work.now.astimezone(work.zone).date(), work.plan.calendar)
