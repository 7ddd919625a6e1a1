"""The commands about the states of findings: open, explained, accepted, gone."""

from typing import Annotated

import typer

from cli import console
from cli.options import FindingArgument, Json, PlanCodeOption, ReasonOption
from cli.texts import say
from plans.errors import UsageError

_COLUMNS = (
    ("finding", "Finding"), ("body_code", "Body"), ("form_code", "Form"), ("period_code", "Period"),
    ("code", "Code"), ("cell", "Cell"), ("state", "State"), ("days", "Days"), ("seen_in", "Seen before"),
    ("why", "Why"),
)  # fmt: skip

app = typer.Typer(help="List, explain and accept findings.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_findings(
    show_all: Annotated[bool, typer.Option("--all", help="Also those that a revision removed.")] = False,
    plan_code: PlanCodeOption = None,
    as_json: Json = False,
) -> None:
    """Print the findings that are not gone, with their age and their body; of a plan or of all active plans.

    \b
    Example:
      chitieu finding list
    """
    from services.context import open_selected
    from warehouse.quality import finding_states

    contexts = open_selected(plan_code, "read")
    context = contexts[0]
    today = context.now.astimezone(context.zone).date()
    with context.engine.connect() as connection:
        rows = [
            row
            for of_plan in contexts
            for row in finding_states.finding_states(connection, of_plan.plan, today)
        ]
    findings = [
        {
            **row,
            "finding": f"{row['submission_id']}/{row['finding_no']}",
            "days": (context.now - row["since"]).days,
        }
        for row in rows
        if show_all or row["state"] != "gone"
    ]
    if as_json:
        console.print_json(findings)
    elif not findings:
        print(say("No finding is open."))
    else:
        table = [{**row, "seen_in": ", ".join(row["seen_in"])} for row in findings]
        console.print_table(_COLUMNS, table, context.zone)


@app.command()
def explain(finding: FindingArgument, reason: ReasonOption, as_json: Json = False) -> None:
    """Record the body's explanation of a finding.

    \b
    Example:
      chitieu finding explain 12/1 --why "Quý này không phát sinh"
    """
    from services.context import open_context_of
    from warehouse.blocking_readers import begin_writing
    from warehouse.quality import finding_states

    submission, number = _parse_finding(finding)
    text = _office_text(reason, "--reason")
    context = open_context_of(submission, "read")
    with begin_writing(context.engine) as connection:
        finding_states.explain(connection, context.plan, submission, number, text, context.now)
    _print_state(as_json, {"finding": finding, "state": "explained"})


@app.command()
def accept(
    finding: FindingArgument,
    reason: ReasonOption,
    by: Annotated[str, typer.Option("--by", metavar="ROLE", help="Who accepts it: the role in an office.")],
    until: Annotated[str, typer.Option("--until", metavar="DAY", help="The last day: 2020-12-31.")],
    as_json: Json = False,
) -> None:
    """Record that a named role accepts a warning until a day.

    \b
    Example:
      chitieu finding accept 12/1 --by "Trưởng phòng" --until 2020-12-31 --why "đã đối chiếu"
    """
    from datetime import date

    from services.context import open_context_of
    from warehouse.blocking_readers import begin_writing
    from warehouse.quality import finding_states

    submission, number = _parse_finding(finding)
    try:
        last_day = date.fromisoformat(until)
    except ValueError:
        raise UsageError(f"--until must be a day such as 2020-12-31, not {until!r}.") from None
    text, role = _office_text(reason, "--reason"), _office_text(by, "--by")
    context = open_context_of(submission, "read")
    with begin_writing(context.engine) as connection:
        try:
            finding_states.accept(
                connection, context.plan, submission, number, role, text, last_day, context.now
            )
        except ValueError as error:
            raise UsageError(str(error)) from None
    _print_state(as_json, {"finding": finding, "state": "accepted", "until": until})


def _parse_finding(finding: str) -> tuple[int, int]:
    submission, _, number = finding.partition("/")
    if not (submission.isdecimal() and number.isdecimal()):
        raise UsageError(f"A finding is named SUBMISSION/NUMBER, such as 12/1, not {finding!r}.")
    return int(submission), int(number)


def _office_text(text: str, option: str) -> str:
    """Return a text for the record. Raises UsageError where it is blank or names a person."""
    from transforms.privacy.personal_data import is_personal_data

    if not text.strip():
        raise UsageError(f"{option} must not be blank.")
    if is_personal_data(text, frozenset()):
        raise UsageError(f"{option} seems to name a person: name the office or the role instead.")
    return text.strip()


def _print_state(as_json: bool, result: dict[str, str]) -> None:
    if as_json:
        console.print_json(result)
    else:
        print(" ".join(f"{key} {value}" for key, value in result.items()))
