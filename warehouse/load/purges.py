"""Erase the content of submissions in which a person was found; their hash and the reason stay.

A file is erased as a whole: all submissions of the same content. Those that count are withdrawn first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

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


@dataclass(slots=True)
class PurgedPart:
    """The submissions of one plan with a content that is to be erased: form codes by number.

    `counting`: those that still count, in the order in which they are withdrawn: the last first.
    """

    forms: dict[int, str | None] = field(default_factory=dict)
    counting: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PurgedContent:
    """A content that is to be erased: its hash, and its submissions by the code of their plan."""

    sha256: str
    parts: dict[str, PurgedPart]

    @property
    def submissions(self) -> list[int]:
        """The numbers of all submissions."""
        return sorted(number for part in self.parts.values() for number in part.forms)

    @property
    def counting(self) -> list[int]:
        """The numbers of the submissions that still count."""
        return [number for part in self.parts.values() for number in part.counting]


def content_of(connection: Connection, plans: Sequence[Plan], submission_id: int) -> PurgedContent:
    """Find the content of a submission with all its submissions that are not purged yet.

    Submissions that count in no plan go with the first plan. Raises CannotPurgeError for an unknown
    submission, without content, or where one counts under another plan.
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
    codes = [plan.code for plan in plans]
    parts: dict[str, PurgedPart] = {}
    for one in connection.execute(query).all():
        counts = one.revision is not None and not one.is_withdrawn
        if counts and one.plan_code not in codes:
            raise CannotPurgeError(
                f"Submission {one.submission_id} of the plan {one.plan_code} has the same content.",
                f"Name the file of the plan {one.plan_code} in CHITIEU_PLAN as well.",
            )
        part = parts.setdefault(one.plan_code if one.plan_code in codes else codes[0], PurgedPart())
        part.forms[one.submission_id] = one.form_code
        if counts:
            part.counting.append(one.submission_id)
    return PurgedContent(row.sha256, parts)


def purge(
    connection: Connection, plan: Plan, load: Load, content: PurgedContent, reason: str
) -> Sequence[Submission]:
    """Withdraw the submissions of a plan that count, and erase all of them; returns the withdrawn ones."""
    part = content.parts[plan.code]
    withdrawn = [withdraw(connection, plan, load, n, reason).submission for n in part.counting]
    forms = catalog_of(connection).by_code
    for number, form_code in sorted(part.forms.items()):
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
