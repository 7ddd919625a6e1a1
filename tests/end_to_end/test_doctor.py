"""`chitieu doctor` names what is wrong and what to do, also where database and drives are away."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.main import main
from plans.reading import DEFAULT_PLAN
from services.doctor.database_checks import clock_lines
from services.doctor.machine_checks import embedded_lines
from warehouse.embedded.server import embedded_url, running_url, stop_embedded
from warehouse.server_state import ServerState

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHITIEU_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("CHITIEU_NOW", raising=False)
    return tmp_path / "home"


def examine(capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, Any]], str]:
    """Return the exit code, the lines, and all that was printed."""
    capsys.readouterr()
    code = main(["doctor", "--json"])
    out, err = capsys.readouterr()
    result = json.loads(out)
    assert result["ok"] == (code == 0)
    assert result["ok"] == all(line["state"] != "fault" for line in result["lines"])
    assert all(line["remedy"] for line in result["lines"] if line["state"] != "ok")
    return code, result["lines"], out + err


def found(lines: list[dict[str, Any]], topic: str, state: str) -> list[str]:
    return [f"{x['message']} {x['remedy']}" for x in lines if (x["topic"], x["state"]) == (topic, state)]


@pytest.mark.usefixtures("home")
def test_a_healthy_installation_has_no_fault(
    sample_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".env").write_text(f"CHITIEU_SOURCES={tmp_path / 'drive'}\n", encoding="utf-8")
    monkeypatch.setenv("CHITIEU_DATABASE_URL", sample_url)
    password = sample_url.partition("://")[2].partition("@")[0].partition(":")[2]
    code, lines, printed = examine(capsys)
    assert code == 0, [line for line in lines if line["state"] == "fault"]
    settings = found(lines, "settings", "ok")
    assert any(line.startswith("CHITIEU_SOURCES=") and "(.env)" in line for line in settings)
    assert any(line.startswith("CHITIEU_DATABASE_URL=") and "(environment)" in line for line in settings)
    assert any(line.startswith("CHITIEU_DASK=(unset) (default)") for line in settings)
    assert not password or password not in printed
    assert any("38 files" in line for line in found(lines, "drives", "ok"))
    database = " ".join(found(lines, "database", "ok"))
    assert "is PostgreSQL" in database
    assert "schema is that of this release" in database
    assert any("is applied" in line for line in found(lines, "plan", "ok"))
    assert {line["topic"] for line in lines} >= {"disk", "clock", "versions", "embedded", "prefect"}


@pytest.mark.usefixtures("home")
def test_dead_drive_and_database_are_faults_beside_what_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("ubnd-731", "UBND_732", "khac"):
        (tmp_path / "drive" / folder).mkdir(parents=True)
        (tmp_path / "drive" / folder / "a.xlsx").write_bytes(b"x")
    monkeypatch.setenv("CHITIEU_SOURCES", f"sftp://user:geheim@127.0.0.1:9/nowhere {tmp_path / 'drive'}")
    monkeypatch.setenv("CHITIEU_DATABASE_URL", "postgresql://user:geheim@127.0.0.1:1/chitieu")
    monkeypatch.setenv("CHITIEU_HEARTBEAT_URL", "https://monitor.example/geheim")
    code, lines, printed = examine(capsys)
    assert code == 1
    assert "geheim" not in printed
    assert "127.0.0.1:9/nowhere cannot be read" in found(lines, "drives", "fault")[0]
    assert "cannot be reached" in found(lines, "database", "fault")[0]
    warnings = found(lines, "drives", "warning")
    assert any("ubnd-731" in line and "Rename it to UBND-731" in line for line in warnings)
    assert any("UBND_732" in line and "Rename it to UBND-732" in line for line in warnings)
    assert any("khac" in line and "Rename" not in line for line in warnings)
    assert found(lines, "disk", "ok") + found(lines, "disk", "warning")


@pytest.mark.usefixtures("home")
def test_a_wrong_setting_is_a_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHITIEU_NOW", "gestern")
    code, lines, _ = examine(capsys)
    assert code == 1
    assert "CHITIEU_NOW must be an ISO timestamp" in found(lines, "settings", "fault")[0]
    assert main(["doctor"]) == 1
    assert "FAULT   settings  CHITIEU_NOW" in capsys.readouterr().out


@pytest.mark.usefixtures("home")
def test_an_empty_database_and_a_changed_plan_are_warnings(
    another_database_url: str,
    warehouse_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CHITIEU_DATABASE_URL", another_database_url)
    _, lines, _ = examine(capsys)
    assert any("chitieu init" in line for line in found(lines, "database", "warning"))
    monkeypatch.setenv("CHITIEU_PLAN", str(tmp_path / "plan.yaml"))
    monkeypatch.setenv("CHITIEU_DATABASE_URL", warehouse_url)
    for old, new, warning in (
        ("year: 2020", "year: 2021", "differ from what is applied Run chitieu plan diff"),
        ("code: DN-2020", "code: DN-2021", "DN-2021 was never applied Run chitieu init"),
    ):
        changed = DEFAULT_PLAN.read_text(encoding="utf-8").replace(old, new, 1)
        (tmp_path / "plan.yaml").write_text(changed, encoding="utf-8")
        _, lines, _ = examine(capsys)
        assert any(warning in line for line in found(lines, "plan", "warning")), lines


def test_clocks_that_differ_and_loads_of_the_future_are_faults() -> None:
    state = ServerState("17", NOW - timedelta(days=365), [], NOW + timedelta(days=365))
    assert [line.state for line in clock_lines(state, NOW, False)] == ["fault", "fault"]
    assert [line.state for line in clock_lines(state, NOW, True)] == ["fault", "ok"]
    state = ServerState("17", NOW - timedelta(seconds=30), [], NOW - timedelta(days=365))
    assert [line.state for line in clock_lines(state, NOW, False)] == ["warning", "ok"]


@pytest.mark.long
def test_embedded_servers_are_listed_with_their_homes(home: Path) -> None:
    assert running_url(home) is None
    assert not home.exists()  # looking starts and creates nothing
    url = embedded_url(home)
    try:
        assert running_url(home) == url
        port = url.rpartition(":")[2].partition("/")[0]
        own = next(line for line in embedded_lines(home) if f"port {port}" in line.message)
        assert own.state == "ok"
        other = next(line for line in embedded_lines(Path("/elsewhere")) if f"port {port}" in line.message)
        assert other.state == "warning"
        assert "chitieu stop" in other.remedy
    finally:
        stop_embedded(home)
    assert not any(f"port {port}" in line.message for line in embedded_lines(home))
