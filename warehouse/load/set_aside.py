"""Load a batch without the sheets that the database rejects, such as by a check that the validation lacks."""

from collections.abc import Mapping, Sequence

import pandas as pd
import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import DataError, IntegrityError

from plans.model import Plan
from schemas.findings import Finding
from warehouse.load.batch import load_batch
from warehouse.load.submissions import ACCEPTED, Submission
from warehouse.loads import Load

# COPY raises the driver's own exceptions, statements raise those of SQLAlchemy.
_REJECTIONS = (psycopg.IntegrityError, psycopg.DataError, IntegrityError, DataError)


def load_accepted(
    connection: Connection,
    plan: Plan,
    load: Load,
    submissions: Sequence[Submission],
    frames: Mapping[str, pd.DataFrame],
    numbers: Mapping[int, Submission],
) -> int:
    """Load a batch as `load_batch` does; a submission that the database rejects becomes a rejected one.

    After an error each accepted submission is tried alone, in a savepoint. Raises the error where none of
    them causes it.
    """
    try:
        with connection.begin_nested():
            return load_batch(connection, plan, load, submissions, frames, numbers)
    except _REJECTIONS:
        rejected = [
            submission
            for number, submission in numbers.items()
            if submission.status in ACCEPTED
            and _is_rejected(connection, plan, load, submission, frames, number)
        ]
        if not rejected:
            raise
    for submission in submissions:
        submission.revision = None  # numbered by the attempt
    return load_batch(connection, plan, load, submissions, frames, numbers)


def _is_rejected(
    connection: Connection,
    plan: Plan,
    load: Load,
    submission: Submission,
    frames: Mapping[str, pd.DataFrame],
    number: int,
) -> bool:
    """Return whether the database rejects a submission; if so it gets the finding and the status."""
    of_form = {code: frame for code, frame in frames.items() if code == submission.form_code}
    savepoint = connection.begin_nested()
    try:
        load_batch(connection, plan, load, [submission], of_form, {number: submission})
    except _REJECTIONS as error:
        details = {"constraint": _constraint(error)}
        submission.findings.append(Finding("DATABASE-REJECTED", submission.sheet_name, details=details))
        submission.status = "rejected"
        return True
    finally:
        savepoint.rollback()
    return False


def _constraint(error: Exception) -> str:
    """Return the name of the violated constraint or of the kind of error, never a value of the sheet."""
    cause = getattr(error, "orig", error)
    diagnosis = getattr(cause, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or getattr(diagnosis, "column_name", None)
    return str(name or type(cause).__name__)
