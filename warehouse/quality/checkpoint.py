"""Run Great Expectations over the warehouse: validate the real tables against the declared expectations."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any

from sqlalchemy import Engine

from plans.errors import ChitieuError
from plans.model import Plan
from warehouse.form_catalog import catalog_of
from warehouse.models.target_tables import FIGURE_KEY, TARGET_INDICATOR, mart_view
from warehouse.quality.expectations import Expectation, Suite, suites
from warehouse.quality.recomputed_figures import figures_frame

_SHOWN_ROWS = 20


class CheckpointError(ChitieuError):
    """The warehouse is not as it must be; the message says what is wrong and what to do."""


@dataclass(frozen=True)
class Outcome:
    """The result of one expectation: `rows` are the first of the `wrong` ones."""

    suite: Suite
    expectation: Expectation
    holds: bool
    wrong: int
    rows: list[dict[str, Any]]
    problem: str | None = None

    @property
    def stops(self) -> bool:
        """Whether it prevents publishing."""
        return not self.holds and self.expectation.severity == "critical"


@dataclass(frozen=True)
class Checked:
    """The outcomes of all suites; by relation, what renders Great Expectations' page (HTML) of each."""

    outcomes: list[Outcome]
    data_docs: Mapping[str, Callable[[], str]]


def run_checkpoint(engine: Engine, plan: Plan, now: datetime) -> Checked:
    """Check all expectations of a plan; nothing is written, nothing is sent anywhere."""
    import great_expectations as gx  # two seconds and more: only where it is used

    context = gx.get_context(project_config=_quiet())
    url = engine.url.render_as_string(hide_password=False)
    database = context.data_sources.add_postgres("warehouse", connection_string=url)
    memory = context.data_sources.add_pandas("memory")
    outcomes: list[Outcome] = []
    pages: dict[str, Callable[[], str]] = {}
    with engine.connect() as connection:
        figures = figures_frame(connection, plan, now)
    for suite in suites(plan, catalog_of(engine).of(plan)):
        schema, _, table = suite.relation.partition(".")
        result_format: dict[str, Any] = {
            "result_format": "COMPLETE",
            "partial_unexpected_count": _SHOWN_ROWS,
        }
        if suite.relation == mart_view(TARGET_INDICATOR).fullname:
            result_format["unexpected_index_column_names"] = [*FIGURE_KEY]
            frame_asset = memory.add_dataframe_asset(suite.relation)
            batch = frame_asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": figures})
        else:
            asset = database.add_table_asset(suite.relation, table_name=table, schema_name=schema)
            batch = asset.add_batch_definition_whole_table("all").get_batch()
        result = batch.validate(_as_gx_suite(gx, suite), result_format=result_format)
        outcomes.extend(_outcomes(suite, result))
        pages[suite.relation] = partial(_page, result)
    return Checked(outcomes, pages)


def _quiet() -> Any:
    """The configuration of a context in memory, without progress bars, that logs only errors."""
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
        problem = first.problem or f"{first.wrong} rows are not so"
        raise CheckpointError(
            f"Nothing was published and the last good pages stay: {len(broken)} critical expectations fail,"
            f" the first is {first.expectation.id} ({first.expectation.label_en}): {problem}."
            " chitieu check shows all;"
            f" chitieu audit verify and chitieu materialize show whether facts or figures are at fault."
        )


def _as_gx_suite(gx: Any, suite: Suite) -> Any:
    made = gx.ExpectationSuite(name=suite.title)
    for expectation in suite.expectations:
        kind = getattr(gx.expectations, expectation.kind)
        description = f"{expectation.label_vi} ({expectation.label_en})"
        made.add_expectation(
            kind(
                **expectation.asked,
                description=description,
                severity=expectation.severity,
                meta={"id": expectation.id},
            )
        )
    return made


def _outcomes(suite: Suite, result: Any) -> Iterator[Outcome]:
    by_id = {expectation.id: expectation for expectation in suite.expectations}
    for one in result.results:
        expectation = by_id[one.expectation_config.meta["id"]]
        details = one.result
        found = (
            (details.get("details") or {}).get("unexpected_rows")
            or details.get("unexpected_index_list")
            or details.get("partial_unexpected_list")
            or []
        )
        rows = [row if isinstance(row, dict) else {"value": row} for row in found[:_SHOWN_ROWS]]
        problem = _problem(one.exception_info)
        wrong = details.get("unexpected_count", details.get("observed_value"))
        count = wrong if isinstance(wrong, int) else len(found)
        yield Outcome(suite, expectation, bool(one.success), count, rows, problem)


def _problem(raised: dict[str, Any]) -> str | None:
    """Why an expectation could not be evaluated, if it could not."""
    if "raised_exception" in raised:
        return raised.get("exception_message") if raised["raised_exception"] else None
    return next((message for one in raised.values() if (message := _problem(one))), None)


def _page(result: Any) -> str:
    from great_expectations.render import renderer

    page: Any = renderer
    return str(_view().render(page.ValidationResultsPageRenderer().render(result)))


@cache
def _view() -> Any:
    """Return the view of all pages: each view compiles the templates again."""
    from great_expectations.render import view

    made: Any = view
    return made.DefaultJinjaPageView()
