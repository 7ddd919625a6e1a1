"""Reading on Dask: the heavy part of an ingest as Prefect tasks on the workers of a cluster.

What goes to a worker is the content of some files, what comes back is what was read; drives, archive and
database stay with the flow that asked.
"""

from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture

from plans.model import Plan
from services.reader_pool import Job, ReadFiles, chunk, keeping, read_files
from transforms.layout.parsed_sheet import FileReading

_FILES, _BYTES = 40, 16_000_000  # at most in one task: enough to be worth its 80 ms, little to lose with it

Read = list[tuple[int, FileReading]]

_asked: ContextVar[tuple[Iterable[Job], Plan, date]] = ContextVar("asked")


def read_on(cluster: str) -> ReadFiles:
    """A reader like `services.reader_pool.read_files` whose work is done on a cluster.

    `cluster` is the address of a scheduler (tcp://host:8786), or a number: that many workers of our own here.
    """

    def read(
        jobs: Iterable[Job], plan: Plan, today: date, archive_folder: Path
    ) -> Iterator[tuple[Job, FileReading]]:
        token = _asked.set((jobs, plan, today))
        try:
            spread = spread_flow.with_options(
                flow_run_name=f"read files on {cluster}", task_runner=_runner(cluster)
            )
            yield from keeping(iter(spread()), archive_folder)
        finally:
            _asked.reset(token)

    return read


@flow(name="read files")
def spread_flow() -> list[tuple[Job, FileReading]]:
    """Hand out what is asked for and wait for what was read.

    Without parameters, for these would be kept by Prefect's server and sent to every worker. A function of
    its own does the work, for a flow is sent by value, with all that it names.
    """
    return _spread()


def _spread() -> list[tuple[Job, FileReading]]:
    jobs, plan, today = _asked.get()
    done: list[tuple[Job, FileReading]] = []
    futures = [(some, _submit(some, plan, today)) for some in chunk(jobs, _FILES, _BYTES)]
    for some, future in futures:
        by_number = {job.number: job for job in some}
        done += [(by_number[number], reading) for number, reading in future.result()]
    return done


@task(name="read files", retries=1, cache_policy=NO_CACHE, persist_result=False)
def _read_some(read: Callable[[], Read]) -> Read:
    return read()


def _read_portion(jobs: list[Job], plan: Plan, today: date) -> Read:
    """One reading process per worker; it guards memory and time as on a single machine."""
    return [(job.number, reading) for job, reading in read_files(jobs, plan, today, None, processes=1)]


def _submit(jobs: list[Job], plan: Plan, today: date) -> PrefectFuture[Read]:
    # What is bound like this neither Prefect nor Dask takes apart in search of other tasks' results.
    return _read_some.submit(partial(_read_portion, jobs, plan, today))


def _runner(cluster: str) -> Any:
    import dask
    from prefect_dask.task_runners import DaskTaskRunner

    if not cluster.isdigit():
        return DaskTaskRunner(address=cluster)
    # Workers that are daemons may not have the reading process that guards them.
    dask.config.set({"distributed.worker.daemon": False})
    return DaskTaskRunner(
        cluster_kwargs={"n_workers": int(cluster), "threads_per_worker": 1, "dashboard_address": None}
    )
