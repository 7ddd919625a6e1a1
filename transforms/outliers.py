"""Figures far outside what a body reported before: worth a second look, never a reason to refuse."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from schemas.declaration import Form
from transforms.frames import Candidate, note_row

FEWEST_BEFORE = 3  # reports needed before one can be far from them
SPREADS_AWAY = 5.0  # how many spreads from the middle half of the earlier figures
LEAST_SPREAD = 4.0  # small counts jump: 0, 1, 7 is nothing to remark on


def note_outliers(
    form: Form, frame: pd.DataFrame, history: pd.DataFrame, candidates: Sequence[Candidate]
) -> None:
    """Note OUTLIER where a figure lies far from the earlier ones of the same body and key.

    Far: outside the middle half of at least three earlier figures by more than five times its width, or
    the root of the median where that is wider (counts vary by as much on their own). Frames as in `settle`.
    """
    measures = [m.key for m in form.measures if m.is_additive]
    sound = frame[[candidates[number].is_sound for number in frame["submission"]]]
    if sound.empty or all(period.split("-")[1] == "A" for period in sound["period"].unique()):
        return  # what happens without a calendar has no series
    keys = ["body", *(dimension.key for dimension in form.dimensions)]
    rows = pd.concat([history, sound], ignore_index=True)
    series = rows.groupby(keys, sort=False).ngroup().to_numpy()
    turn = rows["window_end"].rank(method="dense").astype(int).to_numpy() - 1
    figures = np.full((series.max() + 1, turn.max() + 1, len(measures)), np.nan)
    figures[series, turn] = rows[measures].to_numpy(dtype="float64")
    positions = np.arange(len(history), len(rows))
    for this in np.unique(turn[positions]):
        at = positions[turn[positions] == this]
        low, high = _usual(figures[series[at], :this])
        now = rows[measures].to_numpy(dtype="float64")[at]
        for i, j in zip(*np.nonzero((now < low) | (now > high)), strict=True):
            index = sound.index[at[i] - len(history)]
            bounds = {"low": _said(low[i, j]), "high": _said(high[i, j])}
            note_row(form, frame, index, "OUTLIER", measures[j], candidates, **bounds)


def _usual(earlier: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The bounds of what is usual, from figures (series, periods, measures); open where there are too few."""
    ordered = np.sort(earlier, axis=1)  # nulls come last
    count = np.sum(~np.isnan(earlier), axis=1)
    if not earlier.shape[1]:
        return np.full(count.shape, -np.inf), np.full(count.shape, np.inf)

    def quantile(share: float) -> npt.NDArray[np.float64]:
        place = np.maximum(count - 1, 0) * share
        return np.take_along_axis(ordered, place.round().astype(int)[:, None, :], axis=1)[:, 0, :]

    first, median, third = quantile(0.25), quantile(0.5), quantile(0.75)
    spread = np.maximum(np.maximum(third - first, np.sqrt(np.abs(median))), LEAST_SPREAD)
    few = count < FEWEST_BEFORE
    low = np.where(few, -np.inf, np.maximum(first - SPREADS_AWAY * spread, 0))
    return low, np.where(few, np.inf, third + SPREADS_AWAY * spread)


def _said(figure: float) -> str:
    return f"{int(np.floor(figure)):,}".replace(",", ".")
