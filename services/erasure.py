"""Erase what was received with personal data: from database, archive and published pages."""

from dataclasses import dataclass

from drives import archive
from services.context import AppContext
from services.publish import publish_to
from warehouse.blocking_readers import exclusively
from warehouse.indicators.materialize import EVERYTHING, materialize
from warehouse.load import purges
from warehouse.load.batch import affected_scope
from warehouse.loads import recorded_load


@dataclass(frozen=True, slots=True)
class PurgeResult:
    """The erased submissions, which of them had counted, the changed figures, and the written pages."""

    submissions: list[int]
    withdrawn: list[int]
    indicators_changed: int
    pages_changed: int


def purge(context: AppContext, submission_id: int, reason: str) -> PurgeResult:
    """Erase the content of a submission, with its values and findings, and refresh figures and pages.

    Repeated after a failure, it does what is left. Waits for a running ingest. Raises CannotPurgeError.
    """
    plan, now = context.plan, context.now
    changed = 0
    with exclusively(context.engine, "ingest"):
        with context.engine.begin() as connection:
            content = purges.content_of(connection, plan, submission_id)
            if content.submissions:
                with recorded_load(connection, plan, "withdraw", now) as load:
                    withdrawn = purges.purge(connection, plan, load, content, reason)
                    known = [s for s in withdrawn if s.body_code in plan.bodies_by_code]
                    scope = affected_scope(plan, known) if len(known) == len(withdrawn) else EVERYTHING
                    if scope is not None:
                        changed = materialize(connection, plan, now, scope, load=load)
        archive.note_hash_only(context.settings.archive, content.sha256)
    pages = context.settings.home / "published"
    published = publish_to(context, pages).changed if pages.exists() else []
    return PurgeResult(list(content.submissions), sorted(content.counting), changed, len(published))
