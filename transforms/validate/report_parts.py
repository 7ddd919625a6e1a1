"""Reports that come in several files: which part of a report a sheet is, and what it replaces.

Files of one source and one listing whose keys are disjoint are parts of one report. A later file that repeats
keys of one part, or has its name, replaces this part only; one that has all keys is the whole report.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
import pandas as pd

from schemas.declaration import Form
from schemas.findings import Finding
from transforms.validate.frames import Candidate, PartPlace
from transforms.validate.known_parts import KnownPart

Report = tuple[str, str]  # body, period
Key = tuple[object, ...]
Rows = dict[Key, Key]
"""The figures of a report by its keys."""

SAME_TIME = timedelta(days=2)  # files for one report that arrive so close belong together


@dataclass(slots=True, eq=False)
class SentSheet:
    """The rows of a sheet, current or rejected, with its part of the report; `sender` where it came just now.

    `known` is the record of a part that came before, `former` the rows that it replaced, and `loss` the
    finding about those that it lacks.
    """

    rows: Rows
    sender: Candidate | None = None
    part: PartPlace | None = None
    known: KnownPart | None = None
    former: Rows = field(default_factory=dict)
    loss: Finding | None = None

    @property
    def path(self) -> tuple[str, str, str]:
        """What identifies its file and sheet on the drives."""
        if self.sender is not None:
            return self.sender.path
        return (
            (self.known.source_url, self.known.file_name, self.known.sheet_name) if self.known else ("",) * 3
        )


@dataclass(slots=True)
class SentReport:
    """What a body has sent for a period: the current sheets, several if they are parts, and rejected ones."""

    current: list[SentSheet] = field(default_factory=list)
    rejected: list[SentSheet] = field(default_factory=list)

    @property
    def rows(self) -> Rows:
        """All current rows."""
        return {key: row for sheet in self.current for key, row in sheet.rows.items()}

    def add(self, sheet: SentSheet, replaced: Collection[SentSheet]) -> None:
        """Add a sheet that came just now: a valid one is current in place of those that it replaces."""
        if sheet.sender is not None and sheet.sender.is_valid:
            self.current = [other for other in self.current if other not in replaced] + [sheet]
        else:
            self.rejected.append(sheet)


@dataclass(frozen=True, slots=True)
class Placed:
    """What a sheet is for its report: the current sheets that it replaces, and its part.

    `is_beside`: it is a further part of what came with it. `overlapped` is another sheet of which it repeats
    some rows and lacks others, so that it is neither a part nor a revision.
    """

    replaced: list[SentSheet]
    part: PartPlace | None = None
    is_beside: bool = False
    overlapped: SentSheet | None = None


def place_in_report(candidate: Candidate, own: Rows, report: SentReport) -> Placed:
    """Return what a sheet with rows `own` is for a report; a first part gets its number as well."""
    current = report.current
    if any(sheet.part for sheet in current):
        return _beside_parts(candidate, own, report)
    for other in (*current, *report.rejected):
        if other.sender is None or not come_together(candidate, other.sender):
            continue
        common = own.keys() & other.rows.keys()
        if not common and _is_keyed(own) and _is_keyed(other.rows):
            other.part = other.part or PartPlace(other.sender, 1)
            other.sender.part = other.part
            part = PartPlace(other.part.part_set, _next(report))
            return Placed([], part, is_beside=True) if other in current else Placed(current, part)
        if common and other in current and own.keys() - common and other.rows.keys() - common:
            return Placed(current, overlapped=other)
    return Placed(current)


def _beside_parts(candidate: Candidate, own: Rows, report: SentReport) -> Placed:
    current = report.current
    one = next(sheet for sheet in current if sheet.part)
    same_source = [sheet for sheet in current if sheet.path[0] == candidate.source_url]
    repeated = [sheet for sheet in current if own.keys() & sheet.rows.keys()]
    if one.part is None or report.rows.keys() <= own.keys() or len(same_source) < len(current):
        return Placed(current)
    if not repeated:
        named = [
            sheet for sheet in (*current, *report.rejected) if sheet.part and sheet.path == candidate.path
        ]
        if named:
            part = named[-1].part
            return Placed([sheet for sheet in current if sheet.part == part], part)
        if any(sheet.sender and come_together(candidate, sheet.sender) for sheet in current):
            return Placed([], PartPlace(one.part.part_set, _next(report)), is_beside=True)
        return Placed(current)
    if len(repeated) > 1:
        mine = next((sheet for sheet in repeated if sheet.path == candidate.path), repeated[0])
        return Placed(current, overlapped=next(sheet for sheet in repeated if sheet is not mine))
    return Placed(repeated, repeated[0].part)


def _next(report: SentReport) -> int:
    sheets = (*report.current, *report.rejected)
    return 1 + max((sheet.part.part_no for sheet in sheets if sheet.part), default=1)


def _is_keyed(rows: Rows) -> bool:
    """Whether every row has a key, and no part of it is faulty."""
    return bool(rows) and all(
        key and all(value == value and value is not None for value in key) for key in rows
    )


def come_together(candidate: Candidate, other: Candidate) -> bool:
    """Whether two files are of one source and one listing, and the later is no correction."""
    return (
        not candidate.reading.is_declared_correction
        and candidate.source_url == other.source_url
        and candidate.listing == other.listing
        and candidate.path != other.path
        and abs(candidate.received_at - other.received_at) <= SAME_TIME
    )


def reports_before(
    form: Form, frame: pd.DataFrame, in_force: pd.DataFrame, parts: Mapping[int, KnownPart]
) -> dict[Report, SentReport]:
    """Return what was sent before for the reports of a frame; see `check_revisions` for the arguments."""
    sent = set(zip(frame["body"], frame["period"], strict=True))
    again = [report in sent for report in zip(in_force["body"], in_force["period"], strict=True)]
    repeated = in_force[np.array(again, dtype=bool)]
    reports: dict[Report, SentReport] = {}
    sets: dict[object, SentReport] = {}
    for (body, period, number), rows in rows_by(form, repeated, ["body", "period", "submission"]).items():
        known = parts.get(int(str(number)))
        part = PartPlace(known.part_set, known.part_no) if known else None
        report = reports.setdefault((str(body), str(period)), SentReport())
        report.current.append(SentSheet(rows, part=part, known=known))
        sets |= {known.part_set: report} if known else {}
    for known in parts.values():
        if known.part_set in sets:
            part = PartPlace(known.part_set, known.part_no)
            sets[known.part_set].rejected.append(SentSheet({}, part=part, known=known))
    return reports


def rows_by(form: Form, frame: pd.DataFrame, by: list[str]) -> dict[tuple[object, ...], Rows]:
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
