"""A generated year of a programme with forms of its own, ingested into a database of its own."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from benchmarks.truth import Entry
from plans.model import Plan
from sampledata.drive import make_drive
from schemas.form_catalog import make_catalog
from schemas.form_set import FormSet
from services.ingest import IngestContext, ingest
from tests.support.postgres import fresh_database, running_server
from warehouse.database import connect
from warehouse.dimensions.seeds import load_reference
from warehouse.form_catalog import with_catalog
from warehouse.migrations.upgrade import migrate


def generated_year(
    folder: Path, plan: Plan, forms: FormSet, now: datetime, seed: int
) -> Iterator[tuple[IngestContext, list[Entry]]]:
    """Yield the ingested year and what is true of its sheets; the folder gets the drive and the archive."""
    for url in fresh_database(running_server("embedded")):
        engine = with_catalog(connect(url), make_catalog({plan.code: forms}, {}))
        migrate(engine)
        with engine.begin() as connection:
            load_reference(connection, plan)
        context = IngestContext(engine, plan, now, folder / "archive")
        truth = make_drive(folder / "drive", plan, seed=seed, form_set=forms)
        ingest(context, [str(folder / "drive")])
        yield context, truth
        engine.dispose()
