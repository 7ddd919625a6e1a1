"""A Prefect server and workers as processes, with everything in prefect.yaml deployed."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.paths import ROOT
from tests.support.web_server import web_server

PATIENCE = 150.0


def prefect(*arguments: str) -> list[str]:
    return [str(Path(sys.executable).with_name("prefect")), "--no-prompt", *arguments]


@contextmanager
def posts() -> Iterator[tuple[str, list[str]]]:
    """A web server that keeps what is posted to it: its address and the bodies."""
    posted: list[str] = []
    with web_server(lambda _, body: posted.append(body.decode(errors="replace"))) as url:
        yield f"{url}/", posted


@contextmanager
def deployed(environment: dict[str, str], logs: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """A server at PREFECT_API_URL with all deployments; yields a function that starts a worker.

    All are ended with their whole process groups.
    """
    url = environment["PREFECT_API_URL"]
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        log = (logs / f"{arguments[0]}.log").open("ab")
        process = subprocess.Popen(
            prefect(*arguments),
            env=environment,
            cwd=ROOT,
            stdout=log,
            stderr=log,
            start_new_session=True,
            # A shell's background ignores SIGINT, and so would the worker, who hands each signal on as one.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        started.append(process)
        return process

    try:
        start("server", "start", "--host", "127.0.0.1", "--port", url.split(":")[2].split("/")[0])
        wait_for(lambda: _answers(f"{url}/health"))
        for arguments in (("work-pool", "create", "chitieu", "--type", "process"), ("deploy", "--all")):
            subprocess.run(prefect(*arguments), env=environment, cwd=ROOT, check=True, capture_output=True)
        init = [sys.executable, "-m", "cli.main", "init"]
        subprocess.run(init, env=environment, cwd=ROOT, check=True, capture_output=True)
        yield lambda: start("worker", "start", "--pool", "chitieu")
    finally:
        for process in reversed(started):
            if process.poll() is not None:
                continue
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


def wait_for(done: Callable[[], object], patience: float = PATIENCE, interval: float = 1) -> float:
    """Wait until something is true, asking every `interval` seconds; returns the seconds that it took.

    Each question takes Prefect's server time that the runs need.
    """
    started = time.monotonic()
    while not done():
        assert time.monotonic() - started < patience, "it took too long"
        time.sleep(interval)
    return time.monotonic() - started
