"""The target table as SDMX-CSV 2.0: one row per observation, columns for dimensions, measure and attributes.

A period is a time range with its first day and duration (2019-12-15/P1M), because windows do not begin with
the month; REPORTING_PERIOD has the code of the plan's calendar.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from plans.model import Plan
from plans.reporting_calendar import period_from_code
from warehouse.queries import all_targets

DATAFLOW = "CHITIEU:TARGETS(1.0)"
# By kind of period: the code of CL_FREQ, and the duration; others last as many days as their windows have.
_FREQUENCIES = {"M": "M", "Q": "Q", "H": "S", "Y": "A", "W": "W"}
_OTHER_FREQUENCY = "_O"
_DURATIONS = {"M": "P1M", "Q": "P3M", "H": "P6M", "Y": "P1Y"}
_COLUMNS = (
    "STRUCTURE", "STRUCTURE_ID", "ACTION", "FREQ", "PLAN", "REF_AREA", "INDICATOR", "TIME_PERIOD",
    "OBS_VALUE", "OBS_STATUS", "UNIT_MEASURE", "NUMERATOR", "DENOMINATOR", "TARGET_VALUE",
    "LOWER_BOUND", "UPPER_BOUND", "VERDICT", "REPORTING_PERIOD",
)  # fmt: skip


def sdmx_csv(connection: Connection, plan: Plan) -> str:
    """Return all figures of a plan's target table as SDMX-CSV 2.0; lines end as RFC 4180 demands."""
    return _as_csv(all_targets(connection, plan), plan)


def _as_csv(rows: Iterable[Mapping[str, Any]], plan: Plan) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for row in rows:
        kind = period_from_code(row["period_code"], plan.calendar).kind
        days = (row["window_end"] - row["window_start"]).days + 1
        writer.writerow(
            (
                *("dataflow", DATAFLOW, "I"),
                _FREQUENCIES.get(kind, _OTHER_FREQUENCY),
                *(plan.code, row["area_code"], row["target_code"]),
                f"{row['window_start'].isoformat()}/{_DURATIONS.get(kind, f'P{days}D')}",
                _number(row["value"]),
                _status(row),
                row["unit"],
                *(_number(row[name]) for name in ("numerator", "denominator", "target_value")),
                *(_number(row[name]) for name in ("value_min", "value_max")),
                *(row["verdict"], row["period_code"]),
            )
        )
    return text.getvalue()


def _status(row: Mapping[str, Any]) -> str:
    """The code of CL_OBS_STATUS: M missing, A normal, P provisional while reports are missing."""
    if row["value"] is None:
        return "M"
    return "A" if row["is_final"] else "P"


def _number(value: float | Decimal | None) -> str:
    """A number without exponent; a float in the fewest digits that give it again."""
    if value is None:
        return ""
    text = f"{Decimal(str(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
