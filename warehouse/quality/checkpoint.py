"""Great Expectations over the warehouse: the declared expectations held against the real tables."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, text

from plans.errors import ChitieuError
from plans.model import Plan
from warehouse.indicators.materialize import as_in_force
from warehouse.models.target_tables import TARGET_INDICATOR
from warehouse.quality.expectations import Expectation, Suite, suites

_FIGURES = ("numerator", "denominator")
_KEY = [column.name for column in TARGET_INDICATOR.primary_key]
_SHOWN_ROWS = 20


class CheckpointError(ChitieuError):
    """The warehouse is not as it must be; the message says what is wrong and what to do."""


@dataclass(frozen=True)
class Outcome:
    """What a checkpoint found of one expectation: `rows` are the first of `wrong` in all."""

    suite: Suite
    expectation: Expectation
    holds: bool
    wrong: int
    rows: list[dict[str, Any]]
    problem: str | None = None

    @property
    def stops(self) -> bool:
        """Whether nothing may be published while this is so."""
        return not self.holds and self.expectation.severity == "critical"


@dataclass(frozen=True)
class Checked:
    """The outcomes of all suites, and what makes Great Expectations' own page (HTML) of each, by relation."""

    outcomes: list[Outcome]
    data_docs: dict[str, Callable[[], str]]


def run_checkpoint(engine: Engine, plan: Plan, now: datetime) -> Checked:
    """Hold all expectations of a plan against the warehouse; nothing is written, nothing is sent anywhere."""
    import great_expectations as gx  # two seconds and more: only where it is used

    context = gx.get_context(project_config=_quiet())
    url = engine.url.render_as_string(hide_password=False)
    database = context.data_sources.add_postgres("warehouse", connection_string=url)
    memory = context.data_sources.add_pandas("memory")
    checked = Checked([], {})
    with engine.connect() as connection:
        figures = _figures_twice(connection, plan, now)
    for suite in suites(plan):
        schema, _, table = suite.relation.partition(".")
        result_format: dict[str, Any] = {
            "result_format": "COMPLETE",
            "partial_unexpected_count": _SHOWN_ROWS,
        }
        if suite.relation == TARGET_INDICATOR.fullname:
            result_format["unexpected_index_column_names"] = _KEY
            frame_asset = memory.add_dataframe_asset(suite.relation)
            batch = frame_asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": figures})
        else:
            asset = database.add_table_asset(suite.relation, table_name=table, schema_name=schema)
            batch = asset.add_batch_definition_whole_table("all").get_batch()
        result = batch.validate(_as_gx_suite(gx, suite), result_format=result_format)
        checked.outcomes.extend(_outcomes(suite, result))
        checked.data_docs[suite.relation] = partial(_page, result)
    return checked


def _quiet() -> Any:
    """The configuration of a context that keeps all in memory, shows no progress and logs errors alone."""
    from great_expectations.data_context.types import base

    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    return base.DataContextConfig(
        store_backend_defaults=base.InMemoryStoreBackendDefaults(),
        progress_bars=base.ProgressBarsConfig(globally=False),
        analytics_enabled=False,
    )


def refuse_broken(outcomes: Sequence[Outcome]) -> None:
    """Raise CheckpointError where a critical expectation is broken; warnings pass."""
    broken = [outcome for outcome in outcomes if outcome.stops]
    if broken:
        first = broken[0]
        told = first.problem or f"{first.wrong} rows are not so"
        raise CheckpointError(
            f"Nothing was published and the last good pages stay: {len(broken)} critical expectations fail,"
            f" the first is {first.expectation.id} ({first.expectation.label_en}): {told}."
            " chitieu check shows all;"
            f" chitieu audit verify and chitieu materialize say whether facts or figures are at fault."
        )


def _as_gx_suite(gx: Any, suite: Suite) -> Any:
    made = gx.ExpectationSuite(name=suite.title)
    for expectation in suite.expectations:
        kind = getattr(gx.expectations, expectation.kind)
        said = f"{expectation.label_vi} ({expectation.label_en})"
        made.add_expectation(
            kind(
                **expectation.asked,
                description=said,
                severity=expectation.severity,
                meta={"id": expectation.id},
            )
        )
    return made


def _outcomes(suite: Suite, result: Any) -> Iterator[Outcome]:
    by_id = {expectation.id: expectation for expectation in suite.expectations}
    for one in result.results:
        expectation = by_id[one.expectation_config.meta["id"]]
        told = one.result
        found = (
            (told.get("details") or {}).get("unexpected_rows")
            or told.get("unexpected_index_list")
            or told.get("partial_unexpected_list")
            or []
        )
        rows = [row if isinstance(row, dict) else {"value": row} for row in found[:_SHOWN_ROWS]]
        problem = _problem(one.exception_info)
        wrong = told.get("unexpected_count", told.get("observed_value"))
        count = wrong if isinstance(wrong, int) else len(found)
        yield Outcome(suite, expectation, bool(one.success), count, rows, problem)


def _problem(raised: dict[str, Any]) -> str | None:
    """What kept an expectation from being held against the table, if anything did."""
    if "raised_exception" in raised:
        return raised.get("exception_message") if raised["raised_exception"] else None
    return next((message for one in raised.values() if (message := _problem(one))), None)


def _page(result: Any) -> str:
    from great_expectations.render import renderer, view

    made: Any = (renderer, view)
    content = made[0].ValidationResultsPageRenderer().render(result)
    return str(made[1].DefaultJinjaPageView().render(content))


def _figures_twice(connection: Connection, plan: Plan, now: datetime) -> pd.DataFrame:
    """The rows of the target table, beside each figure what it is when reckoned again from the facts."""
    rows = connection.execute(
        text(
            f"SELECT {', '.join((*_KEY, *_FIGURES))} FROM {TARGET_INDICATOR.fullname} WHERE plan_code = :plan"
        ),
        {"plan": plan.code},
    )
    table = pd.DataFrame.from_records([tuple(row) for row in rows], columns=[*_KEY, *_FIGURES])
    again = pd.DataFrame.from_records(as_in_force(connection, plan, now), columns=[*_KEY, *_FIGURES])
    again = again.rename(columns={name: f"reckoned_{name}" for name in _FIGURES})
    both = table.merge(again, on=_KEY, how="left")
    figures = [name for name in both.columns if name not in _KEY]
    # Percent and counts are whole or have a decimal or two: floats tell them apart exactly enough.
    return both.assign(**{name: both[name].astype("float64") for name in figures})
