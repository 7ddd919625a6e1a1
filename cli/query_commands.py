"""The commands that print the target table, who has reported, and the report of a submission."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import console
from cli.options import AreaOption, EditionOption, Json, PeriodOption, PlanCodeOption, SubmissionArgument
from cli.texts import in_language, say
from plans.errors import UsageError

if TYPE_CHECKING:
    from services.context import AppContext

_TARGET_COLUMNS = (
    ("target_code", "Target"), ("label", "Name"), ("numerator", "Numerator"), ("denominator", "Denominator"),
    ("value", "Value"), ("target_value", "To reach"), ("unit", "Unit"), ("expected_value", "Expected by now"),
    ("status", "Status"), ("verdict", "Verdict"), ("bounds", "Bounds"), ("completeness_pct", "Complete %"),
    ("is_final", "Final"),
)  # fmt: skip
_STATUS_COLUMNS = (
    ("body_code", "Body"), ("form_code", "Form"), ("period_code", "Period"), ("due_at", "Due"),
    ("received_at", "Received"), ("status", "Status"), ("revision", "Revision"),
    ("submission_id", "Submission"),
)  # fmt: skip
FINDING_COLUMNS = (
    ("severity", "Severity"), ("code", "Code"), ("sheet_name", "Sheet"), ("cell", "Cell"),
    ("message", "Message"),
)  # fmt: skip


AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="TIMESTAMP", help="As known at that moment.")
]
SnapshotOption = Annotated[
    str | None, typer.Option("--snapshot", metavar="PERIOD", help="As frozen when PERIOD was closed.")
]


def targets(
    period: PeriodOption = None,
    area: AreaOption = None,
    as_of: AsOfOption = None,
    snapshot: SnapshotOption = None,
    edition: EditionOption = None,
    plan_code: PlanCodeOption = None,
    as_json: Json = False,
) -> None:
    """Print the target table: as known now, as known at a moment, or as frozen.

    Without --period: the last period with reports.

    \b
    Examples:
      chitieu targets --period 2020-Q1 --area 731
      chitieu targets --as-of 2020-05-01
      chitieu targets --snapshot 2020-Q1 --edition 1
    """
    from services.codes import check_area, check_period
    from services.context import open_context
    from services.plan_choice import Wanted
    from services.settings import moment_of
    from warehouse import queries

    _check_moment(as_of, snapshot, edition)
    wanted = Wanted(plan_code, period=period or snapshot, area=area)
    context = open_context(purpose="read", wanted=wanted)
    for code in (period, snapshot):
        if code:
            check_period(context.plan, code)
    if area:
        check_area(context.plan, area)
    moment = moment_of(as_of, "--as-of", context.zone) if as_of else None
    with context.engine.connect() as connection:
        if snapshot:
            rows = queries.snapshot(connection, context.plan, snapshot, area, edition)
        elif moment:
            rows = queries.as_known_at(connection, context.plan, moment, period, area)
        else:
            rows = queries.targets(connection, context.plan, period, area)
    if as_json:
        console.print_json(rows)
    else:
        print_targets(context, rows)


def _check_moment(as_of: str | None, snapshot: str | None, edition: int | None) -> None:
    """Raise UsageError for options that contradict each other."""
    if as_of and snapshot:
        raise UsageError("--as-of and --snapshot cannot be combined.")
    if edition is not None and not snapshot:
        raise UsageError("--edition needs --snapshot.")


def print_targets(context: "AppContext", rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows of the target table."""
    if not rows:
        print(say("There are no figures yet: run chitieu ingest, or ask for another period or area."))
        return
    labels = {target.code: in_language(target, "label") for target in context.plan.targets}
    first = rows[0]
    heading = say(
        "{area}, {period} (to {day})",
        area=first["area_name"],
        period=first["period_code"],
        day=console.shown(first["window_end"]),
    )
    title = f"{context.plan.title}\n{heading}"
    table = [
        {
            **row,
            "label": labels.get(row["target_code"]),
            "bounds": _bounds(row["value_min"], row["value_max"]),
        }
        for row in rows
    ]
    console.print_table(_TARGET_COLUMNS, table, context.zone, title)


def _bounds(lower: float | None, upper: float | None) -> str | None:
    if lower is None and upper is None:
        return None
    return f"{console.shown(lower)} … {console.shown(upper) if upper is not None else ''}".strip()


def status(period: PeriodOption = None, plan_code: PlanCodeOption = None, as_json: Json = False) -> None:
    """Print who has sent what, and what is late or missing.

    \b
    Example:
      chitieu status --period 2020-Q1
    """
    from services.codes import check_period
    from services.context import open_context
    from services.plan_choice import Wanted
    from warehouse import queries

    context = open_context(purpose="read", wanted=Wanted(plan_code, period=period))
    if period:
        check_period(context.plan, period)
    with context.engine.connect() as connection:
        rows = queries.reporting_status(connection, context.plan, period)
    summary = _summary(rows)
    if as_json:
        console.print_json({**summary, "reports": rows})
        return
    if not rows:
        named = period or say("any period")
        print(
            say("No report is owed for {period} under the plan {plan}.", period=named, plan=context.plan.code)
        )
        return
    console.print_table(_STATUS_COLUMNS, rows, context.zone)
    sentence = "{received} of {owed} reports are in ({complete} % complete), {on_time} on time ({timely} %)"
    shares = {"complete": summary["completeness_pct"], "timely": summary["timeliness_pct"]}
    counts = {key: summary[key] for key in ("received", "owed", "on_time")}
    print(say(sentence, **counts, **{key: console.shown(share) for key, share in shares.items()}))


def _summary(rows: Sequence[Mapping[str, Any]]) -> dict[str, float | None]:
    owed = [row for row in rows if row["due_at"] is not None and row["status"] not in ("waived", "not_due")]
    received = sum(row["received_at"] is not None for row in owed)
    on_time = sum(row["received_at"] is not None and row["status"] == "on_time" for row in owed)
    return {
        "owed": len(owed),
        "received": received,
        "on_time": on_time,
        "completeness_pct": round(100 * received / len(owed), 1) if owed else None,
        "timeliness_pct": round(100 * on_time / len(owed), 1) if owed else None,
    }


def report(submission: SubmissionArgument, as_json: Json = False) -> None:
    """Print the validation report of a submission.

    \b
    Example:
      chitieu report 42
    """
    from services.context import open_context_of
    from warehouse import queries

    context = open_context_of(submission, "read")
    with context.engine.connect() as connection:
        row, findings = queries.submission_report(connection, submission)
    if as_json:
        console.print_json({**row, "findings": findings})
        return
    name = row["body_name"] or row["body_code"]
    sheet = say(", sheet {sheet}", sheet=console.shown(row["sheet_name"])) if row["sheet_name"] else ""
    print(
        say("Submission {number}: {status}", number=row["submission_id"], status=console.words(row["status"]))
    )
    print(f"{console.shown(name)}: {console.shown(row['file_name'])}{sheet}")
    if row["form_code"]:
        print(say("Form {form}: {title}", form=row["form_code"], title=in_language(row, "title")))
    if in_language(row, "period_name"):
        received = console.shown(row["received_at"], context.zone)
        print(say("{period}, received {moment}", period=in_language(row, "period_name"), moment=received))
    if findings:
        console.print_table(FINDING_COLUMNS, findings, context.zone)
    else:
        print(say("No findings."))
