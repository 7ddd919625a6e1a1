"""Verify that events have what they refer to, that loads have events, dimensions, and waivers."""

from collections.abc import Iterator

from sqlalchemy import Connection, select, text

from warehouse.integrity.digests import grouped_digests
from warehouse.integrity.load_records import OF_LOAD, OF_MOMENT
from warehouse.integrity.reference import recorded_reference, reference_state
from warehouse.models.audit_tables import EVENT
from warehouse.sql_templates import read_sql


def verify_events(connection: Connection) -> list[str]:
    """Report events that refer to what the warehouse lacks: forged ones, or what they recorded is gone."""
    rows = connection.execute(text(read_sql("verification/event_references")))
    return [f"Event {number} ({kind} {subject}) lacks {missing}." for number, kind, subject, missing in rows]


def verify_loads(connection: Connection) -> list[str]:
    """Report loads that differ from the chain, and differences of rows that a load wrote beside the facts."""
    wrong = []
    seen: set[int] = set()
    for load, event, is_missing, differing in connection.execute(text(read_sql("verification/loads"))):
        if event is None:
            wrong.append(f"Load {load} is not in the audit chain.")
        elif is_missing:
            wrong.append(f"Load {load} of event {event} is gone.")
        elif load in seen:
            wrong.append(f"Event {event} records load {load}, which was recorded before.")
        elif differing:
            wrong.append(f"Load {load}: {', '.join(differing)} are not what event {event} recorded.")
        seen.add(load)
    return [*wrong, *_rows_of_loads(connection), *_rows_of_moments(connection)]


def _rows_of_loads(connection: Connection) -> Iterator[str]:
    """Tables whose rows of a load are not those that its event recorded."""
    payload = EVENT.c.payload
    query = select(payload["load_id"].as_integer(), payload["rows"]).where(EVENT.c.kind == "load")
    recorded: dict[int, dict[str, str]] = dict(connection.execute(query).tuples().all())
    for table in OF_LOAD:
        expected = {load: rows[table.fullname] for load, rows in recorded.items() if table.fullname in rows}
        stored = {load: digest for (load,), digest in grouped_digests(connection, table, ["load_id"]).items()}
        for load in sorted(expected.keys() | stored.keys()):
            if expected.get(load) != stored.get(load):
                yield f"{table.fullname}: the rows of load {load} are not what was recorded."


def _rows_of_moments(connection: Connection) -> Iterator[str]:
    """Tables whose rows of a moment are not those that the last load of that moment recorded."""
    query = select(EVENT.c.occurred_at, EVENT.c.payload["rows_of_moment"]).where(EVENT.c.kind == "load")
    recorded = connection.execute(query.order_by(EVENT.c.event_id)).all()
    for name, (relation, column) in OF_MOMENT.items():
        expected = {
            (plan, moment): digest for moment, rows in recorded for plan, digest in rows.get(name, {}).items()
        }
        stored = grouped_digests(connection, relation, ["plan_code", column])
        for plan, moment in sorted(expected.keys() | stored.keys()):
            if expected.get((plan, moment)) != stored.get((plan, moment)):
                yield f"{name}: rows of {plan} with {column} {moment} are not what was recorded."


def verify_reference(connection: Connection) -> list[str]:
    """Report columns of the dimensions, such as due days and area names, that differ from applied plans."""
    event, recorded = recorded_reference(connection)
    if not recorded:
        return ["No plan was applied on record: the content of the dimensions cannot be checked."]
    wrong = [f"{name} is not what event {event} recorded." for name in reference_state(connection).changed]
    found = select(EVENT.c.event_id, EVENT.c.payload["found_changed"]).where(EVENT.c.kind == "plan")
    for number, names in connection.execute(found.order_by(EVENT.c.event_id)):
        wrong += [f"{name} had been changed before event {number} applied a plan." for name in names or ()]
    return wrong


def verify_waivers(connection: Connection) -> list[str]:
    """Report obligations that are waived, or owed, otherwise than the chain decided."""
    subjects = connection.execute(text(read_sql("verification/waivers"))).scalars()
    return [f"The waiver of {subject} is not what the audit chain recorded." for subject in subjects]
