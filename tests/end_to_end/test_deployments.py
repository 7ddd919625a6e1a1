"""Everything in prefect.yaml, deployed on a real server and run by a real worker."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import yaml
from prefect.blocks.notifications import CustomWebhookNotificationBlock
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL, temporary_settings
from sqlalchemy import text

from flows.automations import SUBJECTS, notify
from tests.support.paths import ROOT, SAMPLE
from warehouse.database import connect

pytestmark = pytest.mark.long

CHECKOUT = ROOT
DEPLOYMENTS = [
    d["name"] for d in yaml.safe_load((CHECKOUT / "prefect.yaml").read_text("utf-8"))["deployments"]
]
PATIENCE = 150.0


def prefect(*arguments: str) -> list[str]:
    return [str(Path(sys.executable).with_name("prefect")), "--no-prompt", *arguments]


@pytest.fixture
def prefect_database(prefect_database_url: str | None) -> dict[str, str]:
    """Prefect's server on PostgreSQL where this machine has one with pg_trgm, else on its own SQLite."""
    if prefect_database_url is None:
        return {}
    with connect(prefect_database_url).begin() as connection:
        connection.execute(text("CREATE EXTENSION pg_trgm"))
    return {
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": prefect_database_url.replace("+psycopg", "+asyncpg"),
    }


@pytest.fixture
def inbox() -> Iterator[tuple[str, list[str]]]:
    """A web server that keeps what is posted to it."""
    posted: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", posted
    server.shutdown()


@pytest.fixture
def environment(database_url: str, prefect_database: dict[str, str], tmp_path: Path) -> dict[str, str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {
        **os.environ,
        **prefect_database,
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "CHITIEU_DATABASE_URL": database_url,
        "CHITIEU_HOME": str(tmp_path / "home"),
        "CHITIEU_SOURCES": f"file://{tmp_path / 'drive'}",
        "CHITIEU_NOW": "2020-04-01T08:00:00+07:00",
        "PYTHONPATH": str(CHECKOUT),
    }


@pytest.fixture
def server(environment: dict[str, str], tmp_path: Path) -> Iterator[None]:
    """A Prefect server and a worker, ended with their whole process groups."""
    url = environment["PREFECT_API_URL"]
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> None:
        log = (tmp_path / f"{arguments[0]}.log").open("wb")
        started.append(
            subprocess.Popen(
                prefect(*arguments),
                env=environment,
                cwd=CHECKOUT,
                stdout=log,
                stderr=log,
                start_new_session=True,
                # A shell's background ignores SIGINT, and so would the worker, who hands each signal on as one.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )
        )

    try:
        start("server", "start", "--host", "127.0.0.1", "--port", url.split(":")[2].split("/")[0])
        _wait(lambda: _answers(f"{url}/health"))
        subprocess.run(
            prefect("work-pool", "create", "chitieu", "--type", "process"),
            env=environment,
            check=True,
            capture_output=True,
        )
        subprocess.run(
            prefect("deploy", "--all"), env=environment, cwd=CHECKOUT, check=True, capture_output=True
        )
        init = [sys.executable, "-m", "cli.main", "init"]
        subprocess.run(init, env=environment, check=True, capture_output=True)
        start("worker", "start", "--pool", "chitieu")
        yield
    finally:
        for process in reversed(started):
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _wait(done) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.3)


@pytest.mark.usefixtures("server")
def test_every_deployment_runs_and_ends_well(
    environment: dict[str, str], tmp_path: Path, inbox: tuple[str, list[str]]
) -> None:
    shutil.copytree(SAMPLE / "drive", tmp_path / "drive")
    with (
        temporary_settings({PREFECT_API_URL: environment["PREFECT_API_URL"]}),
        get_client(sync_client=True) as client,
    ):
        flows = {flow.id: flow.name for flow in client.read_flows()}
        deployed = {d.name: d for d in client.read_deployments()}
        assert sorted(deployed) == sorted(DEPLOYMENTS)
        for deployment in deployed.values():
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
            runs = {n: client.create_flow_run_from_deployment(deployed[n].id).id for n in names}

            def state(number):  # type: ignore[no-untyped-def]
                return client.read_flow_run(number).state

            _wait(lambda: all(state(number).is_final() for number in runs.values()))
            return {name: state(number).name for name, number in runs.items()}

        assert run(["ingest"]) == {"ingest": "Completed"}
        others = [name for name in DEPLOYMENTS if name != "ingest"]
        assert run(others) == dict.fromkeys(others, "Completed")
        assert {"ingest", "close", "remind", "materialize", "verify", "backfill"} <= set(flows.values())
        _wait(lambda: any("chitieu.period.2020-Q1" in message for message in posted))
        assert any("were rejected" in message and "'rejected': 15" in message for message in posted)
        keys = {artifact.key for artifact in client.read_artifacts()}
        assert {"ingest", "close", "remind", "materialize", "verify", "backfill"} <= keys
    with connect(environment["CHITIEU_DATABASE_URL"]).connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit.submission")) == 57
        closed = connection.execute(text("SELECT DISTINCT snapshot_code FROM mart.target_snapshot")).scalars()
        assert set(closed) == {"2020-M01", "2020-M02", "2020-M03", "2020-Q1"}
    assert (tmp_path / "home/published/index.html").exists()
    assert (tmp_path / "drive/UBND-731/_tra_lai/nhac_bao_cao.txt").exists()
