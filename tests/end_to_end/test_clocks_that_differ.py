"""The schedule closes nothing while this machine's clock and that of the database server differ."""

from pathlib import Path

import psycopg
import pytest

from services.context import open_contexts
from services.scheduled_jobs import close_due

# A server whose clock is some minutes behind: the session finds this function before the server's own.
CLOCK = (
    "CREATE SCHEMA slow; CREATE FUNCTION slow.clock_timestamp() RETURNS timestamptz LANGUAGE sql"
    " AS $$ SELECT pg_catalog.clock_timestamp() - interval '{minutes} minutes' $$;"
    " GRANT USAGE ON SCHEMA slow TO PUBLIC"
)


@pytest.mark.parametrize(("minutes", "differ"), [(1, False), (20 * 24 * 60, True), (-20 * 24 * 60, True)])
def test_nothing_is_closed_while_clocks_differ(
    minutes: int, differ: bool, warehouse_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHITIEU_DATABASE_URL", warehouse_url)
    monkeypatch.setenv("CHITIEU_HOME", str(tmp_path))
    monkeypatch.delenv("CHITIEU_NOW", raising=False)
    with psycopg.connect(warehouse_url.replace("+psycopg", "")) as connection:
        connection.execute(CLOCK.format(minutes=minutes))
    monkeypatch.setenv("PGOPTIONS", "-c search_path=slow,pg_catalog,public")
    (context,) = open_contexts()
    problems = close_due(context, "M").problems
    assert problems
    assert any("clock of" in problem or "clock and" in problem for problem in problems) == differ
    assert len(problems) == 1 or not differ
