"""T1 to T8 of the plan DN-2020 in pandas, from the tables that the pandas peer has loaded."""

import pandas as pd
from sqlalchemy import Engine, inspect

from benchmarks.forms import FORM_SET
from benchmarks.peers.common import SCHEMA
from plans.model import Plan
from plans.reporting_calendar import scheduled_periods

_BY = ["area_code", "period_code"]
Figures = pd.Series  # numbers by area and period


class TargetCalculator:
    """The figures of terms for every area and period of a plan."""

    def __init__(self, engine: Engine, plan: Plan) -> None:
        self.engine, self.plan = engine, plan
        inside = [(outer, area) for outer, within in plan.areas_within.items() for area in within]
        self.inside = pd.DataFrame(inside, columns=["area_code", "area"])
        periods = scheduled_periods(plan.year, plan.calendar)
        self.moments = pd.DataFrame(
            {
                "period_code": [period.code for period in periods],
                "moment": pd.to_datetime([period.window_end for period in periods]),
            }
        )
        self.tables = set(inspect(engine).get_table_names(schema=SCHEMA))

    def rows(self, form_key: str, bodies: list[str]) -> pd.DataFrame:
        """The rows of some bodies, each with its area and whose reports it continues."""
        form = FORM_SET.by_key[form_key]
        if form_key not in self.tables:
            columns = ["body", "period", "window_end", "area", "series", *form.columns]
            return pd.DataFrame(columns=columns).astype({"window_end": "datetime64[ns]"})
        rows = pd.read_sql_table(form_key, self.engine, schema=SCHEMA)
        rows = rows[rows["body"].isin(bodies)]
        place = form.area_dimension
        own = rows["body"].map(lambda code: self.plan.bodies_by_code[code].area)
        return rows.assign(area=rows[place.key] if place else own, series=rows["body"])

    def communes(self) -> pd.DataFrame:
        """Return the reports on communes: their own only where no owing body reports on them."""
        rows = self.rows("commune_status", [body.code for body in self.plan.all_bodies])
        owing = [
            body for (body, form), o in self.plan.cadences.items() if form == "05-PCMD" and not o.optional
        ]
        owed = rows["body"].isin(owing)
        somebody = owed.groupby([rows["area"], rows["window_end"]]).transform("any")
        return rows[owed | ~somebody].assign(series=rows["area"])

    def total(self, rows: pd.DataFrame, measure: str, one: str = "") -> "Figures[float]":
        """A measure added up to date; of each series only the first or last report if `one` is set."""
        known = rows.merge(self.moments, how="cross")
        known = known[known["window_end"] <= known["moment"]]
        if one:
            by_series = known.groupby(["series", "period_code"])["window_end"]
            chosen = by_series.transform("min") if one == "min" else by_series.transform("max")
            known = known[known["window_end"] == chosen]
        known = known.merge(self.inside, on="area").astype({measure: "float64"})
        return known.groupby(_BY)[measure].sum()

    def all_communes(self) -> "Figures[float]":
        """How many communes each area has, in every period."""
        level = {area.code: area.level for area in self.plan.areas}
        communes = self.inside[self.inside["area"].map(level) == "commune"]
        return communes.merge(self.moments, how="cross").groupby(_BY).size().astype("float64")

    def figures(
        self, target: str, levels: list[str], above: "Figures[float]", below: "Figures[float] | None" = None
    ) -> pd.DataFrame:
        """The rows of a target: every area of its levels in every period, blank where nothing is known."""
        areas = [area.code for area in self.plan.areas if area.level in levels]
        grid = pd.MultiIndex.from_product([areas, self.moments["period_code"]], names=_BY)
        figures = pd.DataFrame({"numerator": above.reindex(grid)}, index=grid)
        figures["denominator"] = below.reindex(grid) if below is not None else float("nan")
        return figures.reset_index().assign(target_code=target)


def targets(engine: Engine, plan: Plan) -> pd.DataFrame:
    """target_code, area_code, period_code, numerator, denominator for all areas and periods."""
    of = TargetCalculator(engine, plan)
    cases = of.rows("enforcement", ["CAT"])
    trials = of.rows("trials", ["TAND"])
    spots = of.rows("hotspots", ["CAT"])
    teams = of.rows("inspections", ["SLDTBXH"])
    local = of.rows("inspections", [body.code for body in plan.local_bodies if body.level == "district"])
    communes = of.communes()
    here = local["team_level"].isin(["DISTRICT", "COMMUNE"])
    tried = of.total(trials, "opening", "min") + of.total(trials, "accepted") - of.total(trials, "returned")
    found = of.total(spots, "opening", "min") + of.total(spots, "identified") + of.total(spots, "recurred")
    inspected = of.total(_only(teams, teams["team_level"] == "PROVINCE", "inspected"), "inspected")
    share = of.total(_only(local, here, "inspected"), "inspected")
    managed = of.total(_only(local, local["team_level"] == "DISTRICT", "managed"), "managed", "max")
    both = ["province", "district"]
    all_communes = of.all_communes()
    return pd.concat(
        [
            of.figures("T1", ["province"], of.total(cases, "cases_prosecuted")),
            of.figures("T2", ["province"], of.total(trials, "tried"), tried),
            of.figures("T3", both, of.total(spots, "dismantled"), found),
            of.figures("T4", ["province"], inspected),
            of.figures("T5", both, share, managed),
            of.figures("T6", both, of.total(communes, "free_of_prostitution", "max"), all_communes),
            of.figures("T7", both, of.total(communes, "plan_deployed", "max"), all_communes),
            of.figures(
                "T8", ["commune"], of.total(communes, "inspected"), of.total(communes, "managed", "max")
            ),
        ],
        ignore_index=True,
    )


def _only(rows: pd.DataFrame, which: "pd.Series[bool]", measure: str) -> pd.DataFrame:
    """The rows with a measure that counts as nothing where it is not asked for."""
    return rows.assign(**{measure: rows[measure].where(which, 0)})
