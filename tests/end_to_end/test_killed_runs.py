"""A run, or a worker with its run, that is killed is seen as Crashed within two minutes, and alarmed."""

import time
from pathlib import Path
from uuid import UUID

import pytest
from prefect.blocks.notifications import CustomWebhookNotificationBlock
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.automations import notify, watch_runs
from tests.support.prefect_server import deployed, wait_for
from tests.support.processes import below, kill
from warehouse.blocking_readers import exclusively
from warehouse.database import connect

pytestmark = pytest.mark.long


def test_what_is_killed_is_seen(
    prefect_environment: dict[str, str], tmp_path: Path, inbox: tuple[str, list[str]]
) -> None:
    (tmp_path / "drive" / "UBND-731").mkdir(parents=True)
    address, posted = inbox
    with (
        deployed(prefect_environment, tmp_path) as start_worker,
        temporary_settings({PREFECT_API_URL: prefect_environment["PREFECT_API_URL"]}),
        get_client(sync_client=True) as client,
    ):
        ingest = next(d.id for d in client.read_deployments() if d.name == "ingest")
        for deployment in client.read_deployments():
            client.pause_deployment(deployment.id)
        CustomWebhookNotificationBlock(
            name="chitieu", url=address, method="POST", json_data={"text": "{{subject}} {{body}}"}
        ).save("chitieu")
        assert watch_runs() == watch_runs()
        notify("custom-webhook/chitieu")
        worker = start_worker()
        engine = connect(prefect_environment["CHITIEU_DATABASE_URL"])
        with exclusively(engine, "ingest"):  # the runs wait, and send their heartbeats
            run = _running(client, ingest)
            kill(below(worker.pid))
            wait_for(lambda: _state(client, run) == "Crashed", 30)  # the worker has seen it

            run = _running(client, ingest)
            _wait_for_heartbeat(client, run)
            started = time.monotonic()
            kill([worker.pid, *below(worker.pid)])
            worker.wait()
            wait_for(lambda: _state(client, run) == "Crashed", 120)
            assert time.monotonic() - started < 120
        assert "heartbeats stopped" in str(client.read_flow_run(run).state)
        wait_for(lambda: sum("A run crashed" in message for message in posted) >= 2)
        wait_for(lambda: any("No worker is running" in message for message in posted))

        start_worker()  # what the guide has one do; nothing else is to be repaired
        run = client.create_flow_run_from_deployment(ingest).id
        wait_for(lambda: _state(client, run) == "Completed")


def _running(client: SyncPrefectClient, deployment: UUID) -> UUID:
    run = client.create_flow_run_from_deployment(deployment).id
    wait_for(lambda: _state(client, run) == "Running")
    return run


def _state(client: SyncPrefectClient, run: UUID) -> str:
    state = client.read_flow_run(run).state
    return (state.name or "") if state else ""


def _wait_for_heartbeat(client: SyncPrefectClient, run: UUID) -> None:
    def has_one() -> bool:
        wanted = {
            "filter": {
                "event": {"name": ["prefect.flow-run.heartbeat"]},
                "resource": {"id": [f"prefect.flow-run.{run}"]},
            }
        }
        return bool(client.request("POST", "/events/filter", json=wanted).json()["events"])

    wait_for(has_one)
