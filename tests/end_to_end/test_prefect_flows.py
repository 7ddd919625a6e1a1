"""The flows do with Prefect what the functions do without."""

import json
import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterDeploymentId
from prefect.exceptions import PrefectHTTPStatusError
from prefect.settings import PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS, temporary_settings
from pydantic import SecretStr
from sqlalchemy import text

from drives.listing import DriveError
from flows import prefect_flows, tasks
from flows.due_days import plan_ingests_flow
from flows.prefect_flows import remind_flow, run_ingest, run_materialize
from plans.reading import DEFAULT_PLAN
from services.context import PlanDriftError, open_declared
from services.due_days import further_ingests
from services.ingest import ingest
from services.preparation import prepare_database
from services.settings import read_settings
from tests.support.paths import ROOT, SAMPLE
from tests.support.pipeline import work
from tests.support.plan_files import write_raised_plan
from tests.support.reports import district_rows, workbook
from warehouse.database import connect

KEPT = ("plain/archive", "home/archive")


@pytest.fixture(scope="module")
def server() -> Iterator[None]:
    # Imports Prefect's server, which takes seconds: not while tests are collected.
    from prefect.testing.utilities import prefect_test_harness

    with (
        temporary_settings({PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS: 120}),
        prefect_test_harness(server_startup_timeout=120),
    ):
        yield


@pytest.fixture
def settings(warehouse_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHITIEU_DATABASE_URL", warehouse_url)
    monkeypatch.setenv("CHITIEU_HOME", str(tmp_path / "home"))


@pytest.mark.usefixtures("server", "settings")
def test_a_flow_ingests_a_drive_and_writes_artifacts(
    warehouse_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(SAMPLE / "drive", tmp_path / "drive")
    drive = f"file://{tmp_path / 'drive'}"
    first = run_ingest([drive])
    assert (first["files"], first["rows_loaded"]) == (38, 372)
    assert first["submissions"]["accepted"] == 42
    again = run_ingest([drive])
    assert (again["files"], again["rows_loaded"]) == (0, 0)
    assert run_materialize(["2020-Q1"])["indicators_changed"] == 0
    with connect(warehouse_url).connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit.submission")) == 57

    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs()
        assert {run.name for run in runs} >= {f"ingest {drive}", "materialize 2020-Q1"}
        assert all(run.state and run.state.is_completed() for run in runs)
        names = [run.name for run in client.read_task_runs()]
        assert (
            names.count("batch 1 of 1, 38 files") == 1
        )  # one for the batch, none per file, none where nothing is new
        assert names.count(f"drive {drive}") == 2
        assert "refresh targets" not in names  # the batch had computed them all
        left = [artifact for artifact in client.read_artifacts() if artifact.key == "ingest"]
        assert len(left) == 1  # of the first: the second found nothing new
        assert "372" in str(left[0].data)
    with pytest.raises(DriveError):
        _without_waiting(["file:///no/such/drive"], monkeypatch)


@pytest.mark.usefixtures("server", "settings")
def test_flows_serve_all_active_plans(
    warehouse_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    following = DEFAULT_PLAN.read_text(encoding="utf-8")
    for old, new in (("code: DN-2020", "code: DN-2021"), ("year: 2020", "year: 2021")):
        following = following.replace(old, new, 1)
    (tmp_path / "following.yaml").write_text(following, encoding="utf-8")
    monkeypatch.setenv("CHITIEU_PLAN", f"{DEFAULT_PLAN}{os.pathsep}{tmp_path / 'following.yaml'}")
    prepare_database(open_declared())
    for month, file in (("Tháng 3 năm 2020", "a.xlsx"), ("Tháng 3 năm 2021", "b.xlsx")):
        path = tmp_path / "drive" / "CAT" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(workbook("01-PCMD", "CAT", month, district_rows("01-PCMD")))
    assert run_ingest([f"file://{tmp_path / 'drive'}"])["submissions"]["accepted"] == 2
    run_materialize(["2020-Q1", "2021-Q1"])
    with connect(warehouse_url).connect() as connection:
        query = "SELECT DISTINCT plan_code, period_code FROM audit.submission ORDER BY 1"
        assert connection.execute(text(query)).all() == [("DN-2020", "2020-M03"), ("DN-2021", "2021-M03")]
        query = (
            "SELECT DISTINCT plan_code FROM mart.target_indicator WHERE period_code LIKE '%-Q1' ORDER BY 1"
        )
        assert connection.execute(text(query)).scalars().all() == ["DN-2020", "DN-2021"]


def figures(warehouse_url: str) -> list[str]:
    """The content of a warehouse, without times and generated numbers."""
    with connect(warehouse_url).connect() as connection:
        submissions = connection.execute(
            text(
                "SELECT body_code, file_name, sheet_name, form_code, period_code, status, sha256 FROM audit.submission"
            )
        )
        targets = connection.execute(
            text(
                "SELECT target_code, area_code, period_code, numerator, denominator, value, status, verdict,"
                " value_min, value_max, completeness_pct FROM mart.target_indicator"
            )
        )
        return sorted(repr(tuple(row)) for row in [*submissions, *targets])


@pytest.mark.long
@pytest.mark.usefixtures("server", "settings")
def test_on_dask_the_same_drive_gives_the_same_warehouse(
    warehouse_url: str, another_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(work(another_database_url, tmp_path / "plain"), [str(SAMPLE / "drive")])
    monkeypatch.setenv("CHITIEU_DASK", "2")
    assert run_ingest([str(SAMPLE / "drive")])["rows_loaded"] == 372
    assert figures(warehouse_url) == figures(another_database_url)
    kept = [sorted(p.name for p in (tmp_path / at).rglob("*") if p.is_file()) for at in KEPT]
    assert kept[0] == kept[1]
    with get_client(sync_client=True) as client:
        assert "read files on 2" in {run.name for run in client.read_flow_runs()}


@pytest.mark.long
@pytest.mark.usefixtures("server", "settings")
def test_missing_settings_come_from_secret_blocks(
    warehouse_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from prefect.blocks.system import Secret

    Secret(value=SecretStr(warehouse_url)).save("chitieu-database-url")
    drive = tmp_path / "drive"  # a copy: what is published goes into the outboxes
    shutil.copytree(SAMPLE / "drive", drive)
    Secret(value=SecretStr(f"{drive} sftp://user:geheim@127.0.0.1:9/nowhere")).save("chitieu-sources")
    monkeypatch.delenv("CHITIEU_DATABASE_URL")
    try:
        monkeypatch.setattr(tasks, "_DELAYS", [])
        done = prefect_flows.ingest_flow()  # the drive that can be listed is ingested
        assert done is not None
        assert "sftp://127.0.0.1:9/nowhere cannot be read" in done["problems"][0]
        assert [drive["listed"] for drive in done["drives"]] == [True, False]
        assert done["rows_loaded"] == 372
        with get_client(sync_client=True) as client:
            failed = [run.name for run in client.read_task_runs() if run.state and run.state.is_failed()]
            assert "drive sftp://127.0.0.1:9/nowhere" in failed
            assert "ingest the drives of the secret chitieu-sources" in {
                run.name for run in client.read_flow_runs()
            }
        Secret(value=SecretStr(str(drive))).save("chitieu-sources", overwrite=True)
        assert (tmp_path / "home" / "published" / "index.html").exists()  # something came in
        done = prefect_flows.ingest_flow()
        assert done["rows_loaded"] == 0
        with get_client(sync_client=True) as client:
            names = [run.name for run in client.read_flow_runs()]
            told_all = repr([a.data for a in client.read_artifacts()]) + repr(client.read_flow_runs())
        assert names.count("publish") == 1
        assert "geheim" not in told_all + caplog.text
    finally:
        Secret(value=SecretStr("")).save("chitieu-database-url", overwrite=True)
        Secret(value=SecretStr("")).save("chitieu-sources", overwrite=True)


@pytest.mark.long
@pytest.mark.usefixtures("server", "settings")
def test_further_ingests_are_planned_on_due_days_alone_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with get_client(sync_client=True) as client:
        deployment = client.create_deployment(client.create_flow(prefect_flows.ingest_flow), "ingest")

        def planned() -> list[datetime]:
            only = FlowRunFilter(deployment_id=FlowRunFilterDeploymentId(any_=[deployment]))
            runs = client.read_flow_runs(flow_run_filter=only, limit=200)
            assert all(run.state and run.state.is_scheduled() for run in runs)
            return sorted(run.expected_start_time for run in runs if run.expected_start_time)

        monkeypatch.setenv("CHITIEU_NOW", "2021-02-17T06:50:00+07:00")  # Tết has moved the due days on
        assert plan_ingests_flow()["planned"] == 0
        assert planned() == []
        monkeypatch.setenv("CHITIEU_NOW", "2021-02-18T06:50:00+07:00")
        assert plan_ingests_flow() == plan_ingests_flow()
        moments = planned()
    assert len(moments) == 88
    assert moments[0] == datetime.fromisoformat("2021-02-18T07:05:00+07:00")
    assert moments[-1] == datetime.fromisoformat("2021-02-18T17:55:00+07:00")
    monkeypatch.setenv("CHITIEU_NOW", "2021-02-18T17:41:00+07:00")  # the rest of the day
    assert [moment.minute for moment in further_ingests(read_settings())] == [50, 55]


@pytest.mark.usefixtures("server")
def test_prefects_server_takes_the_job_template_of_kubernetes() -> None:
    template = json.loads((ROOT / "kubernetes/base-job-template.json").read_text(encoding="utf-8"))
    pool = WorkPoolCreate(name="chitieu-kubernetes", type="kubernetes", base_job_template=template)
    with get_client(sync_client=True) as client:
        client.create_work_pool(pool)
        flow = client.create_flow(prefect_flows.ingest_flow)
        options: dict[str, Any] = {"work_pool_name": pool.name, "job_variables": {"memory": "8Gi"}}
        deployment = client.create_deployment(flow, "on-kubernetes", **options)
        assert client.read_deployment(deployment).job_variables == {"memory": "8Gi"}
        options["job_variables"] = {"memory": 8}  # the template declares a text
        with pytest.raises(PrefectHTTPStatusError, match="422"):
            client.create_deployment(flow, "wrong", **options)


def _without_waiting(urls: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_DELAYS", [])
    run_ingest(urls)


@pytest.mark.usefixtures("server", "settings")
def test_a_changed_plan_stops_the_flows_that_load_or_compute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHITIEU_PLAN", str(write_raised_plan(tmp_path / "plan.yaml")))
    monkeypatch.setenv("CHITIEU_NOW", "2020-04-20T08:00:00+07:00")
    with pytest.raises(PlanDriftError, match="differs from the applied plan DN-2020"):
        run_materialize([])
    with pytest.raises(PlanDriftError):
        run_ingest([f"file://{tmp_path}"])
    assert remind_flow()["overdue_bodies"]  # by the applied plan
