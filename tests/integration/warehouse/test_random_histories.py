"""Any history of reports, revisions, closings and questions agrees with a plain list of what came when."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, text

from plans.model import Plan
from plans.reporting_calendar import period_from_code, scheduled_periods
from tests.support.forms import BY_KEY
from tests.support.postgres import shared_database
from warehouse.database import connect
from warehouse.dimensions.seeds import load_reference
from warehouse.history import snapshots
from warehouse.indicators.computed_figures import as_known_at
from warehouse.indicators.evaluation import EVERYTHING
from warehouse.indicators.materialize import materialize
from warehouse.load.batch import affected_scope, load_batch
from warehouse.load.submissions import Submission
from warehouse.loads import recorded_load
from warehouse.migrations.upgrade import migrate

pytestmark = pytest.mark.long

FORM = BY_KEY["enforcement"]
START = datetime(2021, 3, 1, tzinfo=UTC)  # all periods of 2020 have ended
MONTHS = [f"2020-M{n:02}" for n in range(1, 13)]
NUMBERS = count(10_000)


def new_plan() -> Plan:
    """A province of its own for each history, so that they can share a database."""
    code = str(next(NUMBERS))
    return Plan.model_validate(
        {
            "code": f"H-{code}",
            "title": "Kế hoạch giả định",
            "year": 2020,
            "area": code,
            "calendar": {"due_working_days": {"province": 4}, "close_working_days": 6},
            "areas": [
                {"code": code, "name": "Tỉnh", "level": "province"},
                {"code": f"{code}1", "name": "Huyện Một", "level": "district", "parent": code},
                {"code": f"{code}2", "name": "Huyện Hai", "level": "district", "parent": code},
            ],
            "bodies": [{"code": "CAT", "name": "Công an tỉnh", "level": "province", "area": code}],
            "obligations": [{"form": "01-PCMD", "bodies": ["CAT"], "frequency": "M"}],
            "targets": [
                {
                    "code": "T",
                    "label_vi": "Số vụ",
                    "numerator": "sum(enforcement.cases_prosecuted, bodies=[CAT])",
                    "at_least": 30,
                    "unit": "case",
                    "reported_levels": ["province", "district"],
                }
            ],
        }
    )


class Histories(RuleBasedStateMachine):
    """The warehouse, and beside it what came (moment, month, figures by district) and what was frozen."""

    engine: Engine

    @initialize()
    def begin(self) -> None:
        self.plan, self.now = new_plan(), START
        self.came: list[tuple[datetime, str, tuple[int, int]]] = []
        self.frozen: dict[str, dict[tuple[str, str], Any]] = {}
        with self.engine.begin() as connection:
            load_reference(connection, self.plan)
            materialize(connection, self.plan, self.now)

    def meant(self, moment: datetime) -> dict[tuple[str, str], int | None]:
        """Each area's cases up to each period as known at a moment."""
        latest = {month: figures for at, month, figures in self.came if at <= moment}
        ends = {month: period_from_code(month, self.plan.calendar).window_end for month in MONTHS}
        province, *districts = (area.code for area in self.plan.areas)
        meant: dict[tuple[str, str], int | None] = {}
        for period in scheduled_periods(2020, self.plan.calendar):
            actual = [f for month, f in latest.items() if ends[month] <= period.window_end]
            for area, cases in (
                (province, [sum(f) for f in actual]),
                *zip(districts, zip(*actual, strict=True), strict=False),
            ):
                meant[area, period.code] = sum(cases)
            for area in (province, *districts):
                if not actual:
                    meant[area, period.code] = None
        return meant

    def stored(self, table: str, **values: Any) -> dict[tuple[str, str], int | None]:
        with self.engine.connect() as connection:
            rows = connection.execute(
                text(f"SELECT area_code, period_code, numerator FROM mart.{table} WHERE plan_code = :plan"),
                {"plan": self.plan.code, **values},
            )
            return {(row[0], row[1]): None if row[2] is None else int(row[2]) for row in rows}

    @rule(month=st.sampled_from(MONTHS), first=st.integers(0, 40), second=st.integers(0, 40))
    def report(self, month: str, first: int, second: int) -> None:
        self.now += timedelta(hours=1)
        submission = Submission(
            "CAT", FORM.code, month, "accepted", "file:///d", "f", "", "0" * 64, 1, self.now
        )
        noughts = {measure.key: 0 for measure in FORM.measures}
        districts = [area.code for area in self.plan.areas[1:]]
        rows = [
            {
                "submission": 1,
                "sheet": "",
                "row": n,
                "district": area,
                **noughts,
                "cases_detected": cases,
                "cases_prosecuted": cases,
            }
            for n, (area, cases) in enumerate(zip(districts, (first, second), strict=True), 8)
        ]
        with self.engine.begin() as connection:
            frames = {FORM.code: pd.DataFrame(rows)}
            with recorded_load(connection, self.plan, "ingest", self.now) as batch:
                load_batch(connection, self.plan, batch, [submission], frames, {1: submission})
                scope = affected_scope(self.plan, [submission])
                assert scope is not None
                materialize(connection, self.plan, self.now, scope, load=batch)
        self.came.append((self.now, month, (first, second)))

    @rule(month=st.sampled_from(MONTHS))
    def close(self, month: str) -> None:
        self.now += timedelta(hours=1)
        period = period_from_code(month, self.plan.calendar)
        with self.engine.begin() as connection:
            if month in self.frozen:
                with pytest.raises(snapshots.CannotCloseError):
                    snapshots.close(connection, self.plan, period, self.now, "a test")
                return
            snapshots.close(connection, self.plan, period, self.now, "a test")
        now = self.meant(self.now)
        self.frozen[month] = {key: figure for key, figure in now.items() if key[1] == month}

    @rule(hours=st.integers(-2, 40))
    def ask(self, hours: int) -> None:
        moment = START + timedelta(hours=hours, minutes=30)
        meant = self.meant(moment)
        with self.engine.connect() as connection:
            known = as_known_at(connection, self.plan, moment, EVERYTHING)
        actual = {(r["area_code"], r["period_code"]): r["numerator"] for r in known}
        assert actual == meant
        assert self.stored("target_indicator_as_of(:moment)", moment=moment) == meant

    @invariant()
    def the_present_is_right_and_nothing_frozen_moves(self) -> None:
        assert self.stored("target_indicator") == self.meant(self.now)
        frozen = {key: figure for figures in self.frozen.values() for key, figure in figures.items()}
        assert self.stored("target_snapshot") == frozen

    @invariant()
    def what_moved_since_is_told(self) -> None:
        now = self.meant(self.now)
        moved = {
            (area, month)
            for month, figures in self.frozen.items()
            for (area, _), figure in figures.items()
            if figure != now[area, month]
        }
        assert set(self.stored("revision_log")) >= moved


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with shared_database("embedded") as url:
        engine = connect(url)
        migrate(engine)
        yield engine
        engine.dispose()


def test_any_history_agrees_with_a_plain_list(engine: Engine) -> None:
    bound = settings(
        max_examples=12,
        stateful_step_count=14,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    machine = type("Bound", (Histories,), {"engine": engine})
    run_state_machine_as_test(machine, settings=bound)
