"""Compare the archive with the submissions, in both directions."""

from collections.abc import Iterator

from sqlalchemy import Connection, Row, select, text, union
from sqlalchemy.exc import ProgrammingError

from drives import archive
from drives.archive import Archive
from warehouse.models.audit_tables import DRIVE_FILE
from warehouse.models.submission_table import SUBMISSION
from warehouse.sql_templates import read_sql


def verify_archive(connection: Connection, folder: Archive) -> Iterator[str]:
    """Yield what is wrong: content that is missing, damaged or unknown, and content of purged submissions.

    While an ingest runs, unknown content is not looked for: it may be archived and not loaded yet.
    """
    for row in connection.execute(text(read_sql("verification/contents"))).all():
        if reason := _fault_of(row, folder):
            yield f"Submission {row.submission_id}: {reason}"
    yield from _unknown_contents(connection, folder)


def _unknown_contents(connection: Connection, folder: Archive) -> Iterator[str]:
    # In this order: an ingest that archived before the listing is seen running, or has committed by then.
    if _ingest_is_running(connection):
        return
    stored = frozenset().union(*archive.stored_hashes(folder))
    if _ingest_is_running(connection):
        return
    known = union(
        *(select(table.c.sha256).where(table.c.sha256.is_not(None)) for table in (SUBMISSION, DRIVE_FILE))
    )
    for sha256 in sorted(stored - {*connection.execute(known).scalars()}):
        yield f"The archive has content that the database does not know: {sha256}."


def _fault_of(row: Row[tuple[int, str, bool, bool]], folder: Archive) -> str | None:
    """Return what is wrong with the content of a submission; None where nothing is."""
    if row.is_purged:
        is_erased = archive.is_erased(folder, row.sha256)
        return None if is_erased else "it was purged, but the archive has its content: repeat chitieu purge."
    if not row.is_accepted and archive.withheld(folder, row.sha256):
        return None  # rejected for personal data
    try:
        archive.load(folder, row.sha256)
    except archive.ArchiveError as error:
        return str(error)
    return None


def _ingest_is_running(connection: Connection) -> bool:
    """Return whether an ingest holds its lock; False for an account that may not try."""
    savepoint = connection.begin_nested()
    query = "SELECT what FROM audit.lock WHERE what = 'ingest'"
    try:
        free = connection.execute(text(f"{query} FOR UPDATE SKIP LOCKED")).first()
        return free is None and connection.execute(text(query)).first() is not None
    except ProgrammingError:
        return False
    finally:
        savepoint.rollback()
