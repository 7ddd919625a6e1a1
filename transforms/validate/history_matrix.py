"""The figures of many reports side by side: one series for each body and key, one place for each period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from schemas.declaration import Form

Figures = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


@dataclass(slots=True)
class Series:
    """`figures` by (series, period, measure), null where nothing was reported.

    `ends` are the periods' last days, ascending, `measures` the place of each additive measure; `series` and
    `period` say where each row of the frame belongs, `bodies` which body (a number) each series is of. `keys`
    hold body and dimensions of each series.
    """

    figures: Figures
    ends: npt.NDArray[np.datetime64]
    measures: dict[str, int]
    series: Places
    period: Places
    bodies: Places
    keys: pd.DataFrame

    def put(self, rows: Places, values: Figures) -> None:
        """Put the frame's rows in place of what their bodies had reported for the same period.

        What has other keys than all of a body's rows is another part of its report, and stays.
        """
        for period in np.unique(self.period[rows]):
            of_period = rows[self.period[rows] == period]
            own = self.series[of_period]
            is_known = ~np.isnan(self.figures[own, period]).all(axis=1)
            replaced = np.isin(self.bodies, self.bodies[own[is_known]])
            self.figures[replaced, period] = np.nan
        self.figures[self.series[rows], self.period[rows]] = values[rows]


def figures_of(form: Form, frame: pd.DataFrame) -> Figures:
    """The additive measures of a frame, row by row."""
    return frame[[m.key for m in form.measures if m.is_additive]].to_numpy(dtype="float64")


def series_of(form: Form, frame: pd.DataFrame, history: pd.DataFrame) -> Series:
    """The series of all rows of both frames, filled with those of the history."""
    keys = ["body", *(dimension.key for dimension in form.dimensions)]
    both = pd.concat([history[[*keys, "window_end"]], frame[[*keys, "window_end"]]], ignore_index=True)
    number = both.groupby(keys, sort=False, dropna=False).ngroup().to_numpy(dtype=np.intp)
    body, _ = pd.factorize(both["body"])
    ends, period = np.unique(both["window_end"].to_numpy(), return_inverse=True)
    measures = [m.key for m in form.measures if m.is_additive]
    count = int(number.max(initial=-1)) + 1
    bodies = np.zeros(count, dtype=np.intp)
    bodies[number] = body
    figures = np.full((count, len(ends), len(measures)), np.nan)
    past = len(history)
    figures[number[:past], period[:past]] = figures_of(form, history)
    places = {key: place for place, key in enumerate(measures)}
    of_series = both[keys].iloc[np.unique(number, return_index=True)[1]].reset_index(drop=True)
    rows = (number[past:].astype(np.intp), period[past:].astype(np.intp))
    return Series(figures, ends, places, *rows, bodies, of_series)


def year_start_of(series: Series, period: int, year_starts: Sequence[date]) -> np.datetime64:
    """Return the first day of the plan year in which a period of the series ends."""
    begun = [day for day in map(np.datetime64, year_starts) if day <= series.ends[period]]
    return begun[-1] if begun else np.datetime64(year_starts[0])
