"""Bring the fact tables of changed forms to their declarations: new measures, exchanged checks, renames.

The declared table is created as a temporary one beside the real one, so that PostgreSQL's own catalogue
describes both in the same words; what differs becomes statements. Nothing is dropped with its data.

Rows of the past were checked by the rules of their time, and a withdrawal may record them again. So checks
that a later declaration brings exempt the submissions up to then; their comment keeps the declared check.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from sqlalchemy import CheckConstraint, Column, Connection, MetaData, Table, func, select, text
from sqlalchemy.schema import conv

from plans.errors import ChitieuError
from schemas.declaration import Form
from schemas.form_catalog import FormCatalog
from warehouse.models.form_tables import fact_table
from warehouse.models.submission_table import SUBMISSION
from warehouse.models.tables import DIM_FORM_SET
from warehouse.sql_templates import quote_literal

_SHADOW = "declared_fact"
_COLUMNS = text(
    "SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a"
    " WHERE a.attrelid = CAST(:table AS regclass) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"
)
_CHECKS = text(
    "SELECT conname, coalesce(obj_description(oid, 'pg_constraint'), pg_get_constraintdef(oid))"
    " FROM pg_constraint"
    " WHERE conrelid = CAST(:table AS regclass) AND contype = 'c' ORDER BY conname"
)
_NULLABLE = text(
    "SELECT attname FROM pg_attribute"
    " WHERE attrelid = CAST(:table AS regclass) AND attnum > 0 AND NOT attisdropped AND NOT attnotnull"
)
_PRESENT = "is_present"  # suffix of the checks that make an added measure mandatory for new rows


class FormChangeError(ChitieuError):
    """A form has changed in a way that needs a declared migration; the message names it."""


@dataclass(frozen=True, slots=True)
class TableShape:
    """The columns of a table with their types, and its checks by name without the table's prefix."""

    columns: Mapping[str, str]
    checks: Mapping[str, str]
    nullable: frozenset[str]


def evolve_forms(connection: Connection, forms: Sequence[Form]) -> list[str]:
    """Alter the fact tables of the forms to their declarations; returns the statements that were run.

    A new measure is null in rows of the past and mandatory in new ones, unless sheets of some windows may
    lack it. Raises FormChangeError where a column disappeared or changed its type without `renamed_from` or
    `retired_on`, and for a new key column of a table with rows.
    """
    statements: list[str] = []
    last = connection.scalar(select(func.max(SUBMISSION.c.submission_id))) or 0
    for form in forms:
        table = fact_table(form)
        if connection.scalar(text("SELECT to_regclass(:table)"), {"table": table.fullname}) is not None:
            declared, actual = _declared(connection, table), _actual(connection, table)
            _reject_new_keys(connection, form, actual)
            statements += form_statements(form, declared, actual, last)
    for statement in statements:
        connection.exec_driver_sql(statement)
    return statements


def reject_dropped_forms(connection: Connection, catalog: FormCatalog) -> None:
    """Reject a form set that lost a form of which the warehouse has a table. Raises FormChangeError.

    The plans that were applied read the form, and its facts are verified by its declaration.
    """
    recorded = connection.execute(select(DIM_FORM_SET.c.form_set_code, DIM_FORM_SET.c.files)).tuples()
    sets = {form_set.code: form_set for form_set in catalog.sets}
    for code, files in recorded:
        if code not in sets:
            continue
        keys = {form.key for form in sets[code].forms}
        for name in sorted(files):
            key = f"{sets[code].prefix}{PurePosixPath(name).stem}"
            is_form = PurePosixPath(name).parent.name == "forms"
            query = select(func.to_regclass(f"dw.fact_{key}"))
            if is_form and key not in keys and connection.scalar(query) is not None:
                raise FormChangeError(
                    f"The form set {code} no longer has the form {name}, whose reports the warehouse keeps:"
                    " put the file back, and remove it from obligations and targets of the plan instead."
                )


def form_statements(form: Form, declared: TableShape, actual: TableShape, last: int) -> list[str]:
    """Return the statements that turn the actual shape of a form's fact table into the declared one.

    `last` is the last submission that was checked by the rules before.
    """
    table = fact_table(form).fullname
    renamed = _renames(form, actual)
    columns = {renamed.get(name, name): kind for name, kind in actual.columns.items()}
    _reject_losses(form, declared, columns)
    statements = [f'ALTER TABLE {table} RENAME COLUMN "{old}" TO "{new}"' for old, new in renamed.items()]
    added = [name for name in declared.columns if name not in columns]
    if added or renamed or _checks_differ(declared, actual):
        statements += _check_drops(form, declared, actual, bool(renamed))
        for name in added:
            statements.append(f'ALTER TABLE {table} ADD COLUMN "{name}" {declared.columns[name]}')
            if name not in declared.nullable:
                rule = f'CHECK ("{name}" IS NOT NULL)'
                statements += _add_check(form, f"{name}_{_PRESENT}", rule, last)
        statements += _check_additions(form, declared, actual, bool(renamed), last)
    return statements + _relaxations(form, declared, actual, renamed)


def _relaxations(
    form: Form, declared: TableShape, actual: TableShape, renamed: Mapping[str, str]
) -> list[str]:
    """Allow nulls in the columns that sheets of some windows may lack from now on."""
    alter = f"ALTER TABLE {fact_table(form).fullname}"
    current_names = {name: old for old, name in renamed.items()}
    statements: list[str] = []
    for name in sorted(declared.nullable & {measure.key for measure in form.measures}):
        old = current_names.get(name, name)
        if old in actual.columns and old not in actual.nullable:
            statements.append(f'{alter} ALTER COLUMN "{name}" DROP NOT NULL')
        if f"{old}_{_PRESENT}" in actual.checks:
            statements.append(f'{alter} DROP CONSTRAINT "{_prefix(form)}{old}_{_PRESENT}"')
    return statements


def _renames(form: Form, actual: TableShape) -> dict[str, str]:
    return {
        measure.renamed_from: measure.key
        for measure in form.measures
        if measure.renamed_from in actual.columns and measure.key not in actual.columns
    }


def _reject_new_keys(connection: Connection, form: Form, actual: TableShape) -> None:
    """Reject a key column that the rows of past reports do not have: their figures are of another grain."""
    table = fact_table(form)
    names = {dimension.key for dimension in form.dimensions} & set(table.columns.keys())
    for name in sorted(names - actual.columns.keys()):
        if connection.execute(select(table.c.fact_id).limit(1)).first() is not None:
            raise FormChangeError(
                f"Form {form.code} declares the key column {name}, which the rows of past reports do not"
                " have: declare a form of another code and key for reports with it."
            )


def _reject_losses(form: Form, declared: TableShape, columns: Mapping[str, str]) -> None:
    for name, kind in columns.items():
        if name not in declared.columns:
            raise FormChangeError(
                f"Form {form.code} no longer declares the column {name}, which holds figures: declare"
                f" renamed_from={name!r} on the measure that replaces it, or keep it with retired_on."
            )
        if declared.columns[name] != kind:
            raise FormChangeError(
                f"Form {form.code} declares the column {name} as {declared.columns[name]}, but it holds"
                f" figures as {kind}: declare a measure of another key."
            )


def _checks_differ(declared: TableShape, actual: TableShape) -> bool:
    lasting = {name: rule for name, rule in actual.checks.items() if not name.endswith(_PRESENT)}
    return lasting != dict(declared.checks)


def _check_drops(form: Form, declared: TableShape, actual: TableShape, all_checks: bool) -> list[str]:
    return [
        f'ALTER TABLE {fact_table(form).fullname} DROP CONSTRAINT "{_prefix(form)}{name}"'
        for name, rule in actual.checks.items()
        if not name.endswith(_PRESENT) and (all_checks or declared.checks.get(name) != rule)
    ]


def _check_additions(
    form: Form, declared: TableShape, actual: TableShape, all_checks: bool, last: int
) -> list[str]:
    return [
        statement
        for name, rule in declared.checks.items()
        if all_checks or actual.checks.get(name) != rule
        for statement in _add_check(form, name, rule, last)
    ]


def _add_check(form: Form, name: str, rule: str, last: int) -> Iterator[str]:
    """Yield the statements that add a check to the rows of later submissions; its comment is the rule."""
    table, constraint = fact_table(form).fullname, f'"{_prefix(form)}{name}"'
    condition = rule.removeprefix("CHECK ")
    # NOT VALID: rows of the past satisfy it, and are not read again.
    yield (
        f"ALTER TABLE {table} ADD CONSTRAINT {constraint}"
        f" CHECK (submission_id <= {last} OR {condition}) NOT VALID"
    )
    yield f"COMMENT ON CONSTRAINT {constraint} ON {table} IS {quote_literal(rule)}"


def _prefix(form: Form) -> str:
    return f"{fact_table(form).name}_"


def _declared(connection: Connection, table: Table) -> TableShape:
    """Return the shape of a table as declared, from a temporary table of that declaration."""
    columns = [Column(c.name, c.type, nullable=c.nullable) for c in table.columns]
    # The names are resolved already: no naming convention may prefix them again.
    checks = [
        CheckConstraint(c.sqltext, name=conv(str(c.name)))
        for c in table.constraints
        if isinstance(c, CheckConstraint)
    ]
    shadow = Table(_SHADOW, MetaData(), *columns, *checks, prefixes=["TEMPORARY"])
    shadow.create(connection)
    shape = _shape(connection, f"pg_temp.{_SHADOW}", table.name)
    shadow.drop(connection)
    return shape


def _actual(connection: Connection, table: Table) -> TableShape:
    return _shape(connection, table.fullname, table.name)


def _shape(connection: Connection, full_name: str, name: str) -> TableShape:
    columns = {row[0]: row[1] for row in connection.execute(_COLUMNS, {"table": full_name})}
    checks = {
        row[0].removeprefix(f"{name}_"): row[1].removesuffix(" NOT VALID")
        for row in connection.execute(_CHECKS, {"table": full_name})
    }
    nullable = frozenset(connection.execute(_NULLABLE, {"table": full_name}).scalars())
    return TableShape(columns, checks, nullable)
