"""The commands that take something back: withdraw, purge, waive, unwaive, reopen."""

import logging
from dataclasses import asdict
from typing import TYPE_CHECKING

from cli import console
from cli.options import (
    BodyArgument,
    FormArgument,
    Json,
    PeriodArgument,
    PlanCodeOption,
    ReasonOption,
    SubmissionArgument,
)
from cli.texts import say
from plans.errors import UsageError

if TYPE_CHECKING:
    from services.context import AppContext

_LOGGER = logging.getLogger("chitieu")


def withdraw(submission: SubmissionArgument, reason: ReasonOption, as_json: Json = False) -> None:
    """Take back an accepted submission; the one before for the same report is in force again.

    \b
    Example:
      chitieu withdraw 12 --reason "Gửi nhầm số liệu"
    """
    from services import retraction
    from services.context import open_context_of

    _check_reason(reason)
    result = retraction.withdraw(open_context_of(submission), submission, reason.strip())
    if as_json:
        console.print_json(
            {
                "submission": submission,
                "restored": result.restored,
                "restored_parts": list(result.restored_parts),
                "indicators_changed": result.indicators_changed,
            }
        )
        return
    restored = ", ".join(map(str, result.restored_parts))
    values = {"submission": submission, "restored": restored, "count": result.indicators_changed}
    if result.restored:
        sentence = (
            "Submission {submission} is withdrawn: submission {restored} is in force again, {count} target"
            " figures changed"
        )
    else:
        sentence = (
            "Submission {submission} is withdrawn: no submission is in force again, {count} target figures"
            " changed"
        )
    print(say(sentence, **values))


def purge(submission: SubmissionArgument, reason: ReasonOption, as_json: Json = False) -> None:
    """Erase the content, values and findings of a submission in which a person was found.

    All submissions of the same file are erased, of each active plan, from database, archive and published
    pages; those that count are withdrawn first. The file's hash and the reason stay in the audit chain. Have
    the body remove the file from its drive before.

    \b
    Example:
      chitieu purge 12 --reason "Có tên người trong cột ghi chú"
    """
    from services import erasure
    from services.context import open_contexts

    _check_reason(reason)
    result = erasure.purge(open_contexts(), submission, reason.strip())
    if as_json:
        console.print_json(asdict(result))
        return
    values = {
        "numbers": ", ".join(map(str, result.submissions)) or say("nothing more"),
        "figures": result.indicators_changed,
        "pages": result.pages_changed,
    }
    print(say("Erased: submission {numbers}. {figures} target figures and {pages} pages changed", **values))


def waive(
    body: BodyArgument,
    form: FormArgument,
    period: PeriodArgument,
    reason: ReasonOption,
    plan_code: PlanCodeOption = None,
    as_json: Json = False,
) -> None:
    """Free a body from one report, with the reason on record.

    \b
    Example:
      chitieu waive UBND-734 02-PCMD 2020-M01 --reason "Chưa thành lập"
    """
    from services import retraction

    context = _context_of_report(body, form, period, reason, plan_code)
    result = retraction.waive(context, body, form, period, reason.strip())
    warnings = []
    if result.delivered is not None:
        warnings.append(
            f"The report is in as submission {result.delivered}, and counts: chitieu withdraw takes it back."
        )
    for warning in warnings:
        _LOGGER.warning(warning)
    if as_json:
        report = {"body": body, "form": form, "period": period}
        changes = {"indicators_changed": result.indicators_changed, "warnings": warnings}
        console.print_json(report | changes)
    else:
        print(say("{body} need not report form {form} for {period}", body=body, form=form, period=period))


def unwaive(
    body: BodyArgument,
    form: FormArgument,
    period: PeriodArgument,
    reason: ReasonOption,
    plan_code: PlanCodeOption = None,
    as_json: Json = False,
) -> None:
    """Require a waived report again, with the reason on record.

    \b
    Example:
      chitieu unwaive UBND-734 02-PCMD 2020-M01 --reason "Đã thành lập"
    """
    from services import retraction

    context = _context_of_report(body, form, period, reason, plan_code)
    changed = retraction.unwaive(context, body, form, period, reason.strip())
    if as_json:
        console.print_json({"body": body, "form": form, "period": period, "indicators_changed": changed})
    else:
        print(say("{body} must report form {form} for {period}", body=body, form=form, period=period))


def reopen(
    period: PeriodArgument,
    reason: ReasonOption,
    plan_code: PlanCodeOption = None,
    as_json: Json = False,
) -> None:
    """Open a closed period again; its frozen figures are kept, and closing it makes the next edition.

    The schedule does not close it again: that needs `chitieu close`.

    \b
    Example:
      chitieu reopen 2020-Q1 --reason "Bổ sung báo cáo của huyện"
    """
    from services.codes import check_period
    from services.context import open_context
    from services.plan_choice import Wanted
    from warehouse.blocking_readers import begin_writing
    from warehouse.history import snapshots

    _check_reason(reason)
    context = open_context(wanted=Wanted(plan_code, period=period))
    closed = check_period(context.plan, period)
    with begin_writing(context.engine) as connection:
        edition = snapshots.reopen(connection, context.plan, closed, context.now, reason.strip())
    if as_json:
        console.print_json({"period": closed.code, "kept_edition": edition, "reopened_at": context.now})
    else:
        print(
            say("{period} is open again; its edition {edition} is kept", period=closed.code, edition=edition)
        )


def _context_of_report(body: str, form: str, period: str, reason: str, plan_code: str | None) -> "AppContext":
    """Open the context of a command about one report of the plan. Raises UsageError."""
    from services.codes import check_body, check_form, check_period
    from services.context import open_context
    from services.plan_choice import Wanted

    _check_reason(reason)
    context = open_context(wanted=Wanted(plan_code, period=period, body=body, form=form))
    check_body(context.plan, body)
    check_form(context.plan, form)
    check_period(context.plan, period)
    return context


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise UsageError("Give the reason with --reason.")
