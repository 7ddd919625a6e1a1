"""Accounts: the URL of the embedded database gives the least that its reader needs; logins come and go."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from cli.main import main
from services.context import _engine
from warehouse.embedded.server import embedded_folder, stop_embedded


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="chitieu-accounts-"))
    folder.chmod(0o711)
    home = folder / "home"
    try:
        with pytest.MonkeyPatch.context() as patch:  # each test may be the first on its worker
            patch.setenv("CHITIEU_HOME", str(home))
            patch.chdir(folder)
            assert main(["init"]) == 0
        yield home
    finally:
        _engine.cache_clear()
        stop_embedded(home)
        shutil.rmtree(embedded_folder(home), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def settings(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHITIEU_HOME", str(home))
    monkeypatch.chdir(home.parent)


def _printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) == 0, capsys.readouterr().err
    return capsys.readouterr().out.strip()


def _ask(url: str, query: str) -> object:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True, connect_timeout=5) as connection:
        row = connection.execute(query).fetchone()
        return row[0] if row else None


@pytest.mark.parametrize("kind", ["bi", "auditor", "writer"])
def test_the_url_is_of_an_account_with_one_role(
    kind: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = _printed(capsys, "database-url", "--as", kind)
    assert url.endswith("?require_auth=scram-sha-256")
    assert _printed(capsys, "database-url", "--as", kind) == url
    assert _ask(url, "SELECT count(*) FROM mart.target_indicator") == 0
    member_of = (
        "SELECT string_agg(r.rolname, ' ') FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid"
        " WHERE m.member = current_user::regrole"
    )
    assert _ask(url, member_of) == f"chitieu_{kind}"
    assert _ask(url, "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user") is False
    password = embedded_folder(home) / f"chitieu_{kind}_login.password"
    assert password.stat().st_mode & 0o777 == 0o600
    assert password.read_text(encoding="utf-8").strip() in url


def test_without_a_kind_the_url_is_that_of_a_reader(capsys: pytest.CaptureFixture[str]) -> None:
    url = _printed(capsys, "database-url")
    assert url == _printed(capsys, "database-url", "--as", "bi")
    for query in (
        "SELECT count(*) FROM dw.fact_enforcement",
        "SELECT count(*) FROM audit.lock",
        "SELECT lo_create(0)",
        "CREATE TEMPORARY TABLE large (n int)",
        "SELECT pg_advisory_lock(n) FROM generate_series(1, 1000000) n",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            _ask(url, query)
    for database in ("postgres", "template1"):  # where all may create large objects and take locks
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            _ask(url.replace("/chitieu?", f"/{database}?"), "SELECT 1")
    assert _ask(url, "SHOW statement_timeout") == "1min"
    assert _ask(url, "SHOW idle_in_transaction_session_timeout") == "1min"
    assert _ask(url, "SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user") == 10


def test_the_owner_is_no_superuser_and_does_all_that_commands_need(
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = _printed(capsys, "database-url", "--as", "owner")
    assert _ask(url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert _ask(url, "SELECT count(*) FROM audit.event") is not None
    assert main(["init"]) == 0
    assert "could not" not in capsys.readouterr().err
    assert main(["audit", "verify"]) == 0
    assert main(["role", "731"]) == 0


def test_an_account_is_created_rotated_and_revoked(capsys: pytest.CaptureFixture[str]) -> None:
    created = json.loads(_printed(capsys, "account", "create", "power_bi", "--as", "bi", "--json"))
    assert _ask(created["url"], "SELECT current_user::text") == "power_bi"
    assert main(["account", "create", "power_bi", "--as", "bi"]) == 2
    url = _printed(capsys, "account", "rotate", "power_bi")
    assert _ask(url, "SHOW lock_timeout") == "5s"
    with pytest.raises(psycopg.OperationalError, match="password"):
        _ask(created["url"], "SELECT 1")
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as session:
        session.execute("SELECT count(*) FROM mart.target_indicator")
        _printed(capsys, "account", "revoke", "power_bi")
        with pytest.raises(psycopg.Error):
            session.execute("SELECT count(*) FROM mart.target_indicator")
    with pytest.raises(psycopg.OperationalError):
        _ask(url, "SELECT 1")


def test_an_account_of_an_area_has_the_role_of_the_area(capsys: pytest.CaptureFixture[str]) -> None:
    url = _printed(capsys, "account", "create", "bien_hoa", "--as", "area:731")
    assert _ask(url, "SELECT pg_has_role('chitieu_area_731', 'USAGE')") is True
    assert (
        _ask(url, "SELECT count(DISTINCT area_code) = 1 FROM mart.area WHERE area_level = 'district'") is True
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("account", "create", "x", "--as", "owner"),
        ("account", "create", "x", "--as", "area:999"),
        ("account", "create", "chitieu", "--as", "bi"),
        ("account", "create", 'x" SUPERUSER; --', "--as", "bi"),
        ("account", "rotate", "chitieu"),
        ("account", "revoke", "nobody_here"),
        ("database-url", "--as", "superuser"),
    ],
)
def test_what_is_no_account_is_a_usage_error(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().out == ""


def test_on_ones_own_server_the_statements_are_printed(
    warehouse_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHITIEU_DATABASE_URL", warehouse_url)
    assert _printed(capsys, "database-url") == warehouse_url
    assert _printed(capsys, "database-url", "--as", "owner") == warehouse_url  # the guide's backup
    assert main(["database-url", "--as", "bi"]) == 2
    message = capsys.readouterr().err
    assert "CREATE ROLE chitieu_bi_login LOGIN PASSWORD '…' IN ROLE chitieu_bi;" in message
    assert "statement_timeout" in message
