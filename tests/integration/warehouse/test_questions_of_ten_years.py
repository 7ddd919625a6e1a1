"""The questions of docs/questions.md on ten years of a province, with a login of BI tools."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from benchmarks.history import load_years
from tests.support.database_roles import as_role, drop, new_database
from tests.support.pipeline import PLAN
from tests.support.processor_time import CAN_BE_MEASURED, reference_seconds, seconds_of
from tests.support.question_answers import QUESTIONS
from warehouse.database import connect
from warehouse.migrations.upgrade import migrate
from warehouse.privacy.roles import create_roles

pytestmark = pytest.mark.long

YEARS, MOST_SECONDS, RUNS = range(PLAN.year - 9, PLAN.year + 1), 0.1, 5


@pytest.fixture(scope="module")
def bi(server: str) -> Iterator[Engine]:
    url = new_database(server)
    owner = connect(url)
    migrate(owner)
    assert load_years(owner, PLAN, YEARS, seed=1) > 15_000
    assert create_roles(owner) == []
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    reader = as_role(owner, "chitieu_bi")
    yield reader
    reader.dispose()
    owner.dispose()
    drop(server, url)


@pytest.mark.skipif(not CAN_BE_MEASURED, reason="needs the processor time of a process")
@pytest.mark.parametrize("number", QUESTIONS)
def test_a_question_on_ten_years_takes_a_tenth_of_a_second(number: str, bi: Engine) -> None:
    with bi.connect() as connection:
        process = connection.scalar(text("SELECT pg_backend_pid()")) or 0

        def ask() -> None:
            for _ in range(RUNS):
                connection.execute(text(QUESTIONS[number])).all()

        allowed = RUNS * MOST_SECONDS
        assert reference_seconds(ask, allowed, lambda: seconds_of(process)) < allowed
