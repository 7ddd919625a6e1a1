"""Erase what was received with personal data: from database, archive and published pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from drives import archive
from services.context import AppContext
from services.publish import publish_plans
from warehouse.blocking_readers import exclusively
from warehouse.indicators.evaluation import EVERYTHING
from warehouse.indicators.materialize import materialize
from warehouse.load import purges
from warehouse.load.batch import affected_scope
from warehouse.load.purges import PurgedContent
from warehouse.loads import recorded_load


@dataclass(frozen=True, slots=True)
class PurgeResult:
    """The erased submissions, which of them had counted, the changed figures, and the written pages."""

    submissions: list[int]
    withdrawn: list[int]
    indicators_changed: int
    pages_changed: int


def purge(contexts: Sequence[AppContext], submission_id: int, reason: str) -> PurgeResult:
    """Erase the content of a submission, with its values and findings, and refresh figures and pages.

    A file may hold reports of several plans: those of all given plans go. Repeated after a failure, it does
    what is left. Waits for a running ingest. Raises CannotPurgeError.
    """
    first = contexts[0]
    changed = 0
    with exclusively(first.engine, "ingest"):
        with first.engine.begin() as connection:
            content = purges.content_of(connection, [context.plan for context in contexts], submission_id)
            for context in contexts:
                if context.plan.code in content.parts:
                    changed += _purge_part(connection, context, content, reason)
        archive.note_hash_only(first.settings.archive, content.sha256)
    pages = first.settings.home / "published"
    published = publish_plans(contexts, pages).changed if pages.exists() else []
    return PurgeResult(content.submissions, sorted(content.counting), changed, len(published))


def _purge_part(connection: Connection, context: AppContext, content: PurgedContent, reason: str) -> int:
    """Erase the submissions of one plan; returns how many figures changed."""
    plan, now = context.plan, context.now
    with recorded_load(connection, plan, "withdraw", now) as load:
        withdrawn = purges.purge(connection, plan, load, content, reason)
        known = [s for s in withdrawn if s.body_code in plan.bodies_by_code]
        scope = affected_scope(plan, known) if len(known) == len(withdrawn) else EVERYTHING
        return materialize(connection, plan, now, scope, load=load) if scope is not None else 0
