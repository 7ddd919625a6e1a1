"""Write the published sites of the plans and deliver the return files to the outboxes of the drives."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from threading import Thread

from drives import archive
from plans.errors import ChitieuError, UsageError
from plans.model import Plan
from publishing.returns.selection import ENDING as RETURNED
from publishing.site.audiences import EVERYTHING, Audience, AudienceKind
from publishing.site.build import publish as write_site
from publishing.site.check_pages import Checks, checks_are_current
from publishing.site.folder import remove_other_sites
from publishing.site.front_page import write_front_page
from services.background_checkpoint import start_checkpoint
from services.child_processes import end_with_parent
from services.codes import check_area
from services.context import AppContext, read_plans
from services.delivery import BodyFile, deliver_to_bodies
from services.lineage import Publication, emit_publications
from services.monitoring import after_publication
from services.progress import Progress, no_progress
from services.published_heads import note_head
from services.reader_access import reader_connection
from services.tracing import span, traced
from warehouse.blocking_readers import exclusively
from warehouse.integrity.events import append_event
from warehouse.quality.checkpoint import Checked, CheckpointError, refuse_broken
from warehouse.quality.checkpoint_state import checkpoint_state


class PagesError(ChitieuError):
    """Pages that cannot be written; the message names the folder and the reason."""


@dataclass(slots=True)
class PublishResult:
    """The files that a publication changed and delivered to outboxes, and what could not be delivered."""

    changed: list[str] = field(default_factory=list)
    delivered: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def audience_of(text: str, plans: Sequence[Plan]) -> Audience:
    """Read "auditor", "bi" or "area:CODE". Raises UsageError for anything else and for an unknown area."""
    kind, _, area = text.partition(":")
    if kind not in set(AudienceKind) or bool(area) != (kind == AudienceKind.AREA):
        raise UsageError(f"{text!r} is no kind of reader.", "Use one of auditor, bi, area:CODE.")
    if area:
        for plan in plans:
            check_area(plan, area)
    return Audience(AudienceKind(kind), area)


def plan_folder(context: AppContext) -> Path:
    """Return the folder of the plan's site below the published folder: with several active plans its own."""
    return Path(context.plan.code if len(set(context.settings.plans)) > 1 else ".")


def publish_to(context: AppContext, out: Path) -> PublishResult:
    """Publish one plan, as `publish_plans` does."""
    return publish_plans([context], out)


def publish_plans(
    contexts: Sequence[AppContext],
    out: Path,
    audience: Audience = EVERYTHING,
    progress: Progress = no_progress,
) -> PublishResult:
    """Write the site of each plan into a folder and deliver the return files to the drives.

    A site for an audience that may not see everything has what these readers may see; nothing is delivered.

    A publication that changed something is an event of the audit chain; the head that the pages show is noted
    outside the database, and monitors are informed. Raises PagesError where they cannot be written. Raises
    CheckpointError, with the published pages of the plan unchanged, where the warehouse does not meet its
    critical expectations; the other plans are published.
    """
    first = contexts[0]
    publications: list[Publication] = []
    try:
        with traced(first.settings, "publish"), exclusively(first.engine, "publish"), _workers() as workers:
            site = partial(_publish_plan, workers=workers, audience=audience, progress=progress)
            result = _publish_all(contexts, out, audience, site, publications)
    except OSError as error:
        raise PagesError(
            f"The pages cannot be written to {out}: {error.strerror or error}. The last good pages stay.",
            "Check that the disk has room and that this account may write there.",
            retryable=True,
        ) from error
    finally:
        if first.settings.openlineage_url:
            emit_publications(first.settings.openlineage_url, first.engine, publications)
    after_publication(first.settings, len(result.changed))
    return result


def _publish_all(
    contexts: Sequence[AppContext],
    out: Path,
    audience: Audience,
    site: Callable[[AppContext, Path, dict[BodyFile, bytes]], list[str]],
    publications: list[Publication],
) -> PublishResult:
    """Write the sites, each by `site`, and deliver the return files; adds what was published or refused."""
    result = PublishResult()
    returned: dict[BodyFile, bytes] = {}
    failures: list[CheckpointError] = []
    first = contexts[0]
    for context in contexts:
        one = Publication(context.plan.code, out / plan_folder(context), datetime.now(UTC))
        publications.append(one)
        try:
            with span("write site", context.plan.code):
                changed = site(context, out, returned)
        except CheckpointError as error:
            failures.append(error)
        else:
            result.changed += changed
            publications[-1] = replace(one, files=len(changed))
    note_head(first, out)
    active = list(read_plans(first.settings).values())
    if plan_folder(first) != Path():
        result.changed += write_front_page(out, active)
    remove_other_sites(out, [plan.code for plan in active] if len(active) > 1 else [])
    if not audience.is_whole:
        returned.clear()
    # Files of plans that were not published stay in the outboxes.
    ending = RETURNED if len(contexts) == len(active) and not failures else None
    with span("deliver files", f"{len(returned)} files"):
        delivered = deliver_to_bodies(first.settings.sources, returned, active, ending)
    result.delivered, result.problems = delivered
    if failures:
        raise failures[0]
    return result


def _workers() -> ProcessPoolExecutor:
    """Return one process beside this one and that of the checkpoint; it starts with the first work for it."""
    return ProcessPoolExecutor(1, get_context("spawn"), initializer=_start_worker)


def _start_worker() -> None:
    Thread(target=end_with_parent, daemon=True).start()


def _publish_plan(
    context: AppContext,
    out: Path,
    returned: dict[BodyFile, bytes],
    workers: Executor,
    audience: Audience,
    progress: Progress,
) -> list[str]:
    """Write the site of a plan and add its return files; returns the files that changed."""

    def load(sha256: str) -> bytes | None:
        try:
            return archive.load(context.settings.archive, sha256)
        except archive.ArchiveError:
            return None

    plan, folder = context.plan, plan_folder(context)
    with context.engine.connect() as connection:
        checks = _checks(context, checkpoint_state(connection, plan, context.now), out / folder)
        write = partial(write_site, connection, plan, load, out / folder, context.now, checks, workers)
        write = partial(write, on_file=partial(progress, f"Writing {plan.code}"))
        if audience.is_whole:
            published = write()
        else:
            kind = audience.kind if not audience.area else f"{audience.kind}:{audience.area}"
            with reader_connection(context, kind) as reader:
                published = write((audience, reader))
    if published.changed:
        payload = {"files": len(published.changed), "sha256": published.digest}
        with context.engine.begin() as connection:
            append_event(connection, "publish", plan.code, payload, context.now)
    for file, place in published.returned:
        name = file.name
        if (plan.area, file.body_code, name) in returned:  # another plan returns the same file
            name = name.replace(RETURNED, f" ({plan.code}){RETURNED}")
        returned[plan.area, file.body_code, name] = (out / folder / place).read_bytes()
    return [(folder / name).as_posix() for name in published.changed]


def _checks(context: AppContext, state: str, folder: Path) -> Checks:
    """Start the checkpoint, unless the pages in the folder show the results of this state."""
    if checks_are_current(folder, state):
        return Checks(state, None)
    future = start_checkpoint(context)

    def results() -> Checked:
        checked = future.result()
        refuse_broken(checked.outcomes)
        return checked

    return Checks(state, results)
