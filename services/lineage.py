"""OpenLineage events of an ingest: for each load the drives that were read and the tables that it wrote."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Engine, bindparam, func, select, text

from services.ingest import IngestSummary
from warehouse.form_catalog import catalog_of
from warehouse.models.form_tables import fact_table

if TYPE_CHECKING:
    from openlineage.client.event_v2 import InputDataset, OutputDataset, RunEvent

_LOGGER = logging.getLogger("chitieu")
_SECONDS = 5.0  # to wait for the answer to an event
_PRODUCER = "https://pypi.org/project/chitieu"
_FORMS_OF_LOADS = text(
    "SELECT DISTINCT load_id, plan_code, form_code FROM audit.submission"
    " WHERE load_id IN :loads AND revision IS NOT NULL ORDER BY load_id, form_code"
).bindparams(bindparam("loads", expanding=True))


def emit_loads(url: str, engine: Engine, result: IngestSummary) -> None:
    """Send a START and a COMPLETE event of each load of an ingest; a server that fails is a warning."""
    try:
        from openlineage.client import OpenLineageClient
        from openlineage.client.transport.http import HttpConfig, HttpTransport
    except ImportError:
        _LOGGER.warning("OPENLINEAGE_URL needs the package openlineage-python: no events were sent")
        return
    config = HttpConfig(url=url, timeout=_SECONDS, retry={"total": 0})
    client = OpenLineageClient(transport=HttpTransport(config))
    try:
        for event in _events(engine, result, datetime.now(UTC)):
            client.emit(event)
    except Exception as error:  # of requests, whose messages may hold the URL's password
        _LOGGER.warning("The lineage could not be sent to OPENLINEAGE_URL: %s", type(error).__name__)


def _events(engine: Engine, result: IngestSummary, now: datetime) -> "Iterator[RunEvent]":
    from openlineage.client.event_v2 import Job, Run, RunEvent, RunState

    inputs = [_drive(state["drive"]) for state in result["drives"] if state["listed"]]
    started = now - timedelta(seconds=result["seconds"])
    place = f"{_server(engine)}/{engine.url.database}"
    for load, (plan, outputs) in _outputs(engine, result["loads"]).items():
        run = Run(runId=str(uuid5(NAMESPACE_URL, f"{place}/audit.load/{load}")))
        job = Job(namespace="chitieu", name=f"ingest.{plan}")
        for state, moment in ((RunState.START, started), (RunState.COMPLETE, now)):
            yield RunEvent(
                eventType=state,
                eventTime=moment.isoformat(),
                run=run,
                job=job,
                producer=_PRODUCER,
                inputs=inputs,
                outputs=outputs,
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


def _drive(url: str) -> "InputDataset":
    from openlineage.client.event_v2 import InputDataset

    parts = urlsplit(url)
    if parts.scheme in ("", "file"):
        return InputDataset(namespace="file", name=parts.path)
    return InputDataset(namespace=f"{parts.scheme}://{parts.netloc}", name=parts.path.strip("/") or "/")
