"""Validate many submissions at once: one Pandera call per form, then each form against its past."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from plans.model import Plan
from plans.plan_years import year_starts
from schemas.declaration import Form
from schemas.form_set import FormSet
from transforms.validate.cross_period_checks import check_periods
from transforms.validate.frames import Candidate, check_frame, form_frame
from transforms.validate.history_matrix import series_of
from transforms.validate.incomplete_parts import accept_complementing_parts, is_incomplete
from transforms.validate.known_parts import KnownPart
from transforms.validate.outliers import add_outlier_findings
from transforms.validate.revisions import check_revisions
from transforms.validate.shares import add_share_findings, shares_of

History = Callable[[Form, frozenset[str]], pd.DataFrame]


def validate(
    candidates: Sequence[Candidate],
    history: History,
    plan: Plan,
    forms: FormSet,
    parts: Mapping[int, KnownPart] = MappingProxyType({}),
) -> dict[str, pd.DataFrame]:
    """Add to each candidate of a plan what is wrong with it and return the frames by code of the `forms`.

    Candidates are numbered by their place in the sequence, in the order in which they came. `history` gives
    the rows in force of some bodies and a form, as `transforms.validate.history_matrix.series_of` takes them;
    `parts` are the parts of reports known before, by the numbers of their submissions.
    """
    starts, shares = year_starts(plan), shares_of(plan)
    names = {area.code: area.name for area in plan.areas}
    frames: dict[str, pd.DataFrame] = {}
    for code, form in forms.by_code.items():
        of_form = [c for c in candidates if c.reading.form_code == code and c.reading.rows]
        if not of_form:
            continue
        frame = form_frame(form, of_form)
        check_frame(form, frame, candidates)
        valid = frozenset(c.body_code for c in of_form if c.is_valid or is_incomplete(form, c))
        if valid:
            in_force = history(form, valid)
            accept_complementing_parts(form, frame, in_force, candidates, parts)
            series = series_of(form, frame, in_force)
            check_periods(form, frame, series, candidates, starts)
            check_revisions(form, frame, in_force, candidates, parts, names)
            add_outlier_findings(form, frame, series, candidates)
            add_share_findings(form, frame, series, candidates, shares, starts)
        frames[code] = frame
    return frames
