"""The commands about the life of finding_states."""

import argparse
from datetime import date

from cli import console
from services.context import open_context
from services.settings import SettingsError
from transforms.privacy.personal_data import is_personal_data
from warehouse.quality import finding_states

_COLUMNS = (
    ("finding", "Finding"), ("body_code", "Body"), ("form_code", "Form"), ("period_code", "Period"),
    ("code", "Code"), ("cell", "Cell"), ("state", "State"), ("days", "Days"), ("seen_in", "Seen before"),
    ("why", "Why"),
)  # fmt: skip


def list_findings(asked: argparse.Namespace) -> None:
    """Print the findings that are not gone, how long they stand and whose they are."""
    work = open_context()
    today = work.now.astimezone(work.zone).date()
    with work.engine.connect() as connection:
        rows = finding_states.finding_states(connection, work.plan, today)
    told = [
        {
            **row,
            "finding": f"{row['submission_id']}/{row['finding_no']}",
            "days": (work.now - row["since"]).days,
        }
        for row in rows
        if asked.all or row["state"] != "gone"
    ]
    if asked.json:
        return console.print_json(told)
    if not told:
        print("No finding is open.")
        return None
    rows = [{**row, "seen_in": ", ".join(row["seen_in"])} for row in told]
    return console.print_table(_COLUMNS, rows, work.zone)


def explain(asked: argparse.Namespace) -> None:
    """Note what the body says of a finding."""
    work, (submission, number) = open_context(), _named(asked.finding)
    with work.engine.begin() as connection:
        finding_states.explain(connection, work.plan, submission, number, _said(asked.why, "--why"), work.now)
    _tell(asked, {"finding": asked.finding, "state": "explained"})


def accept(asked: argparse.Namespace) -> None:
    """Note that a named role lets a warning stand until a day."""
    work, (submission, number) = open_context(), _named(asked.finding)
    try:
        until = date.fromisoformat(asked.until)
    except ValueError:
        raise SettingsError(f"--until must be a day such as 2020-12-31, not {asked.until!r}.") from None
    why, by = _said(asked.why, "--why"), _said(asked.by, "--by")
    with work.engine.begin() as connection:
        try:
            finding_states.accept(connection, work.plan, submission, number, by, why, until, work.now)
        except ValueError as error:
            raise SettingsError(str(error)) from None
    _tell(asked, {"finding": asked.finding, "state": "accepted", "until": asked.until})


def _named(finding: str) -> tuple[int, int]:
    submission, _, number = finding.partition("/")
    if not (submission.isdecimal() and number.isdecimal()):
        raise SettingsError(f"A finding is named SUBMISSION/NUMBER, such as 12/1, not {finding!r}.")
    return int(submission), int(number)


def _said(text: str, option: str) -> str:
    if not text.strip():
        raise SettingsError(f"Say it with {option}.")
    if is_personal_data(text, frozenset()):
        raise SettingsError(
            f"What {option} says seems to name a person: name the office or the role instead."
        )
    return text.strip()


def _tell(asked: argparse.Namespace, result: dict[str, str]) -> None:
    if asked.json:
        return console.print_json(result)
    print(" ".join(f"{key} {value}" for key, value in result.items()))
    return None
