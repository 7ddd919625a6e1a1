"""Stop the embedded PostgreSQL of a home once nobody has used it for a while.

A process beside the server watches it: one per cluster, which ends with the server. Once a URL of the
database was given out, to a BI tool for example, the server is not stopped any more.
"""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from warehouse.embedded.server import administrator_url, bundled_binaries, embedded_folder, stop_cluster

_GIVEN_OUT = "url-given-out"  # in the cluster's folder
_LOCK = "idle.lock"
_LOOKS = 4  # while the server may be idle
_LONGEST_PAUSE = 60.0  # seconds between two looks
# Sessions that are open, and that there ever were, without those of the watcher itself.
_USE = """
SELECT
    (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()),
    (SELECT sum(sessions) FROM pg_stat_database WHERE datname <> 'postgres')
"""


def watch_idle(home: Path, minutes: float) -> None:
    """Have the server of a home stopped after so many minutes without use; 0 means never."""
    folder = embedded_folder(home)
    if minutes <= 0 or (folder / _GIVEN_OUT).exists():
        return
    with _only_watcher(folder) as is_free:
        if not is_free:
            return
    subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-P", "-m", __name__, str(folder), str(minutes * 60)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        start_new_session=True,  # an interrupted command does not take it along
    )


def keep_running(home: Path) -> None:
    """Note that a URL of the home's database was given out: the server is not stopped for being idle."""
    with suppress(OSError):  # a full disk
        (embedded_folder(home) / _GIVEN_OUT).touch()


def watch(folder: Path, seconds: float) -> None:
    """Stop the cluster's server after so many seconds without use; returns when it does not run."""
    with _only_watcher(folder) as is_free:
        if not is_free:
            return
        known: tuple[int, ...] | None = None
        used_at = time.monotonic()
        while not (folder / _GIVEN_OUT).exists():
            use = _use(folder)
            if use is None:
                return
            if use != known or use[0]:
                known, used_at = use, time.monotonic()
            elif time.monotonic() - used_at >= seconds:
                stop_cluster(folder, bundled_binaries())
                return
            time.sleep(min(seconds / _LOOKS, _LONGEST_PAUSE))


def _use(folder: Path) -> tuple[int, ...] | None:
    """Return the number of open sessions and of all there were; None where the server does not answer."""
    url = administrator_url(folder).replace("+psycopg", "")
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            row = connection.execute(_USE).fetchone()
    except psycopg.OperationalError:
        return None
    return tuple(int(number) for number in row) if row else None


@contextmanager
def _only_watcher(folder: Path) -> Iterator[bool]:
    """Yield whether no other process watches the cluster; while it lasts, none can begin to."""
    with (folder / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


if __name__ == "__main__":
    watch(Path(sys.argv[1]), float(sys.argv[2]))
