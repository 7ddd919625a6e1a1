"""Fact rows: load them, supersede those that a revision replaces, read the current ones back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import pandas as pd
from sqlalchemy import Connection, text

from plans.model import Plan
from schemas.declaration import Form, Measure, MeasureType
from warehouse.bulk_copy import copy_rows
from warehouse.dimensions.keys import Keys
from warehouse.load.current_rows import REPORT_COLUMNS, current_rows
from warehouse.load.submissions import Submission
from warehouse.loads import Load
from warehouse.models.form_tables import fact_columns
from warehouse.sql_templates import render


class ReplacedReport(NamedTuple):
    """A report that is replaced; with a part, only its rows that are of no other part of the set."""

    body_key: int
    period_key: int
    part_set: int | None
    part_no: int


def supersede_facts(
    connection: Connection, form: Form, reports: Iterable[ReplacedReport], ended_at: datetime
) -> None:
    """End the current rows that the given reports, or parts of reports, replace."""
    replaced = list(reports)
    connection.execute(
        text(render("load/supersede_facts", table=f"dw.fact_{form.key}")),
        {
            "ended_at": ended_at,
            "bodies": [report.body_key for report in replaced],
            "periods": [report.period_key for report in replaced],
            "part_sets": [report.part_set for report in replaced],
            "part_nos": [report.part_no for report in replaced],
        },
    )


def load_facts(
    connection: Connection,
    form: Form,
    frame: pd.DataFrame,
    submissions: Mapping[int, Submission],
    replaced: frozenset[int],
    keys: Keys,
    plan: Plan,
    load: Load,
) -> int:
    """COPY the rows of the given submissions, by their number in the frame; returns how many.

    Those in `replaced` were revised within the same batch: their rows are superseded as they are recorded.
    """
    wanted = frame[frame["submission"].isin(submissions)]
    columns = fact_columns(form)
    data = _columns(form, wanted, submissions, keys, plan)
    data["load_id"] = [load.load_id] * len(wanted)
    data["recorded_at"] = [load.started_at] * len(wanted)
    data["superseded_at"] = [load.started_at if n in replaced else None for n in wanted["submission"]]
    names = [*columns, "superseded_at"]
    copy_rows(connection, f"dw.fact_{form.key}", names, zip(*(data[name] for name in names), strict=True))
    return len(wanted)


def _columns(
    form: Form, frame: pd.DataFrame, submissions: Mapping[int, Submission], keys: Keys, plan: Plan
) -> dict[str, Sequence[object]]:
    of_row = [submissions[number] for number in frame["submission"]]
    place = form.area_dimension
    areas = frame[place.key] if place else [plan.bodies_by_code[s.body_code].area for s in of_row]
    data: dict[str, Sequence[object]] = {
        "submission_id": [s.submission_id for s in of_row],
        "body_key": [keys.body(s.body_code, s.period_code or "") for s in of_row],
        "period_key": [keys.periods[s.period_code or ""][0] for s in of_row],
        "area_key": [keys.area(area, s.period_code or "") for area, s in zip(areas, of_row, strict=True)],
        "source_sheet": [sheet or s.sheet_name for sheet, s in zip(frame["sheet"], of_row, strict=True)],
        "source_row": frame["row"].tolist(),
    }
    for column in form.columns.values():
        values = frame[column.key]
        if isinstance(column, Measure) and not column.is_always_due:
            data[column.key] = [_value_or_null(value, column) for value in values]
        elif isinstance(column, Measure) and column.is_number:
            data[column.key] = (values.astype("int64") if column.unit.whole else values).tolist()
        elif isinstance(column, Measure) and column.kind is MeasureType.FLAG:
            data[column.key] = [bool(value) for value in values]
        elif pd.api.types.is_datetime64_any_dtype(values):
            data[column.key] = values.dt.date.tolist()
        else:
            data[column.key] = values.tolist()
    return data


def _value_or_null(value: Any, measure: Measure) -> object:
    """Return the value of a measure that a sheet may lack, as its column has it."""
    if pd.isna(value):
        return None
    if measure.kind is MeasureType.FLAG:
        return bool(value)
    return int(value) if measure.is_number and measure.unit.whole else value


def facts_in_force(connection: Connection, form: Form, bodies: Iterable[str], plan: Plan) -> pd.DataFrame:
    """The current rows of the bodies as a frame, with the columns of `current_rows`."""
    names = [*REPORT_COLUMNS, *form.columns]
    frame = pd.DataFrame.from_records(current_rows(connection, form, bodies, plan), columns=names)
    for column in form.columns.values():
        if isinstance(column, Measure) and column.is_number:
            frame[column.key] = frame[column.key].astype("float64")
        elif column.code_list is None and not isinstance(column, Measure) and not column.level:
            frame[column.key] = pd.to_datetime(frame[column.key])
    return frame.assign(
        window_start=pd.to_datetime(frame["window_start"]), window_end=pd.to_datetime(frame["window_end"])
    )
