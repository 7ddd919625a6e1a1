"""Accounts: logins that have one of the product's roles, with limits on what one of them can take.

PostgreSQL gives a login the settings of its own role only, not those of roles that it is a member of. So each
login carries its limits itself. A reader may change them in its session; they stop mistakes, not attacks.
"""

import re
import secrets

import psycopg
from sqlalchemy import Connection, text

from plans.errors import ChitieuError, UsageError
from warehouse.bulk_copy import encrypt_password, run_script
from warehouse.sql_templates import quote_identifier, quote_literal

ROLE_OF_KIND = {"bi": "chitieu_bi", "auditor": "chitieu_auditor", "writer": "chitieu_writer"}
AREA_ROLE = "chitieu_area_"
READER_SETTINGS = {
    "statement_timeout": "60s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "60s",
}
READER_CONNECTIONS = 10
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_RESERVED = ("pg_", "chitieu_area_")
_RESERVED_NAMES = frozenset(
    {"chitieu", "chitieu_admin", "chitieu_area", *ROLE_OF_KIND.values(), "public", "none", "postgres"}
)


class AccountRightsError(ChitieuError):
    """A change of accounts that the connected account may not make; `statements` make it."""

    def __init__(self, statements: list[str]) -> None:
        super().__init__(
            "The database's account may not manage accounts.",
            f"Ask an administrator to run: {' '.join(statements)}",
        )
        self.statements = statements


def new_password() -> str:
    """A random password that needs no escaping in a URL."""
    return secrets.token_urlsafe(24)


def check_name(name: str) -> None:
    """Raise UsageError for a name that an account cannot have."""
    if not _NAME.fullmatch(name) or name in _RESERVED_NAMES or name.startswith(_RESERVED):
        raise UsageError(
            f"{name!r} cannot be the name of an account.",
            "Use lower-case letters, digits and _; names of the product's roles are taken.",
        )


def limit_statements(role: str) -> list[str]:
    """The statements that give a reading role its timeouts and its number of connections."""
    name = quote_identifier(role)
    settings = [
        f"ALTER ROLE {name} SET {setting} = {quote_literal(value)};"
        for setting, value in READER_SETTINGS.items()
    ]
    return [*settings, f"ALTER ROLE {name} CONNECTION LIMIT {READER_CONNECTIONS};"]


def create_statements(name: str, role: str, password: str) -> list[str]:
    """The statements that create a login with one role; `password` may be a SCRAM verifier."""
    account, granted = quote_identifier(name), quote_identifier(role)
    create = f"CREATE ROLE {account} LOGIN PASSWORD {quote_literal(password)} IN ROLE {granted};"
    return [create, *(limit_statements(name) if role != ROLE_OF_KIND["writer"] else [])]


def create_account(connection: Connection, name: str, role: str, password: str) -> None:
    """Create a login with one role. Raises UsageError if it exists, AccountRightsError."""
    check_name(name)
    if _role_exists(connection, name):
        raise UsageError(f"The account {name} exists.", f"Run chitieu account rotate {name}.")
    _run(connection, create_statements(name, role, encrypt_password(connection, name, password)))


def set_password(connection: Connection, name: str, password: str) -> None:
    """Replace the password of a login that has one of our roles. Raises UsageError, AccountRightsError."""
    _check_is_ours(connection, name)
    verifier = encrypt_password(connection, name, password)
    _run(connection, [f"ALTER ROLE {quote_identifier(name)} LOGIN PASSWORD {quote_literal(verifier)};"])


def drop_account(connection: Connection, name: str) -> None:
    """Drop a login that has one of our roles. Raises UsageError, AccountRightsError.

    Sessions of the account that are open lose its rights at once.
    """
    _check_is_ours(connection, name)
    _run(connection, [f"DROP ROLE {quote_identifier(name)};"])


def account_exists(connection: Connection, name: str) -> bool:
    """Whether there is a login of this name with one of our roles."""
    return _roles_of(connection, name) != []


def _check_is_ours(connection: Connection, name: str) -> None:
    check_name(name)
    if not account_exists(connection, name):
        raise UsageError(f"There is no account {name} with a role of the warehouse.")


def _roles_of(connection: Connection, name: str) -> list[str]:
    """The roles of ours that a login is a direct member of; none for superusers."""
    query = text(
        "SELECT r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid"
        " JOIN pg_roles u ON u.oid = m.member"
        " WHERE u.rolname = :name AND u.rolcanlogin AND NOT u.rolsuper AND NOT u.rolcreaterole"
        " AND (r.rolname = ANY(:roles) OR starts_with(r.rolname, :area_role))"
    )
    values = {"name": name, "roles": list(ROLE_OF_KIND.values()), "area_role": AREA_ROLE}
    return list(connection.execute(query, values).scalars())


def _role_exists(connection: Connection, name: str) -> bool:
    return bool(connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": name}))


def _run(connection: Connection, statements: list[str]) -> None:
    try:
        with connection.begin_nested():
            run_script(connection, "\n".join(statements))
    except psycopg.errors.InsufficientPrivilege as error:
        raise AccountRightsError(statements) from error
