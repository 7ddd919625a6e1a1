"""Servers on which a module may create and drop roles."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from tests.support.database_roles import new_database, separate_server
from tests.support.pipeline import PLAN, ingested_sample
from warehouse.database import connect
from warehouse.dimensions.seeds import load_reference
from warehouse.migrations.upgrade import migrate
from warehouse.privacy.roles import create_area_role, create_roles


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The URL of a server that the module has for itself."""
    yield from separate_server()


@pytest.fixture(scope="module")
def other_server() -> Iterator[str]:
    """The URL of one more."""
    yield from separate_server()


@pytest.fixture(scope="session")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The owner's engine on a server of its own with the sample drive, the roles, and a role of one district."""
    for server in separate_server():
        url = new_database(server)
        engine = connect(url)
        migrate(engine)
        with engine.begin() as connection:
            load_reference(connection, PLAN)
        ingested_sample(url, tmp_path_factory.mktemp("attacked")).engine.dispose()
        assert create_roles(engine) == []
        create_area_role(engine, PLAN.area, "731")
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
        yield engine
        engine.dispose()
