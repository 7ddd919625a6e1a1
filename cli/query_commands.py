"""The commands that answer questions: the target table, who has sent what, why a submission was refused."""

import argparse
from collections.abc import Sequence

from cli import console
from services.context import AppContext, check_period, open_context
from services.settings import SettingsError, moment_of
from warehouse import queries

_TARGET_COLUMNS = (
    ("target_code", "Target"), ("vi", "Chỉ tiêu"), ("numerator", "Numerator"), ("denominator", "Denominator"),
    ("value", "Value"), ("target_value", "To reach"), ("unit", "Unit"), ("expected_value", "Expected by now"),
    ("status", "Status"), ("verdict", "Verdict"), ("bounds", "Bounds"), ("completeness_pct", "Complete %"),
    ("is_final", "Final"),
)  # fmt: skip
_STATUS_COLUMNS = (
    ("body_code", "Body"), ("form_code", "Form"), ("period_code", "Period"), ("due_at", "Due"),
    ("received_at", "Received"), ("status", "Status"), ("revision", "Revision"),
    ("submission_id", "Submission"),
)  # fmt: skip
_FINDING_COLUMNS = (
    ("severity", "Severity"), ("code", "Code"), ("sheet_name", "Sheet"), ("cell", "Cell"),
    ("message_vi", "Nội dung"),
)  # fmt: skip


def targets(asked: argparse.Namespace) -> None:
    """Print the target table."""
    work = open_context()
    if asked.period:
        check_period(work.plan, asked.period)
    if asked.area and asked.area not in work.plan.areas_by_code:
        raise SettingsError(f"The plan {work.plan.code} has no area {asked.area}.")
    if asked.snapshot:
        check_period(work.plan, asked.snapshot)
    moment = moment_of(asked.as_of, "--as-of", work.zone) if asked.as_of else None
    with work.engine.connect() as connection:
        if asked.snapshot:
            rows = queries.snapshot(connection, work.plan, asked.snapshot, asked.area)
        elif moment:
            rows = queries.as_known_at(connection, work.plan, moment, asked.period, asked.area)
        else:
            rows = queries.targets(connection, work.plan, asked.period, asked.area)
    if asked.json:
        return console.print_json(rows)
    return print_targets(work, rows)


def print_targets(work: AppContext, rows: Sequence[queries.Row]) -> None:
    """Print rows of the target table."""
    if not rows:
        print("There are no figures yet: run chitieu ingest, or ask for another period or area.")
        return
    labels = {target.code: target.label_vi for target in work.plan.targets}
    first = rows[0]
    until = f"{first['window_end']:%d/%m/%Y}"
    title = f"{work.plan.title}\n{first['area_name']}, {first['period_code']} (đến {until})"
    told = [
        {**row, "vi": labels.get(row["target_code"]), "bounds": _bounds(row["value_min"], row["value_max"])}
        for row in rows
    ]
    console.print_table(_TARGET_COLUMNS, told, work.zone, title)


def _bounds(least: float | None, most: float | None) -> str | None:
    if least is None and most is None:
        return None
    return f"{console.shown(least)} … {console.shown(most) if most is not None else ''}".strip()


def status(asked: argparse.Namespace) -> None:
    """Print who has sent what."""
    work = open_context()
    if asked.period:
        check_period(work.plan, asked.period)
    with work.engine.connect() as connection:
        rows = queries.reporting_status(connection, work.plan, asked.period)
    owed = [row for row in rows if row["due_at"] is not None and row["status"] not in ("waived", "not_due")]
    received = [row for row in owed if row["received_at"] is not None]
    on_time = sum(row["status"] == "on_time" for row in received)
    summary = {
        "owed": len(owed),
        "received": len(received),
        "on_time": on_time,
        "completeness_pct": round(100 * len(received) / len(owed), 1) if owed else None,
        "timeliness_pct": round(100 * on_time / len(owed), 1) if owed else None,
    }
    if asked.json:
        return console.print_json({**summary, "reports": rows})
    if not rows:
        print(f"Nobody owes a report for {asked.period or 'any period'} under the plan {work.plan.code}.")
        return None
    console.print_table(_STATUS_COLUMNS, rows, work.zone)
    print(
        f"{summary['received']} of {summary['owed']} reports are in"
        f" ({console.shown(summary['completeness_pct'])} % complete),"
        f" {summary['on_time']} on time ({console.shown(summary['timeliness_pct'])} %)"
    )
    return None


def report(asked: argparse.Namespace) -> None:
    """Print the validation report of a submission."""
    work = open_context()
    with work.engine.connect() as connection:
        submission, findings = queries.submission_report(connection, asked.submission)
    if asked.json:
        return console.print_json({**submission, "findings": findings})
    name = submission["body_name"] or submission["body_code"]
    print(f"Submission {submission['submission_id']}: {submission['status'].replace('_', ' ')}")
    print(f"{console.shown(name)}: {console.shown(submission['file_name'])}", end="")
    print(f", sheet {console.shown(submission['sheet_name'])}" if submission["sheet_name"] else "")
    if submission["form_code"]:
        print(f"Biểu {submission['form_code']}: {submission['title_vi']}")
    if submission["period_name"]:
        print(f"{submission['period_name']}, received {console.shown(submission['received_at'], work.zone)}")
    if findings:
        console.print_table(_FINDING_COLUMNS, findings, work.zone)
    else:
        print("Nothing was found wrong.")
    return None
