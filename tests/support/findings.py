"""Validation of a parsed file without a database."""

from datetime import UTC, datetime

from plans.model import Plan
from schemas.findings import Finding
from tests.support.forms import FORM_SET
from tests.support.pipeline import PLAN
from transforms.layout.parsed_sheet import FileReading
from transforms.validate.batch import validate
from transforms.validate.frames import Candidate, form_frame


def findings_in(reading: FileReading, body: str, plan: Plan = PLAN) -> list[Finding]:
    """What is found in all sheets of a file when nothing is in force yet."""
    assert reading.problem is None
    now = datetime.now(UTC)
    candidates = [Candidate(n, body, now, s, list(s.findings)) for n, s in enumerate(reading.sheets)]
    validate(candidates, lambda form, _: form_frame(form, []), plan, FORM_SET)
    return [finding for c in candidates for finding in c.findings]
