"""Logins of readers: for the embedded database, and in general."""

from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from plans.errors import UsageError
from services.codes import check_area
from services.context import AppContext, database_url, open_declared, upgrade_schema
from services.settings import Settings
from warehouse.blocking_readers import begin_writing
from warehouse.database import lock_in_transaction
from warehouse.embedded.idle import keep_running
from warehouse.embedded.passwords import read_password, save_password
from warehouse.embedded.server import embedded_folder
from warehouse.migrations.upgrade import has_warehouse
from warehouse.privacy import accounts
from warehouse.privacy.roles import create_area_role

OWNER_KIND = "owner"
URL_KINDS = (*accounts.ROLE_OF_KIND, OWNER_KIND)
_AREA_PREFIX = "area:"


@dataclass(frozen=True, slots=True)
class Login:
    """An account with its role, and the URL and password that are shown once."""

    name: str
    role: str
    password: str
    url: str


def url_for(settings: Settings, kind: str | None) -> str:
    """Return the URL of the database for an account of a kind (URL_KINDS).

    On the embedded database without a kind: bi. On one's own server the configured URL, also as owner;
    another kind raises UsageError with the statements that create such an account.
    """
    if kind is not None and kind not in URL_KINDS:
        raise UsageError(f"{kind!r} is no kind of account.", f"Use one of {', '.join(URL_KINDS)}.")
    if settings.database_url:
        if kind in (None, OWNER_KIND):
            return settings.database_url
        statements = accounts.create_statements(_embedded_name(kind), accounts.ROLE_OF_KIND[kind], "…")
        raise UsageError(
            "CHITIEU_DATABASE_URL names your own server, whose accounts its administrator creates.",
            f"Run there: {' '.join(statements)}",
        )
    if kind == OWNER_KIND:
        url = database_url(settings)
    else:
        wanted = kind or "bi"
        role = accounts.ROLE_OF_KIND[wanted]
        url = _embedded_login(settings, _engine_with_roles(settings), wanted, role)
    keep_running(settings.home)
    return url


def create(context: AppContext, name: str, kind: str) -> Login:
    """Create a login; `kind` is bi, auditor, writer or area:CODE. Raises UsageError, AccountRightsError."""
    role = role_of_kind(context, kind)
    password = accounts.new_password()
    with begin_writing(context.engine) as connection:
        accounts.create_account(connection, name, role, password)
    return Login(name, role, password, _url_of(context, name, password))


def rotate(context: AppContext, name: str) -> Login:
    """Give a login a new password. Raises UsageError, AccountRightsError."""
    password = accounts.new_password()
    with begin_writing(context.engine) as connection:
        accounts.set_password(connection, name, password)
    return Login(name, "", password, _url_of(context, name, password))


def revoke(context: AppContext, name: str) -> None:
    """Drop a login. Raises UsageError, AccountRightsError."""
    with begin_writing(context.engine) as connection:
        accounts.drop_account(connection, name)


def role_of_kind(context: AppContext, kind: str) -> str:
    """Return the role of a kind of account; that of an area is created. Raises UsageError."""
    if kind in accounts.ROLE_OF_KIND:
        return accounts.ROLE_OF_KIND[kind]
    area = kind.removeprefix(_AREA_PREFIX)
    if area == kind:
        allowed = ", ".join((*accounts.ROLE_OF_KIND, f"{_AREA_PREFIX}CODE"))
        raise UsageError(f"{kind!r} is no kind of account.", f"Use one of {allowed}.")
    check_area(context.plan, area)
    return create_area_role(context.engine, context.plan.area, area)


def _url_of(context: AppContext, name: str, password: str) -> str:
    if not context.settings.database_url:
        keep_running(context.settings.home)
    url = context.engine.url.set(username=name, password=password)
    return url.render_as_string(hide_password=False)


def _embedded_name(kind: str) -> str:
    return f"chitieu_{kind}_login"


def reader_url(context: AppContext, kind: str) -> str:
    """Return the URL of the embedded database for a kind of reader: bi, auditor, area:CODE."""
    role = role_of_kind(context, kind)
    name = kind.replace(_AREA_PREFIX, "of_area_")
    return _embedded_login(context.settings, context.engine, name, role)


def _engine_with_roles(settings: Settings) -> Engine:
    """Open the embedded database; the roles are made with its tables, where these are missing."""
    engine = open_declared(settings)[0].engine
    if not has_warehouse(engine):
        upgrade_schema(engine)  # no plan is applied
    return engine


def _embedded_login(settings: Settings, engine: Engine, kind: str, role: str) -> str:
    """The URL of the embedded database for one of its own logins, which is created on demand."""
    folder, name = embedded_folder(settings.home), _embedded_name(kind)
    with begin_writing(engine) as connection:
        lock_in_transaction(connection, "accounts")  # two commands at once create one login
        try:
            password = read_password(folder, name)
        except FileNotFoundError:
            password = accounts.new_password()
            save_password(folder, name, password)
        if not accounts.account_exists(connection, name):
            accounts.create_account(connection, name, role, password)
    url = make_url(database_url(settings)).set(username=name, password=password)
    return url.render_as_string(hide_password=False)
