"""Escalation through functions that run with the owner's rights, by every role, enumerated from the catalogue."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Connection, Engine, text

from tests.support.database_roles import as_role

pytestmark = pytest.mark.long

ROLES = ("chitieu_bi", "chitieu_area_731", "chitieu_auditor", "chitieu_writer")
# Types of the attacker's own, which note whose rights they are checked with.
SHADOWED_TYPES = (
    "bytea",
    "text",
    "int8",
    "bool",
    "timestamptz",
    "jsonb",
    "name",
    "interval",
    "date",
    "regclass",
)
# Relations of the attacker's own in place of catalogues: here it is a member of every role.
SHADOWED_RELATIONS = ("pg_roles", "pg_class", "pg_locks", "pg_stat_activity", "pg_auth_members")
ARGUMENTS = {
    "text": "'DN-2020'",
    "name": "current_user",
    "jsonb": "'{}'",
    "timestamp with time zone": "now()",
    "interval": "interval '1 hour'",
    "text[]": "ARRAY['2020-Q1']",
    "bigint": "1",
    "bytea": "''",
}


@pytest.fixture(autouse=True)
def temporary_objects(attacked: Engine) -> Iterator[None]:
    """An office may give its readers temporary objects again."""
    database = attacked.url.database
    with attacked.begin() as connection:
        connection.execute(text(f"GRANT TEMPORARY ON DATABASE {database} TO PUBLIC"))
    yield
    with attacked.begin() as connection:
        connection.execute(text(f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC"))


def definer_functions(owner: Engine) -> dict[str, str]:
    """The call of each SECURITY DEFINER function that is no trigger function."""
    query = text(
        "SELECT p.oid::regprocedure::text, format('%s.%s', n.nspname, p.proname),"
        " array(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) t)"
        " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE p.prosecdef AND n.nspname IN ('dw', 'mart', 'audit') AND p.prorettype <> 'trigger'::regtype"
    )
    with owner.connect() as connection:
        rows = connection.execute(query).all()
    return {
        signature: f"SELECT * FROM {name}({', '.join(ARGUMENTS[kind] for kind in arguments)})"
        for signature, name, arguments in rows
    }


def accounts_that_ran_the_attack(reader: Engine, calls: list[str]) -> set[str]:
    """Whose rights the attacker's code ran with, while the functions were called."""
    heard: set[str] = set()
    url = reader.url.render_as_string(hide_password=False).replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.add_notice_handler(lambda notice: heard.add(str(notice.message_primary)))
        for relation in SHADOWED_RELATIONS:
            connection.execute(f"CREATE TEMPORARY VIEW {relation} AS SELECT * FROM pg_catalog.{relation}")
        connection.execute(
            "CREATE FUNCTION pg_temp.note(value anyelement) RETURNS boolean LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE NOTICE 'ran as %', current_user; RETURN true; END $$"
        )
        for kind in SHADOWED_TYPES:
            connection.execute(
                f"CREATE DOMAIN pg_temp.{kind} AS pg_catalog.{kind} CHECK (pg_temp.note(VALUE))"
            )
        for call in calls:
            try:
                connection.execute(call)
            except psycopg.Error:
                continue
    return {line.removeprefix("ran as ") for line in heard if line.startswith("ran as ")}


@pytest.mark.parametrize("role", ROLES)
def test_no_function_runs_the_callers_code_as_the_owner(role: str, attacked: Engine) -> None:
    calls = definer_functions(attacked)
    assert len(calls) >= 6
    reader = as_role(attacked, role)
    assert accounts_that_ran_the_attack(reader, list(calls.values())) <= {f"{role}_account"}
    reader.dispose()


def test_the_attack_succeeds_on_functions_without_a_safe_path(attacked: Engine) -> None:
    signature = "audit.append_event(text,text,jsonb,timestamp with time zone)"
    with attacked.begin() as connection:
        body = str(connection.scalar(text(f"SELECT pg_get_functiondef('{signature}'::regprocedure)")))
        weakened = body.replace("'pg_catalog', 'pg_temp'", "'pg_catalog'").replace(
            "pg_catalog.bytea", "bytea"
        )
        assert weakened != body
        connection.exec_driver_sql(weakened)
    try:
        writer = as_role(attacked, "chitieu_writer")
        ran = accounts_that_ran_the_attack(writer, [definer_functions(attacked)[signature]])
        writer.dispose()
        assert attacked.url.username in ran
    finally:
        with attacked.begin() as connection:
            connection.exec_driver_sql(body)


def functions_for_others(owner: Connection, calls: dict[str, str], role: str) -> list[str]:
    """The functions that a role can call for an account that it names: they would show what that account sees."""
    reached = text(
        "SELECT has_function_privilege(CAST(:role AS name), CAST(:f AS regprocedure), 'EXECUTE')"
        " AND has_schema_privilege(CAST(:role AS name), CAST(:schema AS text), 'USAGE')"
    )
    return [
        signature
        for signature, call in calls.items()
        if "current_user" in call
        and owner.scalar(reached, {"role": role, "f": signature, "schema": signature.partition(".")[0]})
    ]


@pytest.mark.parametrize("role", ["chitieu_bi", "chitieu_area_731"])
def test_no_reader_calls_a_function_for_another_account(role: str, attacked: Engine) -> None:
    calls = definer_functions(attacked)
    with attacked.connect() as connection:
        assert functions_for_others(connection, calls, role) == []
        connection.execute(text(f"GRANT USAGE ON SCHEMA dw TO {role}"))
        assert functions_for_others(connection, calls, role) == [
            "dw.targets_not_covered(timestamp with time zone,name,text,text)"
        ]
        connection.rollback()
