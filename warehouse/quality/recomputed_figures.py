"""The figures of the target table beside those that the facts give now."""

from datetime import datetime

import pandas as pd
from sqlalchemy import Connection, select

from plans.model import Plan
from warehouse.form_catalog import form_set_of
from warehouse.indicators.computed_figures import as_in_force
from warehouse.indicators.indicator_compiler import depends_on_present
from warehouse.models.target_tables import FIGURE_KEY, TARGET_INDICATOR
from warehouse.quality.expectations import RECOMPUTED

_FIGURES = list(RECOMPUTED)
_TEXTS = ("status", "verdict")
_KEY = [*FIGURE_KEY]


def figures_twice(connection: Connection, plan: Plan, now: datetime) -> pd.DataFrame:
    """The rows of the target table, each with the figures and verdict that the facts give."""
    columns = TARGET_INDICATOR.columns
    query = select(*(columns[name] for name in (*_KEY, *_FIGURES))).where(columns.plan_code == plan.code)
    rows = connection.execute(query)
    table = pd.DataFrame.from_records([tuple(row) for row in rows], columns=[*_KEY, *_FIGURES])
    again = pd.DataFrame.from_records(as_in_force(connection, plan, now), columns=[*_KEY, *_FIGURES])
    again = again.rename(columns={name: f"recomputed_{name}" for name in _FIGURES})
    both = table.merge(again, on=_KEY, how="left")
    # Those that depend on the present are older than now: chitieu audit verify computes them as of then.
    forms = form_set_of(connection, plan)
    dated = both["target_code"].isin([t.code for t in plan.targets if depends_on_present(plan, forms, t)])
    for name in ("value_min", "value_max", "verdict", "status"):
        both.loc[dated, f"recomputed_{name}"] = both.loc[dated, name]
    figures = [name for name in both.columns if name not in _KEY and not name.endswith(_TEXTS)]
    # Counts and percentages have at most a few decimals: floats distinguish them exactly enough.
    return both.assign(**{name: both[name].astype("float64") for name in figures})
