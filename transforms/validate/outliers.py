"""Figures far outside what a body reported before: worth a second look, never a reason to reject."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from schemas.declaration import Form
from transforms.validate.frames import Candidate, add_finding
from transforms.validate.history_matrix import Figures, Series, figures_of

FEWEST_BEFORE = 3  # reports needed before one can be far from them
SPREADS_AWAY = 5.0  # how many spreads from the middle half of the earlier figures
LEAST_SPREAD = 4.0  # small counts jump: 0, 1, 7 is nothing to remark on


def add_outlier_findings(
    form: Form, frame: pd.DataFrame, series: Series, candidates: Sequence[Candidate]
) -> None:
    """Note OUTLIER where a figure lies far from the earlier ones of the same body and key.

    Far: outside the middle half of at least three earlier figures by more than five times its width, or
    the root of the median where that is wider (counts vary by as much on their own). `series` holds what is
    in force, these reports included.
    """
    valid = np.array([candidates[number].is_valid for number in frame["submission"]])
    scheduled = (frame["window_start"] != frame["window_end"]).to_numpy()  # what is ad hoc has no series
    figures = figures_of(form, frame)
    measures = list(series.measures)
    for period in np.unique(series.period[valid & scheduled]):
        rows = np.flatnonzero(valid & scheduled & (series.period == period))
        low, high = _usual(series.figures[series.series[rows], :period])
        far = (figures[rows] < low) | (figures[rows] > high)
        for i, j in zip(*np.nonzero(far), strict=True):
            bounds = {"low": _said(low[i, j]), "high": _said(high[i, j])}
            add_finding(form, frame, int(rows[i]), "OUTLIER", measures[j], candidates, **bounds)


def _usual(earlier: Figures) -> tuple[Figures, Figures]:
    """The bounds of what is usual, from figures (series, periods, measures); open where there are too few."""
    count = np.sum(~np.isnan(earlier), axis=1)
    if not earlier.shape[1]:
        return np.full(count.shape, -np.inf), np.full(count.shape, np.inf)
    ordered = np.sort(earlier, axis=1)  # nulls come last

    def quantile(share: float) -> Figures:
        place = np.round(np.maximum(count - 1, 0) * share).astype(int)
        return np.take_along_axis(ordered, place[:, None, :], axis=1)[:, 0, :]

    first, median, third = quantile(0.25), quantile(0.5), quantile(0.75)
    spread = np.maximum(np.maximum(third - first, np.sqrt(np.abs(median))), LEAST_SPREAD)
    few = count < FEWEST_BEFORE
    low = np.where(few, -np.inf, np.maximum(first - SPREADS_AWAY * spread, 0))
    return low, np.where(few, np.inf, third + SPREADS_AWAY * spread)


def _said(figure: float) -> str:
    return f"{int(np.floor(figure)):,}".replace(",", ".")
