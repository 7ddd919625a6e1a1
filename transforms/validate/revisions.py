"""Compare a report with the one that it replaces: its parts, rows that are gone, a second file for it."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from schemas.declaration import Form, Severity
from schemas.findings import Finding, Named, Words
from transforms.validate.frames import Candidate
from transforms.validate.known_parts import KnownPart
from transforms.validate.report_parts import (
    SAME_TIME,
    Placed,
    SentReport,
    SentSheet,
    place_in_report,
    reports_before,
    rows_by,
)

_MOST_NAMED = 5  # lost rows that one finding names


def check_revisions(
    form: Form,
    frame: pd.DataFrame,
    in_force: pd.DataFrame,
    candidates: Sequence[Candidate],
    parts: Mapping[int, KnownPart] = MappingProxyType({}),
) -> None:
    """Note REVISION-LOSES-ROWS and FORM-SECOND at valid candidates, in order of arrival.

    Also note which candidates are parts of a report, and which repeat the figures in force when they came.

    `frame` is as `form_frame` makes it, `in_force` the rows in force before, by body, period, submission and
    the form's columns; `parts` are those recorded before, by the numbers of their submissions.
    """
    reports = reports_before(form, frame, in_force, parts)
    for (number,), own in rows_by(form, frame, ["submission"]).items():
        candidate = candidates[int(str(number))]
        period = candidate.reading.period
        if period is None:
            continue
        report = reports.setdefault((candidate.body_code, period.code), SentReport())
        placed = place_in_report(candidate, own, report)
        candidate.part = placed.part
        sent = SentSheet(own, candidate, placed.part)
        if candidate.is_valid and placed.overlapped is not None:
            candidate.findings.append(_overlaps(candidate))
        if candidate.is_valid:
            _compare(form, candidate, sent, placed, report)
        report.add(sent, placed.replaced)


def _compare(form: Form, candidate: Candidate, sent: SentSheet, placed: Placed, report: SentReport) -> None:
    """Compare a valid sheet with what it replaces; the parts that come together, as one report."""
    sent.former = {key: row for sheet in placed.replaced for key, row in sheet.rows.items()}
    candidate.is_unchanged = sent.rows == sent.former
    read = dict(sent.rows)
    if placed.is_beside:
        for sheet in report.current:
            read |= sheet.rows
            sent.former |= sheet.former
            if sheet.loss is not None and sheet.sender is not None:
                sheet.sender.findings.remove(sheet.loss)
                sheet.loss = None
    lost = [key for key in sent.former if key not in read]
    if lost:
        sent.loss = _loses(form, candidate, lost)
        candidate.findings.append(sent.loss)
    other = next((sheet.sender for sheet in reversed(placed.replaced) if sheet.sender is not None), None)
    if other and not lost and not candidate.is_unchanged and _is_second(candidate, other):
        candidate.findings.append(_second(candidate))


def _is_second(candidate: Candidate, other: Candidate) -> bool:
    """Return whether two reports of one source in one batch are two versions, the later no correction."""
    if candidate.reading.is_declared_correction or candidate.source_url != other.source_url:
        return False
    return abs(candidate.received_at - other.received_at) <= SAME_TIME


def _loses(form: Form, candidate: Candidate, lost: list[tuple[object, ...]]) -> Finding:
    names = ["/".join(_label(form, place, value) for place, value in enumerate(key)) for key in lost]
    rest = len(names) - _MOST_NAMED
    more = Words("missing.more", {"count": rest}) if rest > 0 else ""
    details = {"count": len(names), "missing": ("; ".join(names[:_MOST_NAMED]), more)}
    return Finding("REVISION-LOSES-ROWS", candidate.reading.sheet_name, details=details)


def _label(form: Form, place: int, value: object) -> str:
    code_list = form.dimensions[place].code_list
    labels = {code.code: code.label_vi for code in code_list.codes} if code_list else {}
    if isinstance(value, pd.Timestamp):
        return value.strftime("%d/%m/%Y")
    return labels.get(str(value), str(value))


def _second(candidate: Candidate) -> Finding:
    period = candidate.reading.period
    name = Named(period.name_vi, period.name_en) if period else ""
    details = {
        "other": Words("other.same-time", {"period": name}),
        "kept": Words("kept.later-file"),
    }
    return _form_second(candidate, details, Severity.WARNING)


def _overlaps(candidate: Candidate) -> Finding:
    details = {
        "other": Words("other.file"),
        "kept": Words("kept.overlap"),
    }
    return _form_second(candidate, details, Severity.ERROR)


def _form_second(candidate: Candidate, details: dict[str, Words], severity: Severity) -> Finding:
    return Finding(
        "FORM-SECOND", candidate.reading.sheet_name, details=dict(details), severity_override=severity
    )
