"""Check submissions against earlier periods: the year to date and the period before.

The earliest period comes first, so that a report is compared only with reports that are valid themselves.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from schemas.declaration import Form, Measure, MeasureType, Rule, RuleScope
from schemas.expressions import evaluate, names
from schemas.findings import Words
from transforms.validate.frames import Candidate, add_finding, rule_details
from transforms.validate.history_matrix import Figures, Places, Series, figures_of, year_start_of
from transforms.validate.rule_arithmetic import Operand

_PREVIOUS = "previous."


def check_periods(
    form: Form,
    frame: pd.DataFrame,
    series: Series,
    candidates: Sequence[Candidate],
    year_starts: Sequence[date],
) -> None:
    """Compare the valid candidates of a form with earlier periods, note what is found, and fill the series.

    `frame` is as `form_frame` makes it, submissions numbered in the order in which they came; `series` is
    filled with what was in force before, and holds what is in force now when this returns.
    """
    rules = form.rules_of(RuleScope.YEAR_TO_DATE, RuleScope.PREVIOUS_PERIOD)
    submission = frame["submission"].to_numpy()
    starts = frame["window_start"].to_numpy()
    own = {key: frame[key].to_numpy() for key in form.columns}
    figures = figures_of(form, frame)
    for rows in _steps(frame, series, candidates):
        year_start = year_start_of(series, int(series.period[rows[0]]), year_starts)
        for rule in rules:
            columns = {key: values[rows] for key, values in own.items()}
            columns |= (
                _year_to_date(form, rule, columns, series, rows, year_start)
                if rule.scope is RuleScope.YEAR_TO_DATE
                else _previous(rule, series, rows, starts[rows])
            )
            for row in rows[_violated(rule, columns)]:
                known = _operands(form, rule, series, int(row), figures, year_start)
                details = rule_details(form, frame, int(row), rule, candidates, known)
                add_finding(form, frame, int(row), rule.id, rule.column, candidates, **details)
        valid = np.array([candidates[number].is_valid for number in submission[rows]])
        series.put(rows[valid], figures)


def _operands(
    form: Form, rule: Rule, series: Series, row: int, figures: Figures, year_start: np.datetime64
) -> dict[str, Operand]:
    """The operands of a rule that are sums over the year so far, or figures of the period before."""
    operands: dict[str, Operand] = {}
    period, history = series.period[row], series.figures[series.series[row]]
    for name in sorted(names(rule.expression)):
        key = name.removeprefix(_PREVIOUS)
        measure = form.columns.get(key)
        if not isinstance(measure, Measure) or key not in series.measures:
            continue
        place = series.measures[key]
        if name != key:
            value = float(history[period - 1, place]) if period else float("nan")
            operands[name] = Operand((measure.label_vi, Words("previous")), "", value)
        elif rule.scope is RuleScope.YEAR_TO_DATE and measure.kind is MeasureType.FLOW:
            earlier = history[:period][series.ends[:period] >= year_start, place]
            terms = [float(term) for term in earlier if not np.isnan(term)] + [float(figures[row, place])]
            operands[name] = Operand(measure.label_vi, "", round(sum(terms), 6), terms)
    return operands


def _steps(frame: pd.DataFrame, series: Series, candidates: Sequence[Candidate]) -> Iterator[Places]:
    """The rows of valid candidates, period by period; a later report of the same one in a step of its own."""
    turns: dict[int, tuple[int, int]] = {}
    reports: dict[tuple[str, str], int] = {}
    heads = frame.drop_duplicates("submission")[["submission", "body", "period"]]
    place = dict(zip(frame["submission"].to_numpy(), series.period, strict=True))
    for number, body, period in heads.itertuples(index=False):
        if candidates[number].is_valid:
            turn = reports[body, period] = reports.get((body, period), 0) + 1
            turns[number] = (int(place[number]), turn)
    step_of_row = [turns.get(number) for number in frame["submission"]]
    for step in sorted(set(turns.values())):
        yield np.flatnonzero([of_row == step for of_row in step_of_row])


def _year_to_date(
    form: Form,
    rule: Rule,
    columns: Mapping[str, npt.NDArray[np.object_]],
    series: Series,
    rows: Places,
    year_start: np.datetime64,
) -> dict[str, Figures]:
    """The rule's flows summed over the year so far, these rows included."""
    this_year = series.ends >= year_start
    period = series.period[rows[0]]
    earlier = series.figures[series.series[rows]][:, :period][:, this_year[:period]]
    return {
        # Rounded, for tenths added up are not exact: 0.1 + 0.2 is not above 0.3.
        name: np.round(columns[name] + np.nansum(earlier[:, :, series.measures[name]], axis=1), 6)
        for name in names(rule.expression)
        if isinstance(measure := form.columns.get(name), Measure) and measure.kind is MeasureType.FLOW
    }


def _previous(
    rule: Rule, series: Series, rows: Places, starts: npt.NDArray[np.datetime64]
) -> dict[str, Figures]:
    """The rule's columns as they were in the period just before; null where nothing was reported."""
    day_before = (starts - np.timedelta64(1, "D")).astype(series.ends.dtype)
    place = np.minimum(np.searchsorted(series.ends, day_before), len(series.ends) - 1)
    there = series.ends[place] == day_before
    figures = np.where(there[:, None], series.figures[series.series[rows], place], np.nan)
    wanted = [name for name in names(rule.expression) if name.startswith(_PREVIOUS)]
    return {name: figures[:, series.measures[name.removeprefix(_PREVIOUS)]] for name in wanted}


def _violated(rule: Rule, columns: Mapping[str, npt.NDArray[np.object_]]) -> npt.NDArray[np.bool_]:
    """Where the rule does not hold; rows with a null in a column that it names pass."""
    named = names(rule.expression) | (names(rule.condition) if rule.condition else frozenset())
    known = ~np.any([pd.isna(columns[name]) for name in named], axis=0)
    holds = np.asarray(evaluate(rule.expression, columns), dtype=bool)
    if rule.condition:
        holds |= ~np.asarray(evaluate(rule.condition, columns), dtype=bool)
    return np.asarray(known & ~holds)
