"""Load a batch of submissions with their findings and facts: one transaction, all or nothing."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
from sqlalchemy import Connection, text

from plans.model import Plan
from plans.plan_years import plan_periods
from schemas.declaration import Severity
from schemas.findings import Finding
from warehouse.bulk_copy import run_script
from warehouse.dimensions.keys import Keys, read_keys
from warehouse.form_catalog import form_set_of
from warehouse.history.snapshots import closed_periods
from warehouse.indicators.evaluation import RefreshScope
from warehouse.integrity.digests import submission_entries
from warehouse.integrity.events import append_event
from warehouse.load.facts import ReplacedReport, load_facts, supersede_facts
from warehouse.load.submissions import ACCEPTED, Submission, load_submissions, number_submissions
from warehouse.loads import Load
from warehouse.quality.outliers import refresh_outliers


def classify(connection: Connection, plan: Plan, submissions: Iterable[Submission]) -> None:
    """Give each submission the status that its findings imply; note what revises a closed period."""
    closed = closed_periods(connection, plan.code)
    for submission in submissions:
        if submission.status:
            continue
        if any(finding.severity is Severity.ERROR for finding in submission.findings):
            submission.status = "rejected"
            continue
        if submission.period_code in closed:
            details = {"period": submission.period_code}
            submission.findings.append(Finding("REVISION-CLOSED", submission.sheet_name, details=details))
        submission.status = "accepted_with_warnings" if submission.findings else "accepted"


def load_batch(
    connection: Connection,
    plan: Plan,
    load: Load,
    submissions: Sequence[Submission],
    frames: Mapping[str, pd.DataFrame],
    numbers: Mapping[int, Submission],
) -> int:
    """Load submissions, findings and the facts of the accepted ones; returns how many fact rows.

    `frames` by form code hold the rows of the submissions in `numbers`, by the frames' submission column. The
    event in the audit chain has the kind of the load.
    """
    # Foreign keys are checked by index then. By default the planner scans dim_body and dim_area instead, as
    # they have few pages: 25 microseconds for each fact row.
    connection.execute(text("SET LOCAL random_page_cost = 1.1"))
    number_submissions(connection, plan.code, submissions)
    load_submissions(connection, plan, submissions, load)
    keys = read_keys(connection, plan)
    rows_loaded = 0
    changed_tables = ["audit.submission"]
    forms = form_set_of(connection, plan).by_code
    for code, frame in frames.items():
        form = forms[code]
        accepted = {n: s for n, s in numbers.items() if s.form_code == code and s.status in ACCEPTED}
        if not accepted:
            continue
        reports = [_report(submission, keys) for submission in accepted.values()]
        supersede_facts(connection, form, reports, load.started_at)
        replaced = _replaced(accepted)
        rows_loaded += load_facts(connection, form, frame, accepted, replaced, keys, plan, load)
        refresh_outliers(connection, form, plan.area, {s.body_code for s in accepted.values()})
        changed_tables.append(f"dw.fact_{form.key}")
    # The indicators are computed at once, before the server gathers statistics by itself.
    run_script(connection, f"ANALYZE {', '.join(changed_tables)}")
    entries = submission_entries(connection, [s.submission_id for s in submissions], list(frames))
    payload = {"load_id": load.load_id, "submissions": list(entries.values())}
    append_event(connection, load.kind, plan.code, payload, load.started_at)
    return rows_loaded


def _report(submission: Submission, keys: Keys) -> ReplacedReport:
    """The report, or the part of one, that a submission replaces."""
    period = submission.period_code or ""
    body = keys.body(submission.body_code, period)
    return ReplacedReport(body, keys.periods[period][0], submission.part_set, submission.part_no)


def _replaced(accepted: Mapping[int, Submission]) -> frozenset[int]:
    """The numbers of the submissions, in order, that a later one of the same report or part replaces."""
    in_force: dict[tuple[str, str | None], dict[int, Submission]] = {}
    for number, submission in accepted.items():
        current = in_force.setdefault((submission.body_code, submission.period_code), {})
        for earlier, other in list(current.items()):
            is_beside = submission.part_set is not None and submission.part_set == other.part_set
            if not is_beside or submission.part_no == other.part_no:
                del current[earlier]
        current[number] = submission
    return frozenset(accepted) - {number for current in in_force.values() for number in current}


def affected_scope(plan: Plan, submissions: Iterable[Submission]) -> RefreshScope | None:
    """What the accepted submissions may change; None where none was accepted.

    Their forms, the periods from the first of theirs on, and the areas around and inside their bodies' areas.
    """
    accepted = [s for s in submissions if s.status in ACCEPTED]
    if not accepted:
        return None
    areas: set[str] = set()
    if plan.successions:  # what an area reported counts for its successors, too: all areas
        areas.update(plan.areas_by_code)
    for body_code in {s.body_code for s in accepted}:
        area = plan.bodies_by_code[body_code].area
        areas.update(plan.areas_within[area], plan.ancestors(area))
    codes = {s.period_code for s in accepted}
    scheduled = plan_periods(plan)
    known = [period.window_end for period in scheduled if period.code in codes]
    first = min(known) if len(known) == len(codes) else scheduled[0].window_end
    periods = tuple(period.code for period in scheduled if period.window_end >= first)
    return RefreshScope(
        forms=frozenset(s.form_code for s in accepted if s.form_code),
        periods=periods,
        areas=tuple(sorted(areas)),
    )
