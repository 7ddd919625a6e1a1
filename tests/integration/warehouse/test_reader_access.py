"""Exports as readers see them, by an account that created the roles and may not take them yet."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from services.context import AppContext
from services.reader_access import reader_connection
from services.settings import Settings
from tests.support.database_roles import administer, new_database
from tests.support.pipeline import NOW, PLAN
from warehouse.database import connect
from warehouse.migrations.upgrade import migrate
from warehouse.privacy.roles import create_roles

pytestmark = pytest.mark.long
MAY_TAKE = "SELECT pg_has_role('office', 'chitieu_bi', 'SET')"


def test_an_account_that_created_the_roles_takes_them_for_a_moment(server: str, tmp_path: Path) -> None:
    administer(server, "CREATE ROLE office LOGIN CREATEROLE PASSWORD 'known'")
    url = make_url(new_database(server, "OWNER office")).set(username="office", password="known")
    engine = connect(url.render_as_string(hide_password=False))
    migrate(engine)
    create_roles(engine)
    with engine.connect() as connection:
        version = int(str(connection.scalar(text("SHOW server_version_num"))))
        assert connection.scalar(text(MAY_TAKE)) is False or version < 160_000
    settings = Settings(home=tmp_path, database_url=str(engine.url), sources=())
    with reader_connection(AppContext(settings, PLAN, NOW, engine), "bi") as connection:
        assert connection.scalar(text("SELECT current_user")) == "chitieu_bi"
        assert connection.scalar(text("SELECT has_schema_privilege('dw', 'USAGE')")) is False
    with engine.connect() as connection:
        assert connection.scalar(text(MAY_TAKE)) is False or version < 160_000
    engine.dispose()
