"""OpenLineage events: what each load read and the tables that it wrote, and the sites that were published."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Engine, bindparam, func, select, text

from warehouse.form_catalog import catalog_of
from warehouse.models.form_tables import fact_table
from warehouse.models.target_tables import TARGET_INDICATOR, TARGET_SNAPSHOT

if TYPE_CHECKING:
    from openlineage.client.event_v2 import InputDataset, OutputDataset, RunEvent, RunState

    from services.ingest import IngestSummary

_LOGGER = logging.getLogger("chitieu")
_SECONDS = 5.0  # to wait for the answer to an event
_PRODUCER = "urn:chitieu"  # a URI, as OpenLineage asks for
_PUBLISHED = (TARGET_INDICATOR.fullname, TARGET_SNAPSHOT.fullname, "audit.submission", "audit.finding")
_FORMS_OF_LOADS = text(
    "SELECT DISTINCT load_id, plan_code, form_code FROM audit.submission"
    " WHERE load_id IN :loads AND revision IS NOT NULL ORDER BY load_id, form_code"
).bindparams(bindparam("loads", expanding=True))


@dataclass(frozen=True, slots=True)
class Publication:
    """A publication of a plan's site into a folder; `files` is how many changed, None where it failed."""

    plan: str
    folder: Path
    started: datetime
    files: int | None = None


def emit_loads(url: str, engine: Engine, result: "IngestSummary") -> None:
    """Send a START and a COMPLETE event of each load of an ingest; a server that fails is a warning."""

    def events() -> "Iterator[RunEvent]":
        inputs = [_dataset(state["drive"]) for state in result["drives"] if state["listed"]]
        started = datetime.now(UTC) - timedelta(seconds=result["seconds"])
        yield from _of_loads(engine, "ingest", result["loads"], inputs, started)

    _send(url, events)


def emit_backfill(url: str, engine: Engine, archive: str, load: int, started: datetime) -> None:
    """Send a START and a COMPLETE event of a backfill that loaded reports again; as `emit_loads` does."""
    _send(url, lambda: _of_loads(engine, "backfill", [load], [_dataset(archive)], started))


def emit_publications(url: str, engine: Engine, publications: Sequence[Publication]) -> None:
    """Send a START event of each publication, and a COMPLETE or FAIL event; as `emit_loads` does."""

    def events() -> "Iterator[RunEvent]":
        from openlineage.client.event_v2 import InputDataset, OutputDataset, RunState

        tables = [InputDataset(_server(engine), f"{engine.url.database}.{name}") for name in _PUBLISHED]
        for one in publications:
            site = OutputDataset("file", str(one.folder.absolute()))
            end = RunState.FAIL if one.files is None else RunState.COMPLETE
            run = f"publish/{one.plan}/{one.started.isoformat()}"
            job = f"publish.{one.plan}"
            yield from _run(
                engine, run, job, (tables, [site]), {RunState.START: one.started, end: datetime.now(UTC)}
            )

    _send(url, events)


def _send(url: str, events: "Callable[[], Iterator[RunEvent]]") -> None:
    try:
        from openlineage.client import OpenLineageClient
        from openlineage.client.transport.http import HttpConfig, HttpTransport
    except ImportError:
        _LOGGER.warning("OPENLINEAGE_URL needs the package openlineage-python: no events were sent")
        return
    config = HttpConfig(url=url, timeout=_SECONDS, retry={"total": 0})
    client = OpenLineageClient(transport=HttpTransport(config))
    try:
        for event in events():
            client.emit(event)
    except Exception as error:  # of requests, whose messages may hold the URL's password
        _LOGGER.warning("The lineage could not be sent to OPENLINEAGE_URL: %s", type(error).__name__)


def _of_loads(
    engine: Engine, kind: str, loads: list[int], inputs: "list[InputDataset]", started: datetime
) -> "Iterator[RunEvent]":
    from openlineage.client.event_v2 import RunState

    moments = {RunState.START: started, RunState.COMPLETE: datetime.now(UTC)}
    for load, (plan, outputs) in _outputs(engine, loads).items():
        yield from _run(engine, f"audit.load/{load}", f"{kind}.{plan}", (inputs, outputs), moments)


def _run(
    engine: Engine,
    run: str,
    job: str,
    datasets: "tuple[list[InputDataset], list[OutputDataset]]",
    moments: "dict[RunState, datetime]",
) -> "Iterator[RunEvent]":
    """Yield the events of a run in the warehouse, whose name within it is always the same."""
    from openlineage.client.event_v2 import Job, Run, RunEvent

    run_id = str(uuid5(NAMESPACE_URL, f"{_server(engine)}/{engine.url.database}/{run}"))
    for state, moment in moments.items():
        yield RunEvent(
            eventType=state,
            eventTime=moment.isoformat(),
            run=Run(runId=run_id),
            job=Job(namespace="chitieu", name=job),
            producer=_PRODUCER,
            inputs=datasets[0],
            outputs=datasets[1],
        )


def _outputs(engine: Engine, loads: list[int]) -> "dict[int, tuple[str, list[OutputDataset]]]":
    """Return the plan of each load, and the fact tables that it wrote to, with the numbers of its rows."""
    from openlineage.client.event_v2 import OutputDataset
    from openlineage.client.facet_v2 import output_statistics_output_dataset as statistics

    forms = {form.code: form for form_set in catalog_of(engine).sets for form in form_set.forms}
    found: dict[int, tuple[str, list[OutputDataset]]] = {}
    with engine.connect() as connection:
        for load, plan, code in connection.execute(_FORMS_OF_LOADS, {"loads": loads}).all():
            table = fact_table(forms[code])
            rows = select(func.count()).select_from(table).where(table.c.load_id == load)
            facet = statistics.OutputStatisticsOutputDatasetFacet(rowCount=connection.scalar(rows))
            output = OutputDataset(
                namespace=_server(engine),
                name=f"{engine.url.database}.{table.schema}.{table.name}",
                outputFacets={"outputStatistics": facet},
            )
            found.setdefault(load, (plan, []))[1].append(output)
    return found


def _server(engine: Engine) -> str:
    return f"postgres://{engine.url.host}:{engine.url.port or 5432}"


def _dataset(url: str) -> "InputDataset":
    """Return the dataset of a drive or an archive: a URL or a folder."""
    from openlineage.client.event_v2 import InputDataset

    parts = urlsplit(url)
    if parts.scheme in ("", "file"):
        return InputDataset(namespace="file", name=parts.path)
    return InputDataset(namespace=f"{parts.scheme}://{parts.netloc}", name=parts.path.strip("/") or "/")
