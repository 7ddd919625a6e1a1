"""The command that writes the pages."""

import argparse
from pathlib import Path

from drives import archive
from flows import showing
from flows.commands import Work, start
from publishing.site import publish as write_site
from warehouse.database import one_at_a_time


def publish(asked: argparse.Namespace) -> None:
    """Write the pages for auditors and clerks."""
    work = start()
    out = Path(asked.out).absolute() if asked.out else work.settings.home / "published"
    showing.say(f"Writing the pages to {out}")
    changed = publish_to(work, out)
    if asked.json:
        return showing.print_json({"out": str(out), "changed": changed})
    print(f"{out / 'index.html'}: {len(changed)} pages are new or changed")
    return None


def publish_to(work: Work, out: Path) -> list[str]:
    """Write the site of the work's plan into a folder; returns the names of the pages that changed."""

    def load(sha256: str) -> bytes | None:
        try:
            return archive.load(work.settings.archive, sha256)
        except archive.ArchiveError:
            return None

    with one_at_a_time(work.engine, "publish"), work.engine.connect() as connection:
        return write_site(connection, work.plan, load, out, work.now)
