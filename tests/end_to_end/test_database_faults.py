"""The database fails in the midst of an ingest: it leaves all or nothing, and the next run ends right."""

import re
import resource
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, text

from drives.archive import Archive, store
from plans.model import Plan
from schemas.form_catalog import FormCatalog
from services.ingest import IngestContext, ingest
from services.reader_pool import Job
from tests.support.forms import FORM_SET
from tests.support.pipeline import NOW, work
from tests.support.postgres import FAST
from tests.support.reports import PLAN, district_rows, workbook
from transforms.layout.parsed_sheet import FileReading
from transforms.layout.sheet_parser import reading_context
from transforms.plan_choice import read_for_plans
from warehouse.database import DatabaseError
from warehouse.embedded.server import bundled_binaries, start_cluster, stop_cluster
from warehouse.integrity.verification import verify_chain
from warehouse.verification.submissions import verify_facts

pytestmark = pytest.mark.long

EVERY = 7  # of the round trips each seventh is cut; over all runs of a year each of them is


def read_here(
    jobs: Iterable[Job], _plans: Sequence[Plan], _catalog: FormCatalog, now: datetime, folder: Archive
) -> Iterator[tuple[Job, FileReading]]:
    """Reading without processes of its own: here the database is what fails."""
    context = reading_context(PLAN, FORM_SET, now.date())
    for job in jobs:
        store(folder, job.sha256, job.content)
        yield job, read_for_plans(job.content, job.file_name, job.body_code, [context])


class Ingests:
    """A warehouse and a drive on which one report is revised again and again."""

    def __init__(self, url: str, folder: Path) -> None:
        self.made = work(url, folder)
        self.folder = folder
        (folder / "drive" / "CAT").mkdir(parents=True)

    @property
    def engine(self) -> Engine:
        return self.made.engine

    def put(self, cases: int) -> None:
        rows = district_rows("01-PCMD")
        rows[0] |= {"cases_detected": cases, "cases_prosecuted": cases}
        content = workbook("01-PCMD", "CAT", "Tháng 3 năm 2020", rows)
        (self.folder / "drive" / "CAT" / f"{cases}.xlsx").write_bytes(content)

    def run(self) -> None:
        ingest(
            IngestContext(self.engine, PLAN, NOW, self.made.archive, read=read_here),
            [str(self.folder / "drive")],
        )

    def state(self) -> tuple[Any, ...]:
        """What is in force, of how many submissions, and the target; it must hold together."""
        with self.engine.connect() as connection:
            row = connection.execute(
                text(
                    "SELECT (SELECT sum(cases_prosecuted) FROM dw.current_enforcement),"
                    " (SELECT count(*) FROM audit.submission), (SELECT count(*) FROM audit.drive_file),"
                    " (SELECT count(*) FROM audit.event WHERE kind = 'ingest'),"
                    " (SELECT count(*) FROM dw.fact_enforcement), (SELECT numerator"
                    " FROM mart.target_indicator WHERE target_code = 'T1' AND area_code = '75'"
                    " AND period_code = '2020-M03')"
                )
            ).one()
            assert verify_chain(connection) == []
            assert verify_facts(connection) == []
        return tuple(row)


def loaded(cases: int, reports: int) -> tuple[Any, ...]:
    """The state once so many reports are loaded, the last one with these cases."""
    return cases, reports, reports, reports, 11 * reports, cases


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Ingests:
    app = Ingests(database_url, tmp_path)
    app.put(1)
    app.run()
    assert app.state() == loaded(1, 1)
    return app


@pytest.fixture
def before_trip(
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[Callable[[int, psycopg.Connection], None]], None]:
    """Call a function before each round trip to the server, with its number."""

    def arm(act: Callable[[int, psycopg.Connection], None]) -> None:
        wait, trips = psycopg.Connection.wait, [0]

        def counted(self: psycopg.Connection, *given: Any, **named: Any) -> Any:
            trips[0] += 1
            act(trips[0], self)
            return wait(self, *given, **named)

        monkeypatch.setattr(psycopg.Connection, "wait", counted)

    return arm


def kill(url: str, pid: int) -> None:
    """End a session as an administrator does, or a network that is cut."""
    with psycopg.connect(url, autocommit=True) as connection:
        psycopg.Connection.execute(connection, "SELECT pg_terminate_backend(%s)", (pid,))


def test_a_connection_cut_anywhere_leaves_all_or_nothing(
    app: Ingests, database_url: str, before_trip: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = database_url.replace("+psycopg", "")
    cut, seen = [0], [0]

    def act(number: int, connection: psycopg.Connection) -> None:
        if threading.current_thread() is not threading.main_thread() or cut[0] < 0:
            return
        seen[0] += 1
        if seen[0] == cut[0]:
            cut[0] = -1  # the killing itself is not counted
            kill(plain, connection.info.backend_pid)

    before_trip(act)
    reports, last, failures = 1, 1, 0
    for trip in range(1, 400, EVERY):
        cases = last + 1
        app.put(cases)
        cut[0], seen[0] = trip, 0
        try:
            app.run()
        except Exception:  # whatever the driver calls it
            failures += 1
        missed = cut[0] == trip
        cut[0] = -1
        app.engine.dispose()
        assert app.state() in (loaded(last, reports), loaded(cases, reports + 1)), trip
        app.run()
        reports, last = reports + 1, cases
        assert app.state() == loaded(cases, reports), trip
        if missed:  # the run has fewer round trips than that
            break
    assert missed
    assert failures > 5


def test_a_deadlock_ends_one_of_both_and_nothing_is_lost(
    app: Ingests, database_url: str, before_trip: Any
) -> None:
    """Somebody holds the target table and then wants the facts, which the ingest has: a circle."""
    other = psycopg.connect(database_url.replace("+psycopg", ""))
    other.execute("SET deadlock_timeout = '30s'")  # the ingest's session is the one that notices
    other.execute("LOCK TABLE mart.target_indicator IN ACCESS EXCLUSIVE MODE")
    waiting = threading.Thread(
        target=lambda: other.execute("LOCK TABLE dw.fact_enforcement IN ACCESS EXCLUSIVE MODE")
    )
    spy = psycopg.connect(database_url.replace("+psycopg", ""), autocommit=True)
    held = (
        "SELECT count(*) FROM pg_locks WHERE relation = 'dw.fact_enforcement'::regclass"
        " AND mode = 'RowExclusiveLock' AND granted"
    )
    looking, begun = [False], [False]

    def act(_number: int, _connection: psycopg.Connection) -> None:
        if threading.current_thread() is not threading.main_thread() or looking[0] or begun[0]:
            return
        looking[0] = True
        begun[0] = spy.execute(held).fetchone() != (0,)
        looking[0] = False
        if begun[0]:
            waiting.start()

    before_trip(act)
    app.put(2)
    try:
        app.run()
        ended = loaded(2, 2)
    except Exception as error:
        assert "deadlock" in str(error)
        ended = loaded(1, 1)
    waiting.join()
    other.rollback()
    other.close()
    spy.close()
    assert begun[0]
    assert app.state() == ended
    app.run()
    assert app.state() == loaded(2, 2)


@pytest.fixture
def server_folder() -> Iterator[Path]:
    """A folder for a server of its own, which runs under another account than root."""
    folder = Path(tempfile.mkdtemp(prefix="chitieu-faults-"))
    folder.chmod(0o711)
    try:
        yield folder / "server"
    finally:
        stop_cluster(folder / "server", bundled_binaries())
        shutil.rmtree(folder, ignore_errors=True)


def start(folder: Path) -> str:
    return start_cluster(folder, bundled_binaries(), FAST | {"fsync": "on", "full_page_writes": "on"})


def test_a_server_restarted_midway_leaves_all_or_nothing(
    server_folder: Path, tmp_path: Path, before_trip: Any
) -> None:
    app = Ingests(start(server_folder), tmp_path)
    app.put(1)
    due = [12]

    def act(number: int, _connection: psycopg.Connection) -> None:
        due[0] -= 1
        if due[0] == 0:
            stop_cluster(server_folder, bundled_binaries())

    before_trip(act)
    with pytest.raises(Exception, match=r"terminat|closed|refused|lost"):
        app.run()
    app.engine.dispose()
    url = start(server_folder)
    again = Ingests.__new__(Ingests)
    again.made, again.folder = work(url, tmp_path), tmp_path
    assert again.state()[:2] in ((None, 0), (1, 1))
    again.run()
    assert again.state() == loaded(1, 1)


FULL = "could not (extend|write)"


def fill(engine: Engine, rows: int, width: int) -> None:
    """Put so many rows of a width at a time into the table of looks until there is no room for them."""
    filler = text(
        "INSERT INTO audit.drive_file (source_url, path, size_bytes, seen_at) SELECT 'filler',"
        " repeat('x', :width) || gen_random_uuid(), 1, now() FROM generate_series(1, :rows)"
    )
    for _ in range(100_000):
        try:
            with engine.begin() as connection:
                connection.execute(filler, {"rows": rows, "width": width})
        except DatabaseError as error:
            assert re.search(FULL, str(error))
            return
    raise AssertionError("there is always room")


def test_a_full_disk_leaves_all_or_nothing(server_folder: Path, tmp_path: Path) -> None:
    """No file of the server may grow beyond a bound: to it that is a disk without room."""
    bound = 20 * 2**20  # its log has files of 16 MB
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bound, hard))
    try:
        url = start(server_folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    app = Ingests(url, tmp_path)
    app.put(1)
    app.run()
    for rows, width in ((100, 1900), (1, 1900), (1, 10)):
        fill(app.engine, rows, width)
    app.put(2)
    with pytest.raises(DatabaseError, match=FULL):
        app.run()
    with app.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("DELETE FROM audit.drive_file WHERE source_url = 'filler'"))
        connection.execute(text("VACUUM audit.drive_file"))  # there is room again
    assert app.state() == loaded(1, 1)
    app.run()
    assert app.state() == loaded(2, 2)
    app.engine.dispose()
