"""Verify the database: every check in turn, each in a savepoint, so that one that fails hides no other."""

from collections.abc import Callable, Iterator
from functools import partial

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from warehouse.integrity.verification import (
    verify_chain,
    verify_person_totals,
    verify_plans,
    verify_snapshots,
)
from warehouse.verification.events import verify_events, verify_loads, verify_reference, verify_waivers
from warehouse.verification.figures import verify_figures
from warehouse.verification.submissions import verify_facts
from warehouse.verification.suppressed_rows import verify_suppressed_rows

Check = Callable[[Connection], list[str]]

CHECKS: dict[str, Check] = {
    "chain": verify_chain,
    "events": verify_events,
    "loads": verify_loads,
    "plans": verify_plans,
    "dimensions": verify_reference,
    "waivers": verify_waivers,
    "snapshots": verify_snapshots,
    "sums of persons": verify_person_totals,
    "facts": verify_facts,
    "suppressed rows": verify_suppressed_rows,
    "figures": verify_figures,
}


def verify_database(connection: Connection, head: str | None = None) -> Iterator[str]:
    """Yield everything that differs from its record, the chain first; nothing is written.

    `head` is one that was published. The connection's transaction is that of the caller, who ends it.
    """
    for name, check in CHECKS.items():
        yield from run_check(name, partial(verify_chain, head=head) if name == "chain" else check, connection)


def run_check(name: str, check: Check, connection: Connection) -> list[str]:
    """Run one of the checks and return what it names; what was changed may be such that it cannot be done."""
    savepoint = connection.begin_nested()
    try:
        return check(connection)
    except (SQLAlchemyError, LookupError, TypeError, ValueError, AttributeError) as error:
        reason = str(error).strip().partition("\n")[0]
        if isinstance(getattr(error, "orig", None), psycopg.errors.InsufficientPrivilege):
            return [f"This account may not check the {name}: {reason}."]
        return [f"The {name} cannot be checked, because a record is malformed: {reason}."]
    finally:
        savepoint.rollback()
