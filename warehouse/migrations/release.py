"""The release that a database is of: an older program must neither migrate it back nor write into it."""

import re

from sqlalchemy import Connection, Engine, func, select, text

from warehouse.database import DatabaseError
from warehouse.loads import software_version
from warehouse.models.audit_tables import SCHEMA_FINGERPRINT

HEAD = "0001"  # the last migration that this program has
RELEASE = "release"  # names the fingerprint that is the version of the program, as it is
_REMEDY = "Upgrade this machine (git pull && make env), then restart its worker."


class NewerDatabaseError(DatabaseError):
    """A database that a newer release has migrated."""


def reject_newer(engine: Engine) -> None:
    """Raise NewerDatabaseError where a newer release has migrated the database."""
    with engine.connect() as connection:
        reject_newer_schema(connection)


def reject_newer_schema(connection: Connection) -> None:
    """Do as `reject_newer`, in a transaction of the caller."""
    migration = "audit.alembic_version"
    if connection.scalar(select(func.to_regclass(SCHEMA_FINGERPRINT.fullname))) is None:
        return
    columns = SCHEMA_FINGERPRINT.columns
    recorded = connection.scalar(select(columns.sha256).where(columns.name == RELEASE))
    last = ""
    if connection.scalar(select(func.to_regclass(migration))) is not None:
        last = str(connection.scalar(text(f"SELECT max(version_num) FROM {migration}")) or "")
    ours = software_version()
    if last > HEAD or (recorded and _numbers(recorded) > _numbers(ours)):
        release = f"release {recorded}" if recorded else "a newer release"
        raise NewerDatabaseError(f"The database is of {release}, and this program is {ours}.", _REMEDY)


def _numbers(release: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", release)[:3]]
