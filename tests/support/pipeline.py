"""An ingest for tests: a prepared database, the shipped plan and the sample drive."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from plans.model import Plan
from plans.reading import DEFAULT_PLAN, read_plan
from services.ingest import IngestContext, ingest
from tests.support.paths import SAMPLE
from warehouse.database import connect
from warehouse.dimensions.plan_documents import reference_is_current
from warehouse.dimensions.seeds import load_reference
from warehouse.migrations.upgrade import migrate, schema_is_current

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PLAN = read_plan(DEFAULT_PLAN)


def work(url: str, folder: Path, plan: Plan = PLAN) -> IngestContext:
    """Return the context of an ingest; migrate the database and load the plan where that is not done yet."""
    engine = connect(url)
    if not schema_is_current(engine):
        migrate(engine)
    with engine.begin() as connection:
        if not reference_is_current(connection, plan):
            load_reference(connection, plan)
    return IngestContext(engine, plan, NOW, folder / "archive")


def ingested_sample(url: str, folder: Path) -> IngestContext:
    """Copy the sample drive to `drive` in the folder and ingest it."""
    shutil.copytree(SAMPLE / "drive", folder / "drive")
    context = work(url, folder)
    ingest(context, [str(folder / "drive")])
    return context


def sample_work(url: str, folder: Path) -> IngestContext:
    """Return the context for what the fixture `sample_url` has prepared."""
    return IngestContext(connect(url), PLAN, NOW, folder / "archive")
