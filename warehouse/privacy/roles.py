"""Who may do what in the database: roles without login, granted to the accounts that an office has."""

import psycopg
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from warehouse.bulk_copy import run_script

ROLES = {
    "chitieu_writer": "The pipeline: adds submissions and facts, ends facts, reckons targets.",
    "chitieu_bi": "BI tools: read mart, small counts about persons withheld.",
    "chitieu_auditor": "Auditors: read everything, write nothing.",
    "chitieu_area": "Readers of one area: as BI tools, of the areas that their own roles name alone.",
}
_GRANTS = f"""
REVOKE ALL ON ALL TABLES IN SCHEMA dw, mart, audit FROM PUBLIC, {", ".join(ROLES)};
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA dw, audit FROM PUBLIC;
GRANT USAGE ON SCHEMA mart TO chitieu_bi, chitieu_area;
GRANT SELECT ON ALL TABLES IN SCHEMA mart TO chitieu_bi, chitieu_area;
GRANT USAGE ON SCHEMA dw, mart, audit TO chitieu_auditor, chitieu_writer;
GRANT SELECT ON ALL TABLES IN SCHEMA dw, mart, audit TO chitieu_auditor, chitieu_writer;
GRANT EXECUTE ON FUNCTION audit.present(), audit.areas_seen(name), audit.targets_withheld(name)
    TO {", ".join(ROLES)};
DO $$ BEGIN IF to_regprocedure('dw.targets_not_covered(timestamptz, name, text, text)') IS NOT NULL THEN
    GRANT EXECUTE ON FUNCTION dw.targets_not_covered(timestamptz, name, text, text) TO {", ".join(ROLES)};
END IF; END $$;
GRANT EXECUTE ON FUNCTION audit.event_hash(bytea, bigint, timestamptz, text, text, jsonb) TO chitieu_auditor;
GRANT EXECUTE ON FUNCTION audit.append_event(text, text, jsonb, timestamptz) TO chitieu_writer;
GRANT EXECUTE ON FUNCTION audit.remove_unasked_figures(text, timestamptz) TO chitieu_writer;
GRANT INSERT ON ALL TABLES IN SCHEMA dw, mart, audit TO chitieu_writer;
REVOKE INSERT ON audit.event, mart.target_indicator_history, mart.target_breakdown_history
    FROM chitieu_writer;
GRANT UPDATE ON mart.target_indicator, mart.target_breakdown, mart.outlier, audit.drive_file, audit.shape
    TO chitieu_writer;
GRANT UPDATE, DELETE ON dw.reporting_obligation TO chitieu_writer;
GRANT DELETE ON dw.area_succession, dw.bridge_area, mart.outlier TO chitieu_writer;
GRANT EXECUTE ON FUNCTION dw.code_range(text, text, text) TO chitieu_writer;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA dw, audit TO chitieu_writer;
"""


def create_roles(engine: Engine) -> list[str]:
    """Create the roles and grant them what they may do; safe to repeat.

    Returns a sentence for each thing that the connected account may not do itself; nothing fails for it.
    """
    for role, comment in ROLES.items():
        with engine.begin() as connection:
            if not _create_role(connection, role, comment):
                return [
                    f"The role {role} could not be created: ask an administrator for"
                    f" {', '.join(ROLES)} and run chitieu init again."
                ]
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('chitieu.roles'))"))
        facts, dimensions = _tables(connection, "fact"), _tables(connection, "dim")
        run_script(connection, _GRANTS)
        run_script(
            connection,
            f"GRANT UPDATE (superseded_at) ON {', '.join(facts)} TO chitieu_writer;"
            f"GRANT UPDATE ON {', '.join(dimensions)} TO chitieu_writer;",
        )
    return []


def create_area_role(engine: Engine, province: str, area: str) -> str:
    """Create the role that sees an area of a province alone, with all that lies in it; safe to repeat.

    Returns its name, to be granted to accounts. Raises ProgrammingError where the account may not do so.
    """
    role = f"chitieu_area_{area}"
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO dw.area_access (role_name, province_code, area_code)"
                " VALUES (:role, :province, :area) ON CONFLICT (role_name) DO UPDATE"
                " SET province_code = excluded.province_code, area_code = excluded.area_code"
            ),
            {"role": role, "province": province, "area": area},
        )
        comment = f"Readers of the area {area} alone."
        if not _create_role(connection, role, comment):
            raise PermissionError(f"The role {role} could not be created: ask an administrator to run this.")
        run_script(connection, f"GRANT chitieu_area TO {role}")
    return role


def _create_role(connection: Connection, role: str, comment: str) -> bool:
    """Create a role of the whole server; another database may do the same at the same moment."""
    if connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}):
        return True
    try:
        with connection.begin_nested():
            run_script(connection, f"CREATE ROLE {role} NOLOGIN; COMMENT ON ROLE {role} IS '{comment}'")
    except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation, psycopg.errors.InternalError_):
        return True
    except (psycopg.errors.InsufficientPrivilege, ProgrammingError, DBAPIError):
        return False
    return True


def _tables(connection: Connection, kind: str) -> list[str]:
    """Our facts or dimensions; an office's database may have tables of its own that are called so."""
    rows = connection.execute(
        text(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
            " WHERE schemaname = 'dw' AND starts_with(tablename, :prefix)"
        ),
        {"prefix": f"{kind}_"},
    )
    return list(rows.scalars())
