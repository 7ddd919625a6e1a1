"""Sheets that lack expected rows which other parts of the same report have."""

from collections.abc import Mapping, Sequence
from itertools import groupby

import pandas as pd

from schemas.declaration import Form, Severity
from transforms.validate.frames import Candidate
from transforms.validate.known_parts import KnownPart
from transforms.validate.report_parts import (
    Report,
    Rows,
    SentReport,
    SentSheet,
    come_together,
    place_in_report,
    reports_before,
    rows_by,
)


def is_incomplete(form: Form, candidate: Candidate) -> bool:
    """Whether the only error of a sheet is that it lacks expected rows."""
    errors = [finding for finding in candidate.findings if finding.severity is Severity.ERROR]
    return (
        form.rows_expected is not None
        and bool(candidate.reading.missing_areas)
        and bool(errors)
        and all(finding.code == form.rows_expected[1] for finding in errors)
    )


def accept_complementing_parts(
    form: Form,
    frame: pd.DataFrame,
    in_force: pd.DataFrame,
    candidates: Sequence[Candidate],
    parts: Mapping[int, KnownPart],
) -> None:
    """Remove the finding of missing rows from sheets that are complete together with other parts.

    `frame`, `in_force` and `parts` are those of `check_revisions`.
    """
    of_reports: dict[Report, list[Candidate]] = {}
    for candidate in candidates:
        reading = candidate.reading
        if reading.form_code == form.code and reading.rows and reading.period is not None:
            of_reports.setdefault((candidate.body_code, reading.period.code), []).append(candidate)
    of_reports = {
        report: sent for report, sent in of_reports.items() if any(is_incomplete(form, c) for c in sent)
    }
    if not of_reports:
        return
    rows = {int(str(number)): own for (number,), own in rows_by(form, frame, ["submission"]).items()}
    before = reports_before(form, frame, in_force, parts)
    for report, sent in of_reports.items():
        state = before.get(report, SentReport())
        for _, listed in groupby(sent, key=lambda candidate: candidate.listing):
            _take_listing(form, list(listed), state, rows)


def _take_listing(
    form: Form, listed: Sequence[Candidate], state: SentReport, rows: Mapping[int, Rows]
) -> None:
    """Complete the sheets of one listing for one report, and put them into its state."""
    usable = [c for c in listed if c.is_valid or is_incomplete(form, c)]
    complete = [c for c in usable if not c.is_valid and _is_completed(form, c, usable, state, rows)]
    for candidate in complete:
        code = form.rows_expected[1] if form.rows_expected else ""
        candidate.findings[:] = [finding for finding in candidate.findings if finding.code != code]
    for candidate in listed:
        own = rows[candidate.number]
        placed = place_in_report(candidate, own, state)
        state.add(SentSheet(own, candidate, placed.part), placed.replaced)


def _is_completed(
    form: Form,
    candidate: Candidate,
    usable: Sequence[Candidate],
    state: SentReport,
    rows: Mapping[int, Rows],
) -> bool:
    """Whether the sheets that came with it, and the parts before, have the rows that a sheet lacks."""
    own = rows[candidate.number]
    others = [rows[c.number] for c in usable if c is not candidate and come_together(candidate, c)]
    others += [sheet.rows for sheet in state.current if sheet.part and sheet.path[0] == candidate.source_url]
    place = next(n for n, dimension in enumerate(form.dimensions) if dimension is form.area_dimension)
    areas = {key[place] for other in others if not own.keys() & other.keys() for key in other}
    return areas.issuperset(candidate.reading.missing_areas)
