"""Keep the state of each drive at the last ingest that named it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func
from sqlalchemy.dialects.postgresql import insert

from warehouse.models.monitoring_tables import DRIVE_FRESHNESS


@dataclass(frozen=True, slots=True)
class DriveListing:
    """A drive, by its URL without credentials, as an ingest found it; without files if it was not listed."""

    drive: str
    is_listed: bool
    files: int
    newest_file_at: datetime | None


def record_drives(connection: Connection, listings: Iterable[DriveListing]) -> None:
    """Record how the drives were found; what was last known of one that could not be listed is kept."""
    for listing in listings:
        now = func.clock_timestamp()
        values = {"drive": listing.drive, "attempted_at": now, "is_listed": listing.is_listed}
        if listing.is_listed:
            found = {"files": listing.files, "newest_file_at": listing.newest_file_at}
            values |= {"listed_at": now, **found}
        statement = insert(DRIVE_FRESHNESS).values(values)
        statement = statement.on_conflict_do_update(index_elements=[DRIVE_FRESHNESS.c.drive], set_=values)
        connection.execute(statement)
