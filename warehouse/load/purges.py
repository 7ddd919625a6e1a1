"""Erase the content of submissions in which a person was found; their hash and the reason stay.

A file is erased as a whole: all submissions of the same content. Those that count are withdrawn first.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from plans.errors import ChitieuError
from plans.model import Plan
from warehouse.form_catalog import catalog_of
from warehouse.integrity.events import append_event
from warehouse.load.submissions import Submission
from warehouse.load.withdrawals import withdraw
from warehouse.loads import Load
from warehouse.models.audit_tables import DRIVE_FILE, FINDING, PURGE, WITHDRAWAL
from warehouse.models.form_tables import fact_table
from warehouse.models.submission_table import SUBMISSION


class CannotPurgeError(ChitieuError):
    """A submission that cannot be purged; the message states the reason."""


@dataclass(frozen=True, slots=True)
class PurgedContent:
    """A content that is to be erased: its hash, its submissions by number, and those that still count.

    `counting` is in the order in which they are withdrawn: the last first.
    """

    sha256: str
    submissions: dict[int, str | None]
    counting: tuple[int, ...]


def content_of(connection: Connection, plan: Plan, submission_id: int) -> PurgedContent:
    """Find the content of a submission with all its submissions that are not purged yet.

    Raises CannotPurgeError for an unknown submission, without content, or where one of another plan counts.
    """
    columns = SUBMISSION.c
    digest = select(columns.sha256).where(columns.submission_id == submission_id)
    row = connection.execute(digest).one_or_none()
    if row is None:
        raise CannotPurgeError(f"There is no submission {submission_id}.", "chitieu status lists all.")
    if row.sha256 is None:
        raise CannotPurgeError(f"The content of submission {submission_id} was never read or kept.")
    query = (
        select(columns.submission_id, columns.plan_code, columns.form_code, columns.revision)
        .add_columns(WITHDRAWAL.c.submission_id.is_not(None).label("is_withdrawn"))
        .outerjoin(WITHDRAWAL, WITHDRAWAL.c.submission_id == columns.submission_id)
        .outerjoin(PURGE, PURGE.c.submission_id == columns.submission_id)
        .where(columns.sha256 == row.sha256, PURGE.c.submission_id.is_(None))
        .order_by(columns.submission_id.desc())
    )
    found = connection.execute(query).all()
    counting = [one for one in found if one.revision is not None and not one.is_withdrawn]
    for one in counting:
        if one.plan_code != plan.code:
            raise CannotPurgeError(
                f"Submission {one.submission_id} of the plan {one.plan_code} has the same content.",
                "Withdraw it first, under its own plan.",
            )
    submissions = {one.submission_id: one.form_code for one in reversed(found)}
    return PurgedContent(row.sha256, submissions, tuple(one.submission_id for one in counting))


def purge(
    connection: Connection, plan: Plan, load: Load, content: PurgedContent, reason: str
) -> Sequence[Submission]:
    """Withdraw the submissions of a content that count, and erase all of them; returns the withdrawn ones."""
    withdrawn = [withdraw(connection, plan, load, n, reason).submission for n in content.counting]
    forms = catalog_of(connection).by_code
    for number, form_code in content.submissions.items():
        payload = {
            "plan": plan.code,
            "reason": reason,
            "submission_id": number,
            "sha256": content.sha256,
            "load_id": load.load_id,
        }
        event_id = append_event(connection, "purge", str(number), payload, load.started_at)
        row = {"submission_id": number, "purged_at": load.started_at, "reason": reason}
        connection.execute(PURGE.insert(), row | {"event_id": event_id, "load_id": load.load_id})
        if form_code in forms:
            facts = fact_table(forms[form_code])
            connection.execute(delete(facts).where(facts.c.submission_id == number))
        connection.execute(delete(FINDING).where(FINDING.c.submission_id == number))
        own = SUBMISSION.c.submission_id == number
        connection.execute(update(SUBMISSION).where(own).values(file_name="", sheet_name=""))
    # The next ingest notes the path again if the file is still on its drive.
    connection.execute(delete(DRIVE_FILE).where(DRIVE_FILE.c.sha256 == content.sha256))
    return withdrawn
