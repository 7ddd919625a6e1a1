"""Compare a report with the one that it replaces: rows that are gone, a second file for the same report."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import numpy as np
import pandas as pd

from plans.reporting_calendar import Period
from schemas.declaration import Form, Severity
from schemas.findings import Finding
from transforms.validate.frames import Candidate

Rows = dict[tuple[object, ...], tuple[object, ...]]
"""The figures of a report by its keys."""

_MOST_NAMED = 5  # lost rows that one finding names
_SAME_TIME = timedelta(days=2)  # files for one report that arrive so close are two versions, no correction


def check_revisions(
    form: Form, frame: pd.DataFrame, in_force: pd.DataFrame, candidates: Sequence[Candidate]
) -> None:
    """Note REVISION-LOSES-ROWS and FORM-SECOND (as a warning) at valid candidates, in order of arrival.

    Also note which candidates repeat the figures in force when they came.

    `frame` is as `form_frame` makes it, `in_force` the rows in force before, by body, period and the form's
    columns.
    """
    repeated = _repeated(frame, in_force)
    reports: dict[object, tuple[Rows, Candidate | None]] = {
        report: (rows, None) for report, rows in _rows(form, repeated, ["body", "period"]).items()
    }
    for (number,), own in _rows(form, frame, ["submission"]).items():
        candidate = candidates[int(str(number))]
        period = candidate.reading.period
        if not candidate.is_valid or period is None:
            continue
        former, sender = reports.get((candidate.body_code, period.code), ({}, None))
        candidate.is_unchanged = own == former
        lost = [key for key in former if key not in own]
        if lost:
            candidate.findings.append(_loses(form, candidate, lost))
        if sender is not None and not lost and own != former and _is_second(candidate, sender):
            candidate.findings.append(_second(candidate, period))
        reports[candidate.body_code, period.code] = own, candidate


def _repeated(frame: pd.DataFrame, in_force: pd.DataFrame) -> pd.DataFrame:
    """Return the rows in force of the reports that the frame has again."""
    sent = set(zip(frame["body"], frame["period"], strict=True))
    again = [report in sent for report in zip(in_force["body"], in_force["period"], strict=True)]
    return in_force[np.array(again, dtype=bool)]


def _rows(form: Form, frame: pd.DataFrame, by: list[str]) -> dict[tuple[object, ...], Rows]:
    """Return the figures by their keys for each group of rows, in order of first appearance."""
    grouped: dict[tuple[object, ...], Rows] = {}
    for group, key, figures in zip(
        _tuples(frame, by),
        _tuples(frame, [dimension.key for dimension in form.dimensions]),
        _tuples(frame, [measure.key for measure in form.measures]),
        strict=True,
    ):
        grouped.setdefault(group, {})[key] = figures
    return grouped


def _tuples(frame: pd.DataFrame, columns: list[str]) -> Iterator[tuple[object, ...]]:
    return frame[columns].itertuples(index=False, name=None)


def _is_second(candidate: Candidate, other: Candidate) -> bool:
    """Return whether two reports of one source in one batch are two versions, the later no correction."""
    if candidate.reading.is_declared_correction or candidate.source_url != other.source_url:
        return False
    return abs(candidate.received_at - other.received_at) <= _SAME_TIME


def _loses(form: Form, candidate: Candidate, lost: list[tuple[object, ...]]) -> Finding:
    names = ["/".join(_label(form, place, value) for place, value in enumerate(key)) for key in lost]
    more = f" và {len(names) - _MOST_NAMED} dòng khác" if len(names) > _MOST_NAMED else ""
    details = {"count": len(names), "missing": "; ".join(names[:_MOST_NAMED]) + more}
    return Finding("REVISION-LOSES-ROWS", candidate.reading.sheet_name, details=details)


def _label(form: Form, place: int, value: object) -> str:
    code_list = form.dimensions[place].code_list
    labels = {code.code: code.label_vi for code in code_list.codes} if code_list else {}
    if isinstance(value, pd.Timestamp):
        return value.strftime("%d/%m/%Y")
    return labels.get(str(value), str(value))


def _second(candidate: Candidate, period: Period) -> Finding:
    details = {
        "other_vi": f"một tệp khác gửi cùng lúc ({period.name_vi}) có số liệu khác",
        "other_en": f"another file sent at the same time ({period.name_en}) with other figures",
        "kept_vi": "số liệu được lấy theo tệp gửi sau này",
        "kept_en": "the figures of this later file are in force",
    }
    return Finding(
        "FORM-SECOND",
        candidate.reading.sheet_name,
        details=details,
        severity_override=Severity.WARNING,
    )
