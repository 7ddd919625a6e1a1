"""Fact tables follow their changed forms, on a real PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from schemas.declaration import Form, Measure, MeasureType, Rule, Severity
from tests.support.forms import FORM_SET
from tests.support.pipeline import NOW, PLAN
from warehouse.database import connect
from warehouse.loads import Load, recorded_load
from warehouse.migrations.form_evolution import FormChangeError, evolve_forms
from warehouse.models.form_tables import fact_table

FORM = Form(
    code="99-TEST",
    key="evolving",
    title="Biểu thử",
    dimensions=(FORM_SET.dimensions["district"],),
    measures=(
        Measure("found", "Phát hiện", FORM_SET.units["case"], MeasureType.FLOW),
        Measure("solved", "Xử lý", FORM_SET.units["case"], MeasureType.FLOW),
    ),
    rules=(Rule("EVO-01", Severity.ERROR, "solved <= found", "solved", "Xử lý", "Solved"),),
)
CHECKS = text(
    "SELECT conname FROM pg_constraint WHERE conrelid = 'dw.fact_evolving'::regclass AND contype = 'c'"
)


def changed(**changes: Any) -> Form:
    return replace(FORM, **changes)


@pytest.fixture
def engine(warehouse_url: str) -> Iterator[Engine]:
    engine = connect(warehouse_url)
    with engine.begin() as connection:
        fact_table(FORM).create(connection)
        insert(connection, found=5, solved=3)
    yield engine
    engine.dispose()


def insert(connection: Connection, **figures: int | None) -> None:
    """A fact row of the first body, period and area that the plan has."""
    with recorded_load(connection, PLAN, "ingest", NOW) as batch:
        _insert(connection, batch, figures)


def _insert(connection: Connection, batch: Load, figures: dict[str, int | None]) -> None:
    columns = ", ".join(figures)
    values = ", ".join(f":{name}" for name in figures)
    connection.execute(
        text(
            "INSERT INTO audit.submission (plan_code, body_code, status, source_url, file_name, sheet_name,"
            " size_bytes, received_at, ingested_at, error_count, warning_count, column_map, load_id)"
            " VALUES ('P', 'B', 'ignored', 'u', 'f', '', 1, now(), now(), 0, 0, '{}', :load)"
        ),
        {"load": batch.load_id},
    )
    connection.execute(
        text(
            "INSERT INTO dw.fact_evolving (load_id, submission_id, body_key, period_key, area_key, source_sheet,"
            f" source_row, recorded_at, superseded_at, {columns})"
            " SELECT :load, (SELECT max(submission_id) FROM audit.submission), (SELECT min(body_key) FROM dw.dim_body),"
            " (SELECT min(period_key) FROM dw.dim_period), (SELECT min(area_key) FROM dw.dim_area), 's', 9,"
            f" now(), now(), {values}"
        ),
        {**figures, "load": batch.load_id},
    )


def test_a_key_column_is_added_only_to_a_table_without_rows(engine: Engine) -> None:
    form = changed(dimensions=(*FORM.dimensions, FORM_SET.dimensions["team_level"]))
    with (
        pytest.raises(FormChangeError, match="declares the key column team_level"),
        engine.begin() as connection,
    ):
        evolve_forms(connection, [form])
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE dw.fact_evolving"))
        assert any("team_level" in statement for statement in evolve_forms(connection, [form]))


def test_an_unchanged_form_changes_nothing(engine: Engine) -> None:
    with engine.begin() as connection:
        assert evolve_forms(connection, [FORM]) == []


def test_a_new_measure_is_null_in_the_past_and_mandatory_from_now_on(engine: Engine) -> None:
    form = changed(
        measures=(*FORM.measures, Measure("victims", "Nạn nhân", FORM_SET.units["person"], MeasureType.FLOW))
    )
    with engine.begin() as connection:
        evolve_forms(connection, [form])
        assert connection.execute(text("SELECT found, victims FROM dw.fact_evolving")).all() == [(5, None)]
        insert(connection, found=1, solved=1, victims=2)
    with pytest.raises(IntegrityError), engine.begin() as connection:
        insert(connection, found=1, solved=1, victims=None)
    with engine.begin() as connection:
        assert evolve_forms(connection, [form]) == []  # safe to repeat


def test_a_changed_rule_exchanges_its_check_and_keeps_rows_of_the_past(engine: Engine) -> None:
    form = changed(rules=(replace(FORM.rules[0], expression="solved < found"),))
    with engine.begin() as connection:
        insert(connection, found=4, solved=4)  # by the rule of its time
        evolve_forms(connection, [form])
    with pytest.raises(IntegrityError), engine.begin() as connection:
        insert(connection, found=4, solved=4)


def test_a_removed_rule_removes_its_check(engine: Engine) -> None:
    form = changed(rules=())
    with engine.begin() as connection:
        evolve_forms(connection, [form])
        insert(connection, found=1, solved=2)
        assert "fact_evolving_evo_01_check" not in connection.execute(CHECKS).scalars().all()


def test_a_declared_rename_keeps_the_figures(engine: Engine) -> None:
    measures = (replace(FORM.measures[0], key="detected", renamed_from="found"), FORM.measures[1])
    form = changed(measures=measures, rules=(replace(FORM.rules[0], expression="solved <= detected"),))
    with engine.begin() as connection:
        evolve_forms(connection, [form])
        assert connection.execute(text("SELECT detected FROM dw.fact_evolving")).scalars().all() == [5]
    with pytest.raises(IntegrityError), engine.begin() as connection:
        insert(connection, detected=-1, solved=-1)
    with engine.begin() as connection:
        assert evolve_forms(connection, [form]) == []


@pytest.mark.parametrize(
    ("measures", "message"),
    [
        (FORM.measures[:1], "Form 99-TEST no longer declares the column solved, which holds figures"),
        (
            (FORM.measures[0], replace(FORM.measures[1], key="closed")),
            "Form 99-TEST no longer declares the column solved, which holds figures",
        ),
        (
            (FORM.measures[0], replace(FORM.measures[1], kind=MeasureType.FLAG)),
            "Form 99-TEST declares the column solved as boolean, but it holds figures as bigint",
        ),
    ],
)
def test_what_would_lose_figures_is_rejected_and_nothing_changes(
    engine: Engine, measures: tuple[Measure, ...], message: str
) -> None:
    form = changed(measures=measures, rules=())
    with pytest.raises(FormChangeError) as caught, engine.begin() as connection:
        evolve_forms(connection, [form])
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT found, solved FROM dw.fact_evolving")).all() == [(5, 3)]
