"""Write the published site and hand the return files out on the drives."""

from dataclasses import dataclass
from pathlib import Path

from drives import archive
from drives.listing import DriveError
from drives.outbox import deliver
from publishing.returns.selection import ENDING as RETURNED
from publishing.site.build import publish as write_site
from services.context import AppContext
from warehouse.database import advisory_lock
from warehouse.integrity.events import append_event
from warehouse.quality.checkpoint import refuse_broken, run_checkpoint


@dataclass(frozen=True)
class Done:
    """What a publication changed, what it put into the outboxes of the drives, and what went wrong there."""

    changed: list[str]
    handed_out: list[str]
    problems: list[str]


def publish_to(work: AppContext, out: Path) -> Done:
    """Write the site of the work's plan into a folder and hand the returned files out on the drives.

    A publication that changed something is an event of the audit chain. Raises CheckpointError, the last
    good pages untouched, where the warehouse is not as it must be.
    """

    def load(sha256: str) -> bytes | None:
        try:
            return archive.load(work.settings.archive, sha256)
        except archive.ArchiveError:
            return None

    with advisory_lock(work.engine, "publish"):
        checked = run_checkpoint(work.engine, work.plan, work.now)
        refuse_broken(checked.outcomes)
        with work.engine.connect() as connection:
            published = write_site(connection, work.plan, load, out, work.now, checked)
        if published.changed:
            told = {"files": len(published.changed), "sha256": published.digest}
            with work.engine.begin() as connection:
                append_event(connection, "publish", work.plan.code, told, work.now)
        returned = {(f.body_code, f.name): (out / place).read_bytes() for f, place in published.returned}
        handed_out: list[str] = []
        problems: list[str] = []
        for url in work.settings.sources:
            try:
                handed_out += deliver(url, returned, RETURNED)
            except DriveError as error:
                problems.append(str(error))
    return Done(published.changed, handed_out, problems)
