"""Real PostgreSQL servers for the tests: one of each kind for the whole run, a fresh database for each test."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from plans.reading import DEFAULT_PLAN, read_plan
from tests.support.pipeline import ingested_sample
from tests.support.postgres import BINARIES, FOLDER, fresh_database, running_server, shared_database
from warehouse.database import connect
from warehouse.dimensions.seeds import load_reference
from warehouse.embedded.server import stop_cluster
from warehouse.migrations.upgrade import migrate

# By the time they take. A file runs on one worker as a whole: what its tests share is made once.
_LONGEST = (
    "test_killed_runs",
    "test_deployments",
    "test_tampering",
    "test_documented_commands",
    "test_auditing",
    "test_site",
    "test_command_line",
    "test_embedded",
    "test_form_sets",
    "test_snapshots",
    "test_real_drives",
    "test_editions",
    "test_exports",
    "test_changed_forms",
    "test_checkpoint",
    "test_indicators",
    "test_period_reports",
    "test_questions",
    "test_reference",
)

# A time limit per example fails on a busy machine and finds no fault.
settings.register_profile("without_deadline", deadline=None)
settings.load_profile("without_deadline")


_MEMORY = Path("/dev/shm")
_ROOM = 4 * 1024**3  # bytes that the databases of a run take at most


def _place_of_servers() -> Path | None:
    """Memory where there is enough, where a database is copied in a tenth of the time; else the usual place."""
    return _MEMORY if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM else None


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        folder = Path(tempfile.mkdtemp(prefix="chitieu-tests-", dir=_place_of_servers()))
        folder.chmod(0o711)  # the server's user passes through
        os.environ[FOLDER] = str(folder)
    for name in [name for name in os.environ if name.startswith(("CHITIEU_", "PREFECT_"))]:
        if name != FOLDER:
            del os.environ[name]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first: begun last, they would run alone at the end."""
    items.sort(
        key=lambda item: _LONGEST.index(item.path.stem) if item.path.stem in _LONGEST else len(_LONGEST)
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        folder = Path(os.environ[FOLDER])
        for name, binaries in BINARIES.items():
            stop_cluster(folder / name, binaries)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database_url() -> Iterator[str]:
    """The URL of an empty database of its own on the embedded server."""
    yield from fresh_database(running_server("embedded"))


@pytest.fixture(scope="session")
def tables() -> Iterator[str]:
    """The name of a database with the tables alone, to be copied."""
    with shared_database() as url:
        engine = connect(url)
        migrate(engine)
        engine.dispose()  # nobody may be connected to what is copied
        yield url.rpartition("/")[2]


@pytest.fixture
def migrated_url(tables: str) -> Iterator[str]:
    """The URL of a database of its own that is migrated and has no plan yet."""
    yield from fresh_database(running_server("embedded"), tables)


@pytest.fixture(scope="session")
def template(tables: str) -> Iterator[str]:
    """The name of a database with the tables, the views and the plan, to be copied: a third of making it anew."""
    for url in fresh_database(running_server("embedded"), tables):
        engine = connect(url)
        with engine.begin() as connection:
            load_reference(connection, read_plan(DEFAULT_PLAN))
        engine.dispose()
        yield url.rpartition("/")[2]


@pytest.fixture
def warehouse_url(template: str) -> Iterator[str]:
    """The URL of a database of its own that is migrated and has the plan, and nothing else yet."""
    yield from fresh_database(running_server("embedded"), template)


@pytest.fixture(scope="session")
def sample(template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The name of a database that has taken in the sample drive, and the folder of its drive and archive."""
    folder = tmp_path_factory.mktemp("sample")
    for url in fresh_database(running_server("embedded"), template):
        ingested_sample(url, folder).engine.dispose()
        yield url.rpartition("/")[2], folder


@pytest.fixture
def sample_url(sample: tuple[str, Path], tmp_path: Path) -> Iterator[str]:
    """A copy of that database; beside it, as `drive` and `archive` in the test's folder, copies of these.

    What the database has of the files' addresses is the first drive's: to an ingest of the copy they are known
    contents at a new place.
    """
    name, folder = sample
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    yield from fresh_database(running_server("embedded"), name)


@pytest.fixture
def another_database_url() -> Iterator[str]:
    """One more, to compare with."""
    yield from fresh_database(running_server("embedded"))


@pytest.fixture(params=sorted(BINARIES))
def any_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The same on each kind of server that this machine has."""
    yield from fresh_database(running_server(request.param))


@pytest.fixture
def prefect_database_url() -> Iterator[str | None]:
    """A database for Prefect's own server, which needs an extension that only the distribution's server has."""
    if "debian" in BINARIES:
        yield from fresh_database(running_server("debian"))
    else:
        yield None
