"""mart as a BI developer uses it: the questions of docs/questions.md, and values in long form.

The answers come from the cells of the sample drive.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine, text

from cli.main import main
from plans.reporting_calendar import period_from_code
from services.exports import ExportFormat
from services.ingest import IngestContext, ingest
from tests.support.database_roles import as_role, drop, new_database
from tests.support.forms import FORMS
from tests.support.paths import SAMPLE
from tests.support.pipeline import PLAN
from tests.support.processor_time import CAN_BE_MEASURED, reference_seconds, seconds_of
from tests.support.question_answers import (
    ANSWERS,
    ASKED,
    CLOSED,
    NEXT_PLAN,
    QUESTIONS,
    REVISED,
    Entry,
    next_year_rows,
    received,
    revised_rows,
    sample_truth,
)
from tests.support.reports import workbook
from warehouse.database import connect
from warehouse.dimensions.seeds import load_reference
from warehouse.history.snapshots import close
from warehouse.migrations.upgrade import migrate
from warehouse.privacy.roles import create_area_role, create_roles

MOST_SECONDS, RUNS = 0.1, 5
AREA_ROLE = "chitieu_area_732"


def put(folder: Path, period: str, rows: list[Entry]) -> list[str]:
    file = folder / "CAT" / "01.xlsx"
    file.parent.mkdir(parents=True)
    named = [row | {"district": PLAN.areas_by_code[row["district"]].name} for row in rows]
    file.write_bytes(workbook("01-PCMD", "CAT", period, named))
    return [str(folder)]


@pytest.fixture(scope="module")
def owner(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The sample drive as it arrived; a period is closed, a report revised, and the next year begun."""
    folder = tmp_path_factory.mktemp("questions")
    url = new_database(server)
    owner = connect(url)
    migrate(owner)
    assert create_roles(owner) == []
    with owner.begin() as connection:
        load_reference(connection, PLAN)
    shutil.copytree(SAMPLE / "drive", folder / "drive")
    for entry in sample_truth():
        moment = received(entry).timestamp()
        os.utime(folder / "drive" / entry["path"], (moment, moment))
    ingest(IngestContext(owner, PLAN, CLOSED, folder / "archive"), [str(folder / "drive")])
    with owner.begin() as connection:
        close(connection, PLAN, period_from_code("2020-Q1", PLAN.calendar), CLOSED, "the sample has gaps")
    revision = put(folder / "revision", "Tháng 2 năm 2020", revised_rows())
    assert ingest(IngestContext(owner, PLAN, REVISED, folder / "archive"), revision).rows_loaded == 11
    with owner.begin() as connection:
        load_reference(connection, NEXT_PLAN)
    january = put(folder / "next", "Tháng 1 năm 2021", next_year_rows())
    assert ingest(IngestContext(owner, NEXT_PLAN, ASKED, folder / "archive"), january).rows_loaded == 11
    create_area_role(owner, PLAN.area, "732")
    yield owner
    owner.dispose()
    drop(server, url)


def reader(owner: Engine, role: str) -> Engine:
    """An engine of a login that has but this role, at the moment of the questions."""
    account = as_role(owner, role)
    account.dispose()
    return connect(account.url.render_as_string(hide_password=False), ASKED)


@pytest.fixture(scope="module")
def bi(owner: Engine) -> Iterator[Engine]:
    engine = reader(owner, "chitieu_bi")
    yield engine
    engine.dispose()


def test_the_page_asks_fifteen_questions() -> None:
    assert list(QUESTIONS) == [str(number) for number in range(1, 16)] == list(ANSWERS)


@pytest.mark.parametrize("number", ANSWERS)
def test_the_answer_is_that_of_the_source_cells(number: str, bi: Engine) -> None:
    expected, shown = ANSWERS[number]
    with bi.connect() as connection:
        rows = [tuple(row) for row in connection.execute(text(QUESTIONS[number]))]
    answer = expected()
    assert answer
    assert rounded(shown(rows)) == rounded(answer)


@pytest.mark.skipif(not CAN_BE_MEASURED, reason="needs the processor time of a process")
@pytest.mark.parametrize("number", ANSWERS)
def test_the_answer_takes_less_than_a_tenth_of_a_second(number: str, bi: Engine) -> None:
    with bi.connect() as connection:
        process = connection.scalar(text("SELECT pg_backend_pid()")) or 0

        def ask() -> None:
            for _ in range(RUNS):
                connection.execute(text(QUESTIONS[number])).all()

        allowed = RUNS * MOST_SECONDS
        assert reference_seconds(ask, allowed, lambda: seconds_of(process)) < allowed


def rounded(rows: Any) -> Any:
    """The rows with numbers that compare: the database divides in another precision."""
    return type(rows)(
        tuple(round(float(v), 6) if isinstance(v, int | float | Decimal) else v for v in row) for row in rows
    )


@pytest.mark.parametrize("role", ["chitieu_bi", AREA_ROLE, "chitieu_auditor"])
def test_the_long_relation_shows_what_the_wide_views_show(role: str, owner: Engine) -> None:
    """Cell by cell, by the keys of the row: no value more, none less, and withheld where it is null there."""
    engine = reader(owner, role)
    withheld = 0
    with engine.connect() as connection:
        long = connection.execute(text("SELECT * FROM mart.measure_value")).mappings().all()
        for form in FORMS:
            keys = [d.key for d in form.dimensions if not d.level]
            wide = connection.execute(text(f"SELECT * FROM mart.{form.key}")).mappings().all()
            expected: dict[tuple[Any, ...], Any] = {}
            shown: dict[tuple[Any, ...], Any] = {}
            for row in wide:
                key = identity(row, keys)
                expected |= {(*key, measure.key): row[measure.key] for measure in form.measures}
            for row in long:
                if row["form_name"] == form.key:
                    value = row["code_value"] if row["value"] is None else row["value"]
                    shown[*identity(row, keys), row["measure_name"]] = value
                    assert not row["is_withheld"] or value is None
                    withheld += row["is_withheld"]
                    assert value is not None or row["is_withheld"]
            assert shown == expected, form.key
    assert (withheld > 0) == (role != "chitieu_auditor")
    engine.dispose()


def identity(row: Any, keys: list[str]) -> tuple[Any, ...]:
    return (row["body_code"], row["period_code"], row["area_key"], *(row[key] for key in keys))


@pytest.fixture
def run(owner: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., int]:
    """Run a command with a login that has but one role."""

    def run(role: str, *arguments: str) -> int:
        account = as_role(owner, role)
        account.dispose()
        monkeypatch.setenv("CHITIEU_DATABASE_URL", account.url.render_as_string(hide_password=False))
        monkeypatch.setenv("CHITIEU_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("CHITIEU_NOW", ASKED.isoformat())
        return main(arguments)

    return run


@pytest.mark.parametrize("role", ["chitieu_bi", AREA_ROLE, "chitieu_auditor"])
def test_readers_run_the_commands_that_read(
    role: str, run: Callable[..., int], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    area = ("--area", "732") if role == AREA_ROLE else ()
    target = "T5" if area else "T1"
    for arguments in (
        ("targets", *area, "--json"),
        ("targets", "--period", "2020-M03", *area, "--json"),
        ("targets", "--as-of", "2020-04-02", "--period", "2020-M03", *area, "--json"),
        ("targets", "--snapshot", "2020-Q1", *area, "--json"),
    ):
        assert run(role, *arguments) == 0, arguments
        figures = {row["target_code"]: row["value"] for row in json.loads(capsys.readouterr().out)}
        assert figures[target] is not None, arguments
    assert run(role, "status", "--period", "2020-Q1", "--json") == 0
    bodies = {row["body_code"] for row in json.loads(capsys.readouterr().out)["reports"]}
    assert ("CAT" in bodies) == (role != AREA_ROLE)
    assert "UBND-732" in bodies
    for file_format in ExportFormat:
        folder = tmp_path / file_format
        assert run(role, "export", "--format", file_format, "--out", str(folder)) == 0
        assert any(folder.iterdir())
    counts = pq.read_table(tmp_path / "parquet" / "mart.commune_status.parquet") if area else None
    assert counts is None or set(counts["district_code"].to_pylist()) == {"732"}


def test_an_auditor_traces_and_others_are_refused_in_a_sentence(
    run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("chitieu_auditor", "trace", "T1", "--period", "2020-Q1", "--json") == 0
    traced = json.loads(capsys.readouterr().out)
    assert sum(cell["value"] for cell in traced["cells"]) == traced["figure"]["value"]
    for role, *arguments in (
        ("chitieu_bi", "trace", "T1", "--period", "2020-Q1"),
        ("chitieu_bi", "report", "1"),
        ("chitieu_bi", "materialize"),
        ("chitieu_auditor", "materialize"),
        ("chitieu_auditor", "export", "--as-reader"),
    ):
        assert run(role, *arguments) == 1, arguments
        refused = capsys.readouterr()
        assert refused.out == ""
        assert len(refused.err.strip().splitlines()[-1].split(". ")) >= 2  # what is wrong, and what to do
        assert "Traceback" not in refused.err
