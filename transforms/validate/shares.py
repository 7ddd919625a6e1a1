"""Shares of a plan that exceed 100 % in what one body reported: a warning, never a reason to reject."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from plans.model import Plan
from plans.target_expressions import Term, target_terms
from plans.target_file import Target
from schemas.declaration import Form
from transforms.validate.frames import Candidate, add_finding
from transforms.validate.history_matrix import Figures, Places, Series, year_start_of

# Functions whose figure for one body and place follows from its own reports.
_READ_FROM_SERIES = ("sum", "first", "last")


@dataclass(frozen=True, slots=True)
class Share:
    """A target in per cent that cannot exceed 100, with the bodies that each term counts (empty: all)."""

    target: Target
    numerator: tuple[Term, ...]
    denominator: tuple[Term, ...]
    bodies: dict[tuple[str, ...], frozenset[str]]


def shares_of(plan: Plan) -> tuple[Share, ...]:
    """Return the shares of a plan whose terms are all read from the reports of one form.

    A target in per cent is a share, unless it declares `may_exceed_100` or a threshold above 100.
    """
    shares = []
    for target in plan.targets:
        numerator, denominator = target_terms(target)
        terms = (*numerator, *denominator)
        if (
            target.unit == "percent"
            and not target.may_exceed_100
            and target.threshold <= 100
            and len({term.form for term in terms}) == 1
            and all(
                t.function in _READ_FROM_SERIES and (t.over, t.year) == ("year", "current") for t in terms
            )
        ):
            bodies = {term.bodies: frozenset(plan.body_codes(term.bodies) or ()) for term in terms}
            shares.append(Share(target, numerator, denominator, bodies))
    return tuple(shares)


def add_share_findings(
    form: Form,
    frame: pd.DataFrame,
    series: Series,
    candidates: Sequence[Candidate],
    shares: Sequence[Share],
    year_starts: Sequence[date],
) -> None:
    """Note SHARE-ABOVE-100 where the numerator of a share exceeds its denominator for one body and place.

    Both are taken over the plan year up to the period of the report. The finding is at the first row of the
    place that adds to the numerator. `series` holds what is in force, these reports included.
    """
    valid = np.array([candidates[number].is_valid for number in frame["submission"]])
    groups = _groups(form, series)
    for share in shares:
        if share.numerator[0].form != form.key:
            continue
        added = frame[share.numerator[0].measure].to_numpy(dtype="float64")
        wanted = valid & (added > 0) & _counted(share.numerator[0], share, series)[series.series]
        for period in np.unique(series.period[wanted]):
            start = year_start_of(series, int(period), year_starts)
            numerator = _figures(share.numerator, share, series, groups, int(period), start)
            denominator = _figures(share.denominator, share, series, groups, int(period), start)
            rows = np.flatnonzero(wanted & (series.period == period))
            places = groups[series.series[rows]]
            above = (denominator[places] > 0) & (numerator[places] > denominator[places] + 1e-6)
            _, first = np.unique(places[above], return_index=True)
            for row in rows[above][first]:
                place = groups[series.series[row]]
                details = _details(share.target, float(numerator[place]), float(denominator[place]))
                key = share.numerator[0].measure
                add_finding(form, frame, int(row), "SHARE-ABOVE-100", key, candidates, **details)


def _groups(form: Form, series: Series) -> Places:
    """Return for each series the number of its body and place: their figures are added up."""
    keys = ["body", *([form.area_dimension.key] if form.area_dimension else [])]
    return np.asarray(series.keys.groupby(keys, sort=False, dropna=False).ngroup(), dtype=np.intp)


def _counted(term: Term, share: Share, series: Series) -> npt.NDArray[np.bool_]:
    """Return which series a term counts, by its bodies and codes."""
    counted = np.ones(len(series.keys), dtype=bool)
    if term.bodies:
        counted &= series.keys["body"].isin(share.bodies[term.bodies]).to_numpy()
    for key, codes in term.codes:
        counted &= series.keys[key].isin(codes).to_numpy()
    return counted


def _figures(
    terms: Sequence[Term], share: Share, series: Series, groups: Places, period: int, start: np.datetime64
) -> Figures:
    """Return the figure of an expression for each group, over the plan year up to a period."""
    this_year = series.ends[: period + 1] >= start
    total = np.zeros(int(groups.max(initial=-1)) + 1)
    for term in terms:
        reported = series.figures[:, : period + 1, series.measures[term.measure]][:, this_year]
        figure = np.where(_counted(term, share, series), _aggregated(term.function, reported), 0)
        total += float(term.sign * term.weight) * np.bincount(groups, figure, minlength=len(total))
    return total


def _aggregated(function: str, reported: Figures) -> Figures:
    """Return sum, first or last of the reports of each series; 0 where there is none."""
    if function == "sum":
        return np.asarray(np.nansum(reported, axis=1))
    known = ~np.isnan(reported)
    ordered = known if function == "first" else known[:, ::-1]
    values = reported if function == "first" else reported[:, ::-1]
    chosen = np.take_along_axis(values, ordered.argmax(axis=1)[:, None], axis=1)[:, 0]
    return np.where(known.any(axis=1), chosen, 0)


def _details(target: Target, numerator: float, denominator: float) -> dict[str, object]:
    return {
        "target": target.code,
        "numerator": f"{numerator:g}".replace(".", ","),
        "denominator": f"{denominator:g}".replace(".", ","),
        "share": f"{100 * numerator / denominator:.1f}".replace(".", ","),
    }
