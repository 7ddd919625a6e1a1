"""Take back decisions: withdraw an accepted submission, free a body from a report, ask for it again."""

from dataclasses import dataclass

from services.context import AppContext
from warehouse import queries
from warehouse.blocking_readers import begin_writing, exclusively
from warehouse.indicators.evaluation import EVERYTHING, RefreshScope
from warehouse.indicators.materialize import materialize
from warehouse.load import withdrawals
from warehouse.load.batch import affected_scope
from warehouse.loads import recorded_load


@dataclass(frozen=True, slots=True)
class WithdrawResult:
    """A withdrawn submission, the one in force again (None without one), and how many figures changed.

    `restored_parts` are all that are in force again where the report has several parts.
    """

    submission_id: int
    restored: int | None
    indicators_changed: int
    restored_parts: tuple[int, ...] = ()


def withdraw(context: AppContext, submission_id: int, reason: str) -> WithdrawResult:
    """Withdraw an accepted submission and refresh the figures. Raises CannotWithdrawError.

    Waits for a running ingest. One transaction.
    """
    plan, now = context.plan, context.now
    with (
        exclusively(context.engine, "ingest"),
        context.engine.begin() as connection,
        recorded_load(connection, plan, "withdraw", now) as load,
    ):
        done = withdrawals.withdraw(connection, plan, load, submission_id, reason)
        is_known = done.submission.body_code in plan.bodies_by_code
        scope = affected_scope(plan, [done.submission]) if is_known else None
        changed = materialize(connection, plan, now, scope or EVERYTHING, load=load)
    return WithdrawResult(submission_id, max(done.restored, default=None), changed, done.restored)


@dataclass(frozen=True, slots=True)
class WaiveResult:
    """How many figures a waiver changed, and the accepted submission of that report; None without one."""

    indicators_changed: int
    delivered: int | None


def waive(context: AppContext, body: str, form: str, period: str, reason: str) -> WaiveResult:
    """Free a body from one report and refresh the figures. Raises NotFoundError."""
    with begin_writing(context.engine) as connection:
        delivered = queries.waive(connection, context.plan, body, form, period, reason, context.now)
        scope = RefreshScope(forms=frozenset({form}))
        changed = materialize(connection, context.plan, context.now, scope)
    return WaiveResult(changed, delivered)


def unwaive(context: AppContext, body: str, form: str, period: str, reason: str) -> int:
    """Require a waived report again; returns how many figures changed. Raises NotFoundError."""
    with begin_writing(context.engine) as connection:
        queries.unwaive(connection, context.plan, body, form, period, reason, context.now)
        scope = RefreshScope(forms=frozenset({form}))
        return materialize(connection, context.plan, context.now, scope)
