"""Attacks of an account that may see one district, on the rows of the others.

A comparison that PostgreSQL knows to be leakproof may run before the condition that hides a row. Plan, estimates and
counters then show whether a hidden row matched: the account learns each figure by asking for one value after another.
"""

from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from tests.support.database_roles import as_role
from tests.support.pipeline import PLAN
from tests.support.side_channels import CHANNELS, gives_away

pytestmark = pytest.mark.long

ROLE = "chitieu_area_731"
# Relations of mart with the column that is attacked: one per kind of view.
VICTIMS = {
    "inspections": "visits",
    "enforcement": "cases_detected",
    "inspections_by_area_today": "visits",
    "target_indicator": "numerator",
    "target_period": "numerator_ytd",
    "target_indicator_by_area_today": "numerator",
    "measure_value": "value",
}


@pytest.fixture(scope="module")
def reader(attacked: Engine) -> Iterator[Engine]:
    engine = as_role(attacked, ROLE)
    yield engine
    engine.dispose()


def hidden(owner: Engine, view: str, column: str) -> tuple[str, object]:
    """A figure of another district: the most frequent one, which the planner's statistics have first."""
    districts = {area.code for area in PLAN.areas if area.level == "district"} - {"731"}
    query = text(f"SELECT area_code, {column} FROM mart.{view} WHERE {column} > 0")
    with owner.connect() as connection:
        rows = [(area, figure) for area, figure in connection.execute(query).tuples()]
    frequency = Counter(figure for _, figure in rows)
    of_others = [(area, figure) for area, figure in rows if area in districts]
    return max(of_others, key=lambda row: (frequency[row[1]], row[1], row[0]))


@pytest.mark.parametrize("view", VICTIMS)
def test_no_channel_gives_figures_of_another_district_away(
    view: str, attacked: Engine, reader: Engine
) -> None:
    area, figure = hidden(attacked, view, VICTIMS[view])
    with reader.connect() as connection:
        assert connection.scalar(text(f"SELECT count(*) FROM mart.{view}"))
        assert not connection.scalar(text(f"SELECT count(*) FROM mart.{view} WHERE area_code = '{area}'"))
    leaks = [
        channel
        for channel in CHANNELS
        if gives_away(reader, channel, f"mart.{view}", VICTIMS[view], area, figure)
    ]
    assert leaks == []


AREAS = "(SELECT audit.areas_seen(current_user))"
UNFENCED = (
    "CREATE VIEW mart.weakened {options} AS SELECT v.* FROM ("
    " SELECT a.area_code, f.visits FROM dw.fact_inspections f JOIN dw.dim_area a USING (area_key)"
    " WHERE f.superseded_at IS NULL{more}) AS v"
    f" WHERE CASE WHEN {AREAS} IS NULL THEN TRUE ELSE v.area_code = ANY({AREAS}::text[]) END"
)
BARRIER = UNFENCED.format(options="WITH (security_barrier)", more="")
WEAKENED = {
    "plan": BARRIER,
    "estimates": BARRIER,
    "counters": BARRIER,
    # Without the barrier too: operators that are not leakproof.
    "errors": UNFENCED.format(options="", more=""),
    "time": UNFENCED.format(options="", more=" OFFSET 0"),
}


@pytest.mark.parametrize("channel", CHANNELS)
def test_each_channel_gives_figures_away_without_the_fence(
    channel: str, attacked: Engine, reader: Engine
) -> None:
    area, figure = hidden(attacked, "inspections", "visits")
    with attacked.begin() as connection:
        connection.execute(text("DROP VIEW IF EXISTS mart.weakened"))
        connection.execute(text(WEAKENED[channel]))
        connection.execute(text("GRANT SELECT ON mart.weakened TO chitieu_area"))
    try:
        assert gives_away(reader, channel, "mart.weakened", "visits", area, figure)
    finally:
        with attacked.begin() as connection:
            connection.execute(text("DROP VIEW mart.weakened"))


def test_branches_that_are_planned_give_estimates_away(attacked: Engine, reader: Engine) -> None:
    """The views of mart, but with branches that are removed only when a query runs."""
    area, figure = hidden(attacked, "inspections", "visits")
    with attacked.begin() as connection:
        definition = str(connection.scalar(text("SELECT pg_get_viewdef('mart.inspections'::regclass)")))
        weakened = definition.replace("audit.reader_at_planning()", "audit.reader()")
        connection.execute(text(f"CREATE VIEW mart.weakened WITH (security_barrier) AS {weakened}"))
        connection.execute(text("GRANT SELECT ON mart.weakened TO chitieu_area"))
    try:
        assert gives_away(reader, "estimates", "mart.weakened", "visits", area, figure)
    finally:
        with attacked.begin() as connection:
            connection.execute(text("DROP VIEW mart.weakened"))
