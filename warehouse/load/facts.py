"""Fact rows: load them, end those that a revision replaces, read back those in force."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import pandas as pd
from sqlalchemy import Connection, text

from plans.model import Plan
from schemas.declaration import Form, Measure, MeasureType
from warehouse.bulk_copy import copy_rows
from warehouse.dimensions.keys import Keys
from warehouse.load.submissions import Submission
from warehouse.models.form_tables import fact_columns


def supersede_facts(
    connection: Connection, form: Form, reports: Iterable[tuple[int, int]], ended_at: datetime
) -> None:
    """End the rows in force of the given reports, pairs of body key and period key."""
    bodies, periods = zip(*reports, strict=True) if (reports := list(reports)) else ((), ())
    connection.execute(
        text(
            f"UPDATE dw.fact_{form.key} AS fact SET superseded_at = :ended_at"
            " FROM unnest(CAST(:bodies AS bigint[]), CAST(:periods AS bigint[])) AS r(body, period)"
            " JOIN dw.dim_body now ON now.body_key = r.body"
            " JOIN dw.dim_body b USING (province_code, body_code)"  # in whatever state it was told of then
            " WHERE fact.body_key = b.body_key AND fact.period_key = r.period AND fact.superseded_at IS NULL"
        ),
        {"ended_at": ended_at, "bodies": list(bodies), "periods": list(periods)},
    )


def load_facts(
    connection: Connection,
    form: Form,
    frame: pd.DataFrame,
    submissions: Mapping[int, Submission],
    replaced: frozenset[int],
    keys: Keys,
    plan: Plan,
    now: datetime,
) -> int:
    """COPY the rows of the given submissions, by their number in the frame; returns how many.

    Those in `replaced` were revised within the same batch: their rows begin and end at once.
    """
    wanted = frame[frame["submission"].isin(submissions)]
    columns = fact_columns(form)
    data = _columns(form, wanted, submissions, keys, plan)
    data["recorded_at"] = [now] * len(wanted)
    data["superseded_at"] = [now if number in replaced else None for number in wanted["submission"]]
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
        if isinstance(column, Measure) and column.is_number:
            data[column.key] = (values.astype("int64") if column.unit.whole else values).tolist()
        elif isinstance(column, Measure) and column.kind is MeasureType.FLAG:
            data[column.key] = [bool(value) for value in values]
        elif pd.api.types.is_datetime64_any_dtype(values):
            data[column.key] = values.dt.date.tolist()
        else:
            data[column.key] = values.tolist()
    return data


def facts_in_force(connection: Connection, form: Form, bodies: Iterable[str], plan: Plan) -> pd.DataFrame:
    """The rows in force of the bodies: body, period, window_start, window_end, then the form's columns."""
    columns = ", ".join(f"c.{key}" for key in form.columns)
    rows = connection.execute(
        text(
            "SELECT c.body_code, c.period_code, p.window_start, p.window_end, "
            f"{columns} FROM dw.current_{form.key} c JOIN dw.dim_period p USING (period_key)"
            " JOIN dw.dim_body b USING (body_key)"
            " WHERE b.province_code = :province AND c.body_code = ANY(:bodies)"
        ),
        {"province": plan.area, "bodies": sorted(bodies)},
    )
    names = ["body", "period", "window_start", "window_end", *form.columns]
    frame = pd.DataFrame.from_records(list(_plain(rows)), columns=names)
    for column in form.columns.values():
        if isinstance(column, Measure) and column.is_number:
            frame[column.key] = frame[column.key].astype("float64")
        elif column.code_list is None and not isinstance(column, Measure) and not column.level:
            frame[column.key] = pd.to_datetime(frame[column.key])
    return frame.assign(
        window_start=pd.to_datetime(frame["window_start"]), window_end=pd.to_datetime(frame["window_end"])
    )


def _plain(rows: Iterable[Sequence[object]]) -> Iterator[tuple[object, ...]]:
    return (tuple(row) for row in rows)
