"""Withdraw accepted submissions: their facts end, and the submission before is in force again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from plans.errors import ChitieuError
from plans.model import Plan
from schemas.declaration import Form
from warehouse.form_catalog import form_set_of
from warehouse.integrity.digests import recorded_again_digest
from warehouse.integrity.events import append_event
from warehouse.load.submissions import ACCEPTED, Submission
from warehouse.loads import Load
from warehouse.models.audit_tables import WITHDRAWAL
from warehouse.models.form_tables import fact_columns, fact_table
from warehouse.quality.outliers import refresh_outliers
from warehouse.sql_templates import read_sql, render

WithdrawnSheet = tuple[str, str, str, str]  # body, sha256 of the file, form, period


class CannotWithdrawError(ChitieuError):
    """A submission that cannot be withdrawn; the message states the reason."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A withdrawn submission, and the numbers of those in force again: none, one, or parts of a report."""

    submission: Submission
    restored: tuple[int, ...]


def withdraw(connection: Connection, plan: Plan, load: Load, submission_id: int, reason: str) -> Withdrawal:
    """Withdraw an accepted submission, in force or not. Raises CannotWithdrawError.

    The rows of the submission before are recorded again, as rows of this load.
    """
    rows = connection.execute(text(read_sql("load/submission_to_withdraw")), {"submission_id": submission_id})
    found = _check(plan, submission_id, rows.one_or_none())
    form = form_set_of(connection, plan).by_code[found.form_code]
    restored: tuple[int, ...] = ()
    if found.is_in_force:
        _end_facts(connection, form, submission_id, load.started_at)
        restored = tuple(found.previous_ids)
    facts: dict[str, str] = {}
    for number in restored:
        _record_again(connection, form, number, load)
        facts[str(number)] = recorded_again_digest(connection, form, number, load.load_id)
    payload = {
        "plan": plan.code,
        "reason": reason,
        "submission_id": submission_id,
        "restored": list(restored),
        "load_id": load.load_id,
        "facts": facts,
    }
    event_id = append_event(connection, "withdraw", str(submission_id), payload, load.started_at)
    connection.execute(
        WITHDRAWAL.insert(),
        {
            "submission_id": submission_id,
            "withdrawn_at": load.started_at,
            "reason": reason,
            "restored_ids": list(restored),
            "event_id": event_id,
            "load_id": load.load_id,
        },
    )
    refresh_outliers(connection, form, plan.area, {found.body_code})
    return Withdrawal(_as_submission(submission_id, found), restored)


def withdrawn_sheets(
    connection: Connection, plan_code: str, before_event: int | None = None
) -> frozenset[WithdrawnSheet]:
    """The sheets that were withdrawn; with an event of the audit chain, those withdrawn before it.

    Also those that were never loaded because they repeated the report in force: it may be withdrawn.
    """
    rows = connection.execute(
        text(read_sql("load/withdrawn_sheets")), {"plan": plan_code, "event": before_event}
    )
    return frozenset((row[0], row[1], row[2], row[3]) for row in rows)


def _check(plan: Plan, submission_id: int, found: Row[Any] | None) -> Row[Any]:
    """Return the row of a submission that can be withdrawn. Raises CannotWithdrawError."""
    if found is None:
        raise CannotWithdrawError(f"There is no submission {submission_id}.", "chitieu status lists all.")
    if found.status not in ACCEPTED:
        raise CannotWithdrawError(
            f"Submission {submission_id} is {found.status}: only accepted submissions can be withdrawn."
        )
    if found.is_withdrawn:
        raise CannotWithdrawError(f"Submission {submission_id} is withdrawn already.")
    if found.plan_code != plan.code:
        raise CannotWithdrawError(
            f"Submission {submission_id} belongs to the plan {found.plan_code}, not to {plan.code}.",
            "Set CHITIEU_PLAN to the file of that plan.",
        )
    return found


def _end_facts(connection: Connection, form: Form, submission_id: int, ended_at: datetime) -> None:
    statement = render("load/end_facts", table=fact_table(form).fullname)
    connection.execute(text(statement), {"submission_id": submission_id, "ended_at": ended_at})


def _record_again(connection: Connection, form: Form, submission_id: int, load: Load) -> None:
    columns = [name for name in fact_columns(form) if name not in ("load_id", "recorded_at")]
    statement = render("load/record_facts_again", table=fact_table(form).fullname, columns=columns)
    connection.execute(
        text(statement),
        {"submission_id": submission_id, "load_id": load.load_id, "recorded_at": load.started_at},
    )


def _as_submission(submission_id: int, found: Row[Any]) -> Submission:
    return Submission(
        body_code=found.body_code,
        form_code=found.form_code,
        period_code=found.period_code,
        status=found.status,
        source_url=found.source_url,
        file_name=found.file_name,
        sheet_name=found.sheet_name,
        sha256=found.sha256,
        size_bytes=found.size_bytes,
        received_at=found.received_at,
        revision=found.revision,
        submission_id=submission_id,
    )
