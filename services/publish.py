"""Write the published site and deliver the return files to the outboxes of the drives."""

from dataclasses import dataclass
from pathlib import Path

from drives import archive
from drives.listing import DriveError
from drives.outbox import deliver
from publishing.returns.selection import ENDING as RETURNED
from publishing.site.build import publish as write_site
from services.context import AppContext
from services.published_heads import note_head
from warehouse.database import advisory_lock
from warehouse.integrity.events import append_event
from warehouse.quality.checkpoint import refuse_broken, run_checkpoint


@dataclass(frozen=True)
class PublishResult:
    """The files that a publication changed and delivered to outboxes, and what could not be delivered."""

    changed: list[str]
    delivered: list[str]
    problems: list[str]


def publish_to(context: AppContext, out: Path) -> PublishResult:
    """Write the site of the plan into a folder and deliver the return files to the drives.

    A publication that changed something is an event of the audit chain; the head that the pages show is noted
    outside the database. Raises CheckpointError, with the published pages unchanged, where the warehouse does
    not meet its critical expectations.
    """

    def load(sha256: str) -> bytes | None:
        try:
            return archive.load(context.settings.archive, sha256)
        except archive.ArchiveError:
            return None

    with advisory_lock(context.engine, "publish"):
        checked = run_checkpoint(context.engine, context.plan, context.now)
        refuse_broken(checked.outcomes)
        with context.engine.connect() as connection:
            published = write_site(connection, context.plan, load, out, context.now, checked)
        if published.changed:
            payload = {"files": len(published.changed), "sha256": published.digest}
            with context.engine.begin() as connection:
                append_event(connection, "publish", context.plan.code, payload, context.now)
        note_head(context, out)
        returned = {(f.body_code, f.name): (out / place).read_bytes() for f, place in published.returned}
        delivered: list[str] = []
        problems: list[str] = []
        for url in context.settings.sources:
            try:
                delivered += deliver(url, returned, RETURNED)
            except DriveError as error:
                problems.append(str(error))
    return PublishResult(published.changed, delivered, problems)
