"""The jobs of the reporting calendar: close periods on their closing day, remind bodies of due reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypedDict

from publishing.i18n import body_text
from publishing.reminders.mailing import MailError, send
from publishing.reminders.messages import reminders
from services.context import AppContext
from services.delivery import BodyFile, deliver_to_bodies
from warehouse.blocking_readers import begin_writing
from warehouse.history.snapshots import CannotCloseError, close, due_to_close
from warehouse.queries import to_remind
from warehouse.server_state import CLOCKS_WRONG, server_clock

DAYS_AHEAD = 5  # how long before the due day a body is reminded


class RemindResult(TypedDict):
    """The bodies that were reminded, the files written, the e-mails sent, and what could not be sent."""

    bodies: list[str]
    overdue_bodies: list[str]
    reports: int
    written: list[str]
    mailed: int
    problems: list[str]


@dataclass(slots=True)
class ClosedPeriods:
    """The codes of the periods that were closed, and a sentence for each that cannot be closed yet."""

    closed: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def add(self, other: "ClosedPeriods") -> None:
        """Add the periods of another plan."""
        self.closed += other.closed
        self.problems += other.problems


def close_due(context: AppContext, kind: str) -> ClosedPeriods:
    """Close the periods of a kind (M, Q, H, Y) whose closing day has come and that may be closed.

    None is closed while this machine's clock differs from that of the database server: one of both is wrong.
    """
    result = ClosedPeriods()
    with context.engine.connect() as connection:
        due = due_to_close(connection, context.plan, kind, context.now)
        ahead = datetime.now(UTC) - server_clock(connection)
    if due and context.settings.now is None and abs(ahead) > CLOCKS_WRONG:
        codes = ", ".join(period.code for period in due)
        result.problems.append(
            f"{codes} cannot be closed: this machine's clock and that of the database server differ by"
            f" {abs(ahead.total_seconds()):.0f} s. Synchronise both with a time server."
        )
        return result
    for period in due:
        try:
            with begin_writing(context.engine) as connection:  # one each: a failure keeps those before it
                close(connection, context.plan, period, context.now)
        except CannotCloseError as error:
            result.problems.append(f"{error} {error.hint}".strip())
        else:
            result.closed.append(period.code)
    return result


def remind(context: AppContext, urls: Sequence[str]) -> RemindResult:
    """Remind the bodies of one plan, as `remind_of_plans` does."""
    return remind_of_plans([context], urls)


def remind_of_plans(contexts: Sequence[AppContext], urls: Sequence[str]) -> RemindResult:
    """Write one message per body into its outbox on the drives: what is overdue, rejected or due soon.

    It is about all plans of the body. The same goes by e-mail, plan by plan, to bodies with an address in the
    plan, where a mail server is configured.
    """
    texts: dict[BodyFile, list[str]] = {}
    owed: list[Mapping[str, Any]] = []
    mailed = 0
    problems: list[str] = []
    for context in contexts:
        with context.engine.connect() as connection:
            reports = to_remind(connection, context.plan, context.now, DAYS_AHEAD)
        messages = reminders(context.plan, context.forms, reports, context.now)
        for body, text in messages.items():
            name = body_text(context.plan.language, "reminder.file")
            texts.setdefault((context.plan.area, body, name), []).append(text)
        sent, undelivered = _mail(context, messages)
        mailed += sent
        problems += undelivered
        owed += reports
    files = {file: "\n".join(parts).encode("utf-8-sig") for file, parts in texts.items()}
    written, not_written = deliver_to_bodies(urls, files, [context.plan for context in contexts])
    return {
        "bodies": sorted({body for _, body, _ in texts}),
        "overdue_bodies": sorted({r["body_code"] for r in owed if r["status"] == "missing"}),
        "reports": len(owed),
        "written": written,
        "mailed": mailed,
        "problems": not_written + problems,
    }


def _mail(context: AppContext, messages: Mapping[str, str]) -> tuple[int, list[str]]:
    """Return how many messages were sent by e-mail, and a sentence for each that was not."""
    addresses = {body: context.plan.bodies_by_code[body].email for body in messages}
    addressed = [(addresses[body] or "", text) for body, text in messages.items() if addresses[body]]
    if not context.settings.smtp_url or not addressed:
        return 0, []
    subject = body_text(context.plan.language, "reminder.subject", plan=context.plan.title)
    try:
        refused = send(context.settings.smtp_url, subject, addressed, context.now)
    except MailError as error:
        return 0, [str(error)]
    return len(addressed) - len(refused), refused
