"""Open what every command and flow works with: the settings, the plan and the database."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from plans.model import Plan
from plans.reading import PlanError, read_plan
from schemas.forms import BY_KEY
from schemas.target_checks import check_plan
from services.settings import Settings, present, read_settings
from warehouse.database import connect
from warehouse.dimensions.plan_sync import apply_plan
from warehouse.dimensions.seeds import reference_is_current
from warehouse.embedded.server import embedded_url
from warehouse.migrations.upgrade import migrate, schema_is_current
from warehouse.privacy.roles import create_roles


@dataclass(frozen=True)
class AppContext:
    """Settings, plan, present moment and database of one command or flow run."""

    settings: Settings
    plan: Plan
    now: datetime
    engine: Engine

    @property
    def zone(self) -> ZoneInfo:
        """The timezone of the plan's province."""
        return ZoneInfo(self.plan.calendar.timezone)


def read_checked_plan(settings: Settings) -> Plan:
    """Read the plan of the settings and check its targets against the forms. Raises PlanError."""
    plan = read_plan(settings.plan_file)
    try:
        check_plan(plan, BY_KEY)
    except ValueError as error:
        raise PlanError(f"The plan file {settings.plan_file} is inconsistent: {error}.") from error
    return plan


def database_url(settings: Settings) -> str:
    """Return the URL of the database in use; starts the embedded server if necessary."""
    return settings.database_url or embedded_url(settings.home)


@lru_cache(maxsize=1)
def _engine(url: str, now: datetime | None) -> Engine:
    # Cached: a process may run several flows in a row, such as a publication after an ingest.
    return connect(url, now)


def open_context(settings: Settings | None = None) -> AppContext:
    """Read settings and plan, open the database, and upgrade it if it is out of date.

    Raises SettingsError, PlanError, DatabaseError, EmbeddedServerError.
    """
    settings = settings or read_settings()
    plan = read_checked_plan(settings)
    now = present(settings, plan.calendar.timezone)
    engine = _engine(database_url(settings), now if settings.now else None)
    context = AppContext(settings, plan, now, engine)
    if not schema_is_current(engine):
        prepare_database(context)
    with engine.begin() as connection:
        if not reference_is_current(connection, plan):
            apply_plan(connection, plan, now)
    return context


def prepare_database(context: AppContext) -> list[str]:
    """Migrate the schema, apply the plan, create the roles; returns a warning for each role not created."""
    migrate(context.engine)
    with context.engine.begin() as connection:
        apply_plan(connection, context.plan, context.now)
    return create_roles(context.engine)
