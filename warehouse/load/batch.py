"""Load a batch of submissions and reckon what they touch: one transaction, all or nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import pandas as pd
from sqlalchemy import Connection

from plans.model import Plan
from plans.reporting_calendar import scheduled_periods
from schemas.declaration import Severity
from schemas.findings import Finding
from schemas.forms import BY_CODE
from warehouse.bulk_copy import run_script
from warehouse.dimensions.keys import read_keys
from warehouse.history.snapshots import closed_periods
from warehouse.indicators.materialize import Scope
from warehouse.integrity.digests import digests_of
from warehouse.integrity.events import append_event
from warehouse.load.facts import load_facts, supersede_facts
from warehouse.load.submissions import ACCEPTED, Submission, load_submissions, number_submissions
from warehouse.quality.outliers import refresh_outliers


def judge(connection: Connection, plan: Plan, submissions: Iterable[Submission]) -> None:
    """Give each submission the status that its findings mean; note what revises a closed period."""
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
    submissions: Sequence[Submission],
    frames: Mapping[str, pd.DataFrame],
    numbers: Mapping[int, Submission],
    now: datetime,
    kind: str = "ingest",
) -> int:
    """Load submissions, findings and the facts of the accepted ones; returns how many fact rows.

    `frames` by form code hold the rows of the submissions in `numbers`, by the frames' submission column;
    `kind` is what the audit chain calls the batch.
    """
    number_submissions(connection, plan.code, submissions)
    load_submissions(connection, plan.code, submissions, now)
    keys = read_keys(connection, plan)
    loaded = 0
    changed = ["audit.submission"]
    for code, frame in frames.items():
        form = BY_CODE[code]
        accepted = {n: s for n, s in numbers.items() if s.form_code == code and s.status in ACCEPTED}
        if not accepted:
            continue
        last = {(s.body_code, s.period_code): n for n, s in accepted.items()}  # in order: the last one wins
        reports = [(keys.body(body, period or ""), keys.periods[period or ""][0]) for body, period in last]
        supersede_facts(connection, form, reports, now)
        replaced = frozenset(accepted) - frozenset(last.values())
        loaded += load_facts(connection, form, frame, accepted, replaced, keys, plan, now)
        refresh_outliers(connection, form, plan.area, {body for body, _ in last})
        changed.append(f"dw.fact_{form.key}")
    # What was just loaded is reckoned with at once, before the server gets to look at it by itself.
    run_script(connection, f"ANALYZE {', '.join(changed)}")
    digests = digests_of(connection, [s.submission_id for s in submissions], list(frames))
    told = [_told(s) | digests[s.submission_id] for s in submissions]
    append_event(connection, kind, plan.code, {"submissions": told}, now)
    return loaded


def _told(submission: Submission) -> dict[str, object]:
    """What the chain remembers of a submission."""
    names = ("submission_id", "body_code", "form_code", "period_code", "revision", "status", "sha256")
    return {name: getattr(submission, name) for name in names}


def touched(plan: Plan, submissions: Iterable[Submission]) -> Scope | None:
    """What the accepted submissions change: their forms, periods from theirs on, the places in question."""
    accepted = [s for s in submissions if s.status in ACCEPTED]
    if not accepted:
        return None
    areas: set[str] = set()
    if plan.successions:  # what an area reported counts for what it became, too: all areas
        areas.update(plan.areas_by_code)
    for body_code in {s.body_code for s in accepted}:
        area = plan.bodies_by_code[body_code].area
        areas.update(plan.areas_within[area], plan.ancestors(area))
    codes = {s.period_code for s in accepted}
    scheduled = scheduled_periods(plan.year, plan.calendar)
    known = [period.window_end for period in scheduled if period.code in codes]
    first = min(known) if len(known) == len(codes) else scheduled[0].window_end
    periods = tuple(period.code for period in scheduled if period.window_end >= first)
    return Scope(frozenset(s.form_code for s in accepted if s.form_code), periods, tuple(sorted(areas)))
