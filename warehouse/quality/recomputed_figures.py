"""The figures of the target table beside those that the facts give now."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, RowMapping, select

from plans.model import Plan
from warehouse.form_catalog import form_set_of
from warehouse.indicators.computed_figures import as_in_force
from warehouse.indicators.indicator_compiler import depends_on_present
from warehouse.models.target_tables import FIGURE_KEY, TARGET_INDICATOR
from warehouse.quality.expectations import RECOMPUTED

if TYPE_CHECKING:
    import pandas as pd

_TEXTS = ("status", "verdict")
_OF_THE_PRESENT = ("value_min", "value_max", "verdict", "status")


def figures_twice(connection: Connection, plan: Plan, now: datetime) -> list[dict[str, Any]]:
    """The rows of the target table by key, each with the figures and verdict that the facts give."""
    columns = TARGET_INDICATOR.columns
    query = (
        select(*(columns[name] for name in (*FIGURE_KEY, *RECOMPUTED)))
        .where(columns.plan_code == plan.code)
        .order_by(*(columns[name] for name in FIGURE_KEY))
    )
    again = {_key(row): row for row in as_in_force(connection, plan, now)}
    # Those that depend on the present are older than now: chitieu audit verify computes them as of then.
    forms = form_set_of(connection, plan)
    dated = {target.code for target in plan.targets if depends_on_present(plan, forms, target)}
    both = []
    for stored in connection.execute(query).mappings():
        computed = again.get(_key(stored), {})
        row = dict(stored)
        for name in RECOMPUTED:
            kept = name in _OF_THE_PRESENT and stored["target_code"] in dated
            row[f"recomputed_{name}"] = stored[name] if kept else computed.get(name)
        both.append(row)
    return both


def figures_frame(connection: Connection, plan: Plan, now: datetime) -> "pd.DataFrame":
    """`figures_twice` as a frame, figures as floats."""
    import pandas as pd

    names = [*FIGURE_KEY, *RECOMPUTED, *(f"recomputed_{name}" for name in RECOMPUTED)]
    both = pd.DataFrame.from_records(figures_twice(connection, plan, now), columns=names)
    figures = [name for name in names if name not in FIGURE_KEY and not name.endswith(_TEXTS)]
    # Counts and percentages have at most a few decimals: floats distinguish them exactly enough.
    return both.assign(**{name: both[name].astype("float64") for name in figures})


def _key(row: RowMapping | Mapping[str, Any]) -> tuple[object, ...]:
    return tuple(row[name] for name in FIGURE_KEY)
