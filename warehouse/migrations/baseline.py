"""The DDL of the declared tables, and the baseline migration that is written from it.

While nothing is deployed a changed table changes the baseline. Write it again with

    python -m warehouse.migrations.baseline

Once a release is deployed, its migrations stay as they are and a change gets a migration of its own.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import DDL, MetaData, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import (
    CreateIndex,
    CreateSequence,
    CreateTable,
    DDLElement,
    SetColumnComment,
    SetTableComment,
)

from warehouse.models import (  # noqa: F401 - they declare tables
    area_tables,
    audit_tables,
    monitoring_tables,
    outlier_table,
    target_tables,
)
from warehouse.models.submission_table import SUBMISSION_ID
from warehouse.models.tables import METADATA
from warehouse.models.target_tables import FIGURE_TABLES, partitions
from warehouse.sql_templates import read_sql

BASELINE = Path(__file__).parent / "versions" / "0001_baseline.sql"
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
_HEADER = """-- The tables of a new warehouse: types, sequences, tables, indexes and comments.
-- Written by `python -m warehouse.migrations.baseline`; do not edit. Tables of forms and code lists,
-- functions, triggers and views are not migrated: warehouse.migrations.upgrade creates them.
"""


def baseline_script() -> str:
    """The baseline as the tables are declared now."""
    statements = [read_sql("schemas/types").removesuffix(";"), _compile(CreateSequence(SUBMISSION_ID))]
    statements += table_statements(METADATA.sorted_tables)
    return _HEADER + "".join(f"\n{statement};\n" for statement in statements)


def table_statements(tables: Iterable[Table]) -> list[str]:
    """The DDL of tables, each with its comments and indexes, in the given order."""
    return [_compile(element) for table in tables for element in _elements(table)]


def _elements(table: Table) -> Iterator[DDLElement]:
    yield CreateTable(table)
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        yield CreateIndex(index)
    yield SetTableComment(table)
    for column in table.columns:
        yield SetColumnComment(column)
    if table in FIGURE_TABLES:
        yield from _partition_elements(table)


def _partition_elements(table: Table) -> Iterator[DDLElement]:
    """The partitions of a figure table; a partition has the columns, but not the comments, of its table."""
    for name, is_sensitive in partitions(table).items():
        values = f"PARTITION OF {table.fullname} FOR VALUES IN ({is_sensitive})"
        yield DDL(f"CREATE TABLE {name} {values}")  # type: ignore[no-untyped-call]
        of = "targets that count persons" if is_sensitive else "other targets, which BI tools see"
        partition = table.to_metadata(MetaData(), name=name.rpartition(".")[2])
        partition.comment = f"The part of {table.fullname} with {of}."
        yield SetTableComment(partition)
        for column in partition.columns:
            yield SetColumnComment(column)


def _compile(element: DDLElement) -> str:
    statement = str(element.compile(dialect=_DIALECT)).strip().replace("\t", "    ")
    return "\n".join(line.rstrip() for line in statement.splitlines())


if __name__ == "__main__":
    BASELINE.write_text(baseline_script(), encoding="utf-8")
