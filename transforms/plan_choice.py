"""Read a file under each plan that may require its reports, and give each sheet to the plans that do."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from plans.model import Plan
from plans.plan_fit import may_require
from schemas.declaration import Severity
from transforms.file_parser import read_file
from transforms.layout.parsed_sheet import FileReading, SheetReading
from transforms.layout.sheet_parser import ReadingContext

# With one of these a plan does not require the sheet; another plan, or a later version, may.
UNCLAIMED = frozenset({"FORM-UNKNOWN", "FORM-NOT-OWED", "PERIOD-MISSING", "PERIOD-INVALID", "PERIOD-WINDOW"})

_SheetKey = tuple[str, int]


def read_for_plans(
    content: bytes, file_name: str, body_code: str, contexts: Sequence[ReadingContext]
) -> FileReading:
    """Read a file under the plans of the contexts; each sheet of the result names its plan.

    A sheet that several plans require is there once for each. One that no plan requires is there once, as
    the plan reads it that comes nearest; a file without sheets belongs to the first plan.
    """
    if len(contexts) > 1:
        contexts = _with_common_phrases(tuple(contexts))
    first = read_file(content, file_name, body_code, contexts[0])
    readings = [(contexts[0].plan, first)]
    for context in contexts[1:]:
        if _may_be_of(first, body_code, contexts[0], context):
            readings.append((context.plan, read_file(content, file_name, body_code, context)))
    if len(readings) == 1:
        first.plan_code = contexts[0].plan.code
        for sheet in first.sheets:
            sheet.plan_code = first.plan_code
        return first
    # Numbers that look like a person's are figures under a plan that knows the form.
    readings = [read for read in readings if _is_clean(read[1])] or readings
    plan, base = next((read for read in readings if read[1].sheets), readings[0])
    return replace(base, sheets=_chosen(readings, body_code), plan_code=plan.code)


# Made once: what was searched for persons under these phrases is known by the object that holds them.
@lru_cache(maxsize=64)
def _with_common_phrases(contexts: tuple[ReadingContext, ...]) -> tuple[ReadingContext, ...]:
    """The contexts with the phrases of all of them: a place of one plan is no person under another."""
    phrases = frozenset[str]().union(*(context.phrases for context in contexts))
    return tuple(replace(context, phrases=phrases) for context in contexts)


def _is_clean(read: FileReading) -> bool:
    return bool(read.sheets) and not read.must_not_be_kept


def _may_be_of(read: FileReading, body_code: str, under: ReadingContext, context: ReadingContext) -> bool:
    """Return whether a plan may require a sheet of a file that was read under another plan.

    With other forms it may recognise what is no form there, and take for figures what is a person's number
    in a sheet of no form.
    """
    if context.forms.code != under.forms.code and not (
        read.sheets and all(is_claimed(under.plan, sheet, body_code) for sheet in read.sheets)
    ):
        return True
    return any(_may_differ(sheet, body_code, under.plan, context.plan) for sheet in read.sheets)


def _may_differ(sheet: SheetReading, body_code: str, read_under: Plan, plan: Plan) -> bool:
    """Return whether a plan may require a sheet that was read under another one."""
    if sheet.period is None:  # which period it names may depend on the windows
        return sheet.form_code is not None and plan.calendar.closing_day != read_under.calendar.closing_day
    return may_require(plan, body_code, sheet.form_code, sheet.period.code)


def _chosen(readings: Sequence[tuple[Plan, FileReading]], body_code: str) -> list[SheetReading]:
    """Return the sheets of all readings, each for the plans that require it or for the nearest one."""
    versions: dict[_SheetKey, list[tuple[Plan, SheetReading]]] = {}
    for plan, reading in readings:
        seen: Counter[str] = Counter()
        for sheet in reading.sheets:
            versions.setdefault((sheet.sheet_name, seen[sheet.sheet_name]), []).append((plan, sheet))
            seen[sheet.sheet_name] += 1
    chosen: list[SheetReading] = []
    for read in versions.values():
        required = [version for version in read if is_claimed(version[0], version[1], body_code)]
        nearest = min(read, key=lambda version: _distance(version[0], version[1], body_code))
        chosen += [replace(sheet, plan_code=plan.code) for plan, sheet in required or [nearest]]
    known = {sheet.sheet_name for sheet in chosen}
    for sheet in chosen:  # a sheet that is no form under one plan is one under another
        sheet.findings = [
            finding
            for finding in sheet.findings
            if finding.code != "REPORT-UNRECOGNISED" or finding.sheet_name not in known
        ]
    return chosen


def is_claimed(plan: Plan, sheet: SheetReading, body_code: str) -> bool:
    """Return whether the plan requires the sheet as it was read under it."""
    codes = {finding.code for finding in sheet.findings if finding.severity is Severity.ERROR}
    if codes & UNCLAIMED:
        return False
    # Of a sheet with personal data no other finding is kept.
    period = sheet.period.code if sheet.period else None
    return "PII-SUSPECTED" not in codes or may_require(plan, body_code, sheet.form_code, period)


def _distance(plan: Plan, sheet: SheetReading, body_code: str) -> tuple[bool, int]:
    """Return how far a plan is from requiring a sheet, to be compared."""
    period = sheet.period.code if sheet.period else None
    errors = [finding for finding in sheet.findings if finding.severity is Severity.ERROR]
    unclaimed = sum(finding.code in UNCLAIMED for finding in errors)
    return not may_require(plan, body_code, sheet.form_code, period), unclaimed
