"""Everything in prefect.yaml, deployed on a real server and run by a real worker."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
import yaml
from prefect.blocks.notifications import CustomWebhookNotificationBlock
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import State
from prefect.settings import PREFECT_API_URL, temporary_settings
from sqlalchemy import text

from flows.automations import SUBJECTS, notify
from tests.support.paths import ROOT, SAMPLE
from tests.support.prefect_server import deployed, wait_for
from warehouse.database import connect

pytestmark = pytest.mark.long

DEPLOYMENTS = [d["name"] for d in yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]]


@pytest.fixture
def server(prefect_environment: dict[str, str], tmp_path: Path) -> Iterator[None]:
    """A Prefect server and a worker."""
    with deployed(prefect_environment, tmp_path) as start_worker:
        start_worker()
        yield


@pytest.mark.usefixtures("server")
def test_every_deployment_runs_and_ends_well(
    prefect_environment: dict[str, str], tmp_path: Path, inbox: tuple[str, list[str]]
) -> None:
    shutil.copytree(SAMPLE / "drive", tmp_path / "drive")
    with (
        temporary_settings({PREFECT_API_URL: prefect_environment["PREFECT_API_URL"]}),
        get_client(sync_client=True) as client,
    ):
        flows = {flow.id: flow.name for flow in client.read_flows()}
        deployments = {d.name: d for d in client.read_deployments()}
        assert sorted(deployments) == sorted(DEPLOYMENTS)
        for deployment in deployments.values():
            zones = {getattr(s.schedule, "timezone", None) for s in deployment.schedules}
            assert zones <= {"Asia/Ho_Chi_Minh"}
            client.pause_deployment(deployment.id)  # only what we start ourselves runs

        address, posted = inbox
        CustomWebhookNotificationBlock(
            name="chitieu", url=address, method="POST", json_data={"text": "{{subject}} {{body}}"}
        ).save("chitieu")
        assert len(notify("custom-webhook/chitieu")) == len(notify("custom-webhook/chitieu")) == len(SUBJECTS)
        assert len(client.read_automations()) == len(SUBJECTS)

        def run(names: list[str]) -> dict[str, str]:
            runs = {n: client.create_flow_run_from_deployment(deployments[n].id).id for n in names}

            asked = FlowRunFilter(id=FlowRunFilterId(any_=list(runs.values())))

            def states() -> dict[UUID, State]:
                return {
                    run.id: run.state for run in client.read_flow_runs(flow_run_filter=asked) if run.state
                }

            wait_for(lambda: all(state.is_final() for state in states().values()))
            ended = states()
            return {name: ended[number].name or "" for name, number in runs.items()}

        assert run(["ingest"]) == {"ingest": "Completed"}
        others = [name for name in DEPLOYMENTS if name != "ingest"]
        assert run(others) == dict.fromkeys(others, "Completed")
        assert {"ingest", "close", "remind", "materialize", "verify", "backfill"} <= set(flows.values())
        wait_for(lambda: any("chitieu.period.2020-Q1" in message for message in posted))
        assert any("were rejected" in message and "'rejected': 15" in message for message in posted)
        keys = {artifact.key for artifact in client.read_artifacts()}
        assert {"ingest", "close", "remind", "materialize", "verify", "backfill"} <= keys
    with connect(prefect_environment["CHITIEU_DATABASE_URL"]).connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit.submission")) == 57
        closed = connection.execute(text("SELECT DISTINCT snapshot_code FROM mart.target_snapshot")).scalars()
        assert set(closed) == {"2020-M01", "2020-M02", "2020-M03", "2020-Q1"}
    assert (tmp_path / "home/published/index.html").exists()
    assert (tmp_path / "drive/UBND-731/_tra_lai/nhac_bao_cao.txt").exists()
