"""The flows do with Prefect what the functions do without."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS, temporary_settings
from prefect.testing.utilities import prefect_test_harness
from sqlalchemy import text

from drives.listing import DriveError
from flows.prefect_flows import run_ingest, run_materialize
from tests.flows.test_truth import SAMPLE
from warehouse.database import connect


@pytest.fixture(scope="module")
def server() -> Iterator[None]:
    with (
        temporary_settings({PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS: 120}),
        prefect_test_harness(server_startup_timeout=120),
    ):
        yield


@pytest.mark.usefixtures("server")
def test_a_flow_takes_in_a_drive_and_tells_of_it(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHITIEU_DATABASE_URL", database_url)
    monkeypatch.setenv("CHITIEU_HOME", str(tmp_path / "home"))
    shutil.copytree(SAMPLE / "drive", tmp_path / "drive")
    drive = f"file://{tmp_path / 'drive'}"
    first = run_ingest([drive])
    assert (first["files"], first["rows_loaded"]) == (38, 372)
    assert first["submissions"]["accepted"] == 42
    again = run_ingest([drive])
    assert (again["files"], again["rows_loaded"]) == (0, 0)
    assert run_materialize(["2020-Q1"])["indicators_changed"] == 0
    with connect(database_url).connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit.submission")) == 57

    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs()
        assert {run.name for run in runs} >= {f"ingest ['{drive}']", "materialize ['2020-Q1']"}
        assert all(run.state and run.state.is_completed() for run in runs)
        names = [run.name for run in client.read_task_runs()]
        assert names.count("ingest batch") == 1  # one for the batch, none per file, none where nothing is new
        assert names.count("look at drives") == 2
    with pytest.raises(DriveError):
        _without_waiting(["file:///no/such/drive"], monkeypatch)


def _without_waiting(urls: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import prefect_flows

    monkeypatch.setattr(prefect_flows._steps.look, "retries", 0)
    run_ingest(urls)
