"""Which submissions stand once they are held against earlier periods: the year to date, the period before.

Settled from the earliest period on, so that a report is only held against reports that stand themselves.
"""

from collections.abc import Iterator, Sequence
from datetime import date

import pandas as pd

from schemas.declaration import Form, Kind, Measure, Rule, Scope
from schemas.expressions import names
from schemas.frames import rule_holds
from transforms.frames import Candidate, note_row


def settle(
    form: Form,
    frame: pd.DataFrame,
    history: pd.DataFrame,
    candidates: Sequence[Candidate],
    year_start: date,
) -> None:
    """Hold the sound candidates of a form against earlier periods and note what is found.

    `frame` is as `form_frame` makes it, submissions numbered in the order in which they came; `history` has
    the rows in force of the same bodies, with the same columns but for submission and row.
    """
    rules = form.rules_of(Scope.YEAR_TO_DATE, Scope.PREVIOUS_PERIOD)
    if not rules:
        return
    columns = ["body", "period", "window_start", "window_end", *form.columns]
    in_force = history[columns]
    for step in _steps(frame, candidates):
        before = in_force[in_force["window_end"] < step["window_end"].iloc[0]]
        for rule in rules:
            subject = _subject(form, rule, step, before, year_start)
            holds = rule_holds(rule, subject)
            for index in step.index[~holds]:
                note_row(form, frame, index, rule.id, rule.column, candidates)
        stands = step[[candidates[number].is_sound for number in step["submission"]]]
        replaced = _report(in_force).isin(_report(stands))
        in_force = pd.concat([in_force[~replaced], stands[columns]], ignore_index=True)


def _steps(frame: pd.DataFrame, candidates: Sequence[Candidate]) -> Iterator[pd.DataFrame]:
    """The rows of sound candidates, period by period; a later report of the same one in a step of its own."""
    sound = frame[[candidates[number].is_sound for number in frame["submission"]]]
    reports = sound.drop_duplicates("submission")
    turn = reports.groupby(["body", "period"])["submission"].rank(method="first").astype(int)
    turn_of = dict(zip(reports["submission"], turn, strict=True))
    ordered = sound.assign(turn=sound["submission"].map(turn_of))
    for _, step in ordered.groupby(["window_end", "turn"], sort=True):
        yield step


def _report(frame: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(frame[["body", "period"]])


def _subject(
    form: Form, rule: Rule, step: pd.DataFrame, before: pd.DataFrame, year_start: date
) -> pd.DataFrame:
    """The step's rows as the rule sees them: flows since the year's start, or the period before beside."""
    keys = ["body", *(dimension.key for dimension in form.dimensions)]
    if rule.scope is Scope.YEAR_TO_DATE:
        flows = [name for name in names(rule.holds) if _is_flow(form, name)]
        this_year = before[before["window_end"] >= pd.Timestamp(year_start)]
        earlier = _beside(step, this_year.groupby(keys, as_index=False)[flows].sum(), keys)
        return step.assign(**{name: step[name] + earlier[name].fillna(0) for name in flows})
    wanted = [name.removeprefix("previous.") for name in names(rule.holds) if name.startswith("previous.")]
    day_before = (step["window_start"] - pd.Timedelta(days=1)).unique()
    just_before = before[before["window_end"].isin(day_before)]
    earlier = _beside(step, just_before[[*keys, *wanted]].drop_duplicates(keys), keys)
    return step.assign(**{f"previous.{name}": earlier[name] for name in wanted})


def _is_flow(form: Form, name: str) -> bool:
    column = form.columns.get(name)
    return isinstance(column, Measure) and column.kind is Kind.FLOW


def _beside(step: pd.DataFrame, other: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The rows of `other` that belong to the step's rows, in its order and index; null where none does."""
    merged = step[keys].merge(other, on=keys, how="left")
    merged.index = step.index
    return merged
