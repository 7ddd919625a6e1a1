"""Compare the archive with the submissions, in both directions."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import ProgrammingError

from drives import archive
from warehouse.sql_templates import read_sql


def verify_archive(connection: Connection, folder: Path) -> Iterator[str]:
    """Yield what is wrong: content that is missing, damaged or unknown, and content of purged submissions.

    While an ingest runs, content that it has archived and not loaded yet is left out.
    """
    is_ingesting = _ingest_is_running(connection)
    kept, hash_only = archive.stored_hashes(folder)
    submissions = connection.execute(text(read_sql("verification/contents"))).all()
    for row in submissions:
        if reason := _fault_of(row, folder, kept, hash_only):
            yield f"Submission {row.submission_id}: {reason}"
    if is_ingesting or _ingest_is_running(connection):
        return
    listed = connection.execute(text("SELECT sha256 FROM audit.drive_file WHERE sha256 IS NOT NULL"))
    known = {row.sha256 for row in submissions} | {*listed.scalars()}
    for sha256 in sorted(kept | hash_only):
        if sha256 not in known:
            yield f"The archive has content that the database does not know: {sha256}."


def _fault_of(
    row: Row[tuple[int, str, bool, bool]], folder: Path, kept: frozenset[str], hash_only: frozenset[str]
) -> str | None:
    """Return what is wrong with the content of a submission; None where nothing is."""
    if row.is_purged:
        is_erased = row.sha256 in hash_only and row.sha256 not in kept
        return None if is_erased else "it was purged, but the archive has its content: repeat chitieu purge."
    if row.sha256 in hash_only and not row.is_accepted:
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
