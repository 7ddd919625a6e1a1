"""Read files on Dask: the expensive part of an ingest as Prefect tasks on the workers of a cluster.

A worker receives the content of some files and returns their readings; drives, archive and database are used
by the flow alone.
"""

import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture

from drives.archive import Archive
from plans.errors import ChitieuError
from plans.model import Plan
from schemas.form_catalog import FormCatalog
from services.reader_pool import Job, ReadFiles, chunk, keeping, read_files
from transforms.layout.parsed_sheet import FileReading

_FILES, _BYTES = 40, 16_000_000  # the most in one task, which costs 80 ms

Read = list[tuple[int, FileReading]]

_SECONDS = 5.0  # for a scheduler to answer


class DaskError(ChitieuError):
    """The Dask cluster of the settings cannot be reached."""


_request: ContextVar[tuple[Iterable[Job], Sequence[Plan], FormCatalog, datetime]] = ContextVar("request")


def read_on(cluster: str) -> ReadFiles:
    """Return a reader like `services.reader_pool.read_files` that reads on a cluster.

    `cluster` is the address of a scheduler (tcp://host:8786), or a number of local workers to start. Raises
    DaskError where no scheduler answers: Dask itself would wait for half a minute.
    """
    if not cluster.isdigit():
        _check_scheduler(cluster)

    def read(
        jobs: Iterable[Job],
        plans: Sequence[Plan],
        catalog: FormCatalog,
        now: datetime,
        archive_folder: Archive,
    ) -> Iterator[tuple[Job, FileReading]]:
        token = _request.set((jobs, plans, catalog, now))
        try:
            run_flow = read_files_flow.with_options(
                flow_run_name=f"read files on {cluster}", task_runner=_runner(cluster)
            )
            yield from keeping(iter(run_flow()), archive_folder)
        finally:
            _request.reset(token)

    return read


def _check_scheduler(address: str) -> None:
    parts = urlsplit(address)
    try:
        socket.create_connection((parts.hostname, parts.port or 0), timeout=_SECONDS).close()
    except OSError as error:
        raise DaskError(
            f"No Dask scheduler answers at {address} (CHITIEU_DASK): {error.strerror or error}.",
            "Start dask scheduler there, or unset CHITIEU_DASK.",
            retryable=True,
        ) from None


@flow(name="read files", timeout_seconds=3600)
def read_files_flow() -> list[tuple[Job, FileReading]]:
    """Submit the jobs of the context and collect the readings.

    Without parameters: Prefect's server would keep them and send them to every worker. `_read_on_workers`
    does the work, because a flow is pickled by value, with all that it names.
    """
    return _read_on_workers()


def _read_on_workers() -> list[tuple[Job, FileReading]]:
    jobs, plans, catalog, now = _request.get()
    readings: list[tuple[Job, FileReading]] = []
    futures = [(portion, _submit(portion, plans, catalog, now)) for portion in chunk(jobs, _FILES, _BYTES)]
    for portion, future in futures:
        by_number = {job.number: job for job in portion}
        readings += [(by_number[number], reading) for number, reading in future.result()]
    return readings


@task(name="read files", retries=1, timeout_seconds=1800, cache_policy=NO_CACHE, persist_result=False)
def _read_task(read: Callable[[], Read]) -> Read:
    return read()


def _read_portion(jobs: list[Job], plans: Sequence[Plan], catalog: FormCatalog, now: datetime) -> Read:
    """Read on a worker, in one process that bounds memory and time as on a single machine."""
    return [
        (job.number, reading) for job, reading in read_files(jobs, plans, catalog, now, None, processes=1)
    ]


def _submit(
    jobs: list[Job], plans: Sequence[Plan], catalog: FormCatalog, now: datetime
) -> PrefectFuture[Read]:
    # Bound with partial: neither Prefect nor Dask then searches the arguments for results of other tasks.
    return _read_task.submit(partial(_read_portion, jobs, plans, catalog, now))


def _runner(cluster: str) -> Any:
    import dask
    from prefect_dask.task_runners import DaskTaskRunner

    if not cluster.isdigit():
        return DaskTaskRunner(address=cluster)
    # Daemon workers could not start the reading process.
    dask.config.set({"distributed.worker.daemon": False})
    return DaskTaskRunner(
        cluster_kwargs={"n_workers": int(cluster), "threads_per_worker": 1, "dashboard_address": None}
    )
