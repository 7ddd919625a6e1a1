"""The front of the dlt peer: the product reads and validates, and what is sound is written as Parquet."""

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from benchmarks.forms import FORM_SET
from benchmarks.peers.common import arrivals
from plans.model import Plan
from plans.reporting_calendar import scheduled_periods
from schemas.declaration import Form, Measure, MeasureType
from schemas.form_catalog import default_catalog
from services.reader_pool import read_files
from transforms.validate.batch import validate
from transforms.validate.frames import Candidate, form_frame


def read_drive(drive: Path, plan: Plan) -> dict[str, pd.DataFrame]:
    """The rows of all sound sheets by form code, read and validated by the product's functions."""
    now = datetime.now(UTC)
    readings = [
        (job, reading) for job, reading in read_files(arrivals(drive), [plan], default_catalog(), now, None)
    ]
    readings.sort(key=lambda read: read[0].number)
    sheets = [(job, sheet) for job, reading in readings for sheet in reading.sheets]
    candidates = [
        Candidate(number, job.body_code, datetime.now(UTC), sheet, list(sheet.findings))
        for number, (job, sheet) in enumerate(sheets)
    ]
    frames = validate(candidates, lambda form, _bodies: form_frame(form, []), plan, FORM_SET)
    sound = {candidate.number for candidate in candidates if candidate.is_valid}
    return {code: frame[frame["submission"].isin(sound)] for code, frame in frames.items()}


def write_rows(frames: dict[str, pd.DataFrame], folder: Path) -> None:
    """A Parquet file for each form, also for those of which nothing came."""
    for form in FORM_SET.forms:
        frame = frames.get(form.code, form_frame(form, []))
        _typed(form, frame).to_parquet(folder / f"{form.key}.parquet", index=False)


def _typed(form: Form, frame: pd.DataFrame) -> pd.DataFrame:
    types = {"body": "string", "period": "string"}
    for column in form.columns.values():
        if isinstance(column, Measure) and column.is_number:
            types[column.key] = "Int64" if column.unit.whole else "float64"
        elif isinstance(column, Measure) and column.kind is MeasureType.FLAG:
            types[column.key] = "boolean"
        elif not pd.api.types.is_datetime64_any_dtype(frame[column.key]):
            types[column.key] = "string"
    return frame.astype(types)


def write_plan(plan: Plan, folder: Path) -> None:
    """What the models need to know of the plan: areas, bodies, periods, and who owes which form."""
    areas = [(area.code, area.level, area.parent) for area in plan.areas]
    bodies = [(body.code, body.level, body.area) for body in plan.all_bodies]
    periods = [(p.code, pd.Timestamp(p.window_end)) for p in scheduled_periods(plan.year, plan.calendar)]
    owed = [
        (body, FORM_SET.by_code[form].key, not obligation.optional)
        for (body, form), obligation in plan.cadences.items()
    ]
    tables: dict[str, tuple[list[str], list[tuple[object, ...]]]] = {
        "areas": (["code", "level", "parent"], [*areas]),
        "bodies": (["code", "level", "area"], [*bodies]),
        "periods": (["code", "window_end"], [*periods]),
        "obligations": (["body", "form", "owed"], [*owed]),
    }
    for name, (columns, rows) in tables.items():
        pd.DataFrame(rows, columns=columns).to_parquet(folder / f"{name}.parquet", index=False)
