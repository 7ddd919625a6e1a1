"""Digests of the dimensions: loading a plan records them in the audit chain, column by column.

Figures depend on obligations, due days, areas, bodies, periods and targets as much as on facts.
"""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Connection, Table, select

from schemas.form_catalog import FormCatalog
from warehouse.form_catalog import catalog_of
from warehouse.integrity.digests import column_digests
from warehouse.models import area_tables  # noqa: F401 - declares a table
from warehouse.models.audit_tables import EVENT
from warehouse.models.form_tables import code_list_table
from warehouse.models.outlier_table import OUTLIER
from warehouse.models.tables import AREA_ACCESS, METADATA, REPORTING_OBLIGATION
from warehouse.models.target_tables import FIGURE_TABLES, PERSON_TOTAL

# What changes between two loadings of a plan: waivers, which are events of their own, and roles of readers.
_CHANGING = {REPORTING_OBLIGATION.fullname: ("waived_at", "waived_reason")}
_NOT_FROM_PLANS = (AREA_ACCESS, *FIGURE_TABLES, OUTLIER, PERSON_TOTAL)

Digests = dict[str, dict[str, str]]  # by table and column


@dataclass(frozen=True, slots=True)
class ReferenceState:
    """The digests of the dimensions, and the columns that differ from what the chain recorded last."""

    digests: Digests
    changed: list[str]


def reference_digests(connection: Connection) -> Digests:
    """The digest of each column of each dimension."""
    return {
        table.fullname: column_digests(
            connection,
            table,
            [c.name for c in table.columns if c.name not in _CHANGING.get(table.fullname, ())],
        )
        for table in _reference_tables(catalog_of(connection))
    }


def reference_state(connection: Connection) -> ReferenceState:
    """Compare the dimensions with what the last plan event recorded; columns new since then are left out."""
    recorded = recorded_reference(connection)[1]
    digests = reference_digests(connection)
    changed = [
        f"{table}.{column}"
        for table, columns in recorded.items()
        for column, digest in columns.items()
        if digests.get(table, {}).get(column, digest) != digest
    ]
    return ReferenceState(digests, changed)


def recorded_reference(connection: Connection) -> tuple[int, Digests]:
    """The number of the last event that recorded the dimensions, and its digests; 0 without one."""
    reference = EVENT.c.payload["reference"]
    query = select(EVENT.c.event_id, reference).where(
        EVENT.c.kind == "plan", EVENT.c.payload.has_key("reference")
    )
    row = connection.execute(query.order_by(EVENT.c.event_id.desc()).limit(1)).one_or_none()
    return (row[0], row[1]) if row else (0, {})


@lru_cache
def _reference_tables(catalog: FormCatalog) -> tuple[Table, ...]:
    of_plans = (
        table for table in METADATA.sorted_tables if table.schema == "dw" and table not in _NOT_FROM_PLANS
    )
    return (*of_plans, *(code_list_table(code_list) for code_list in catalog.code_lists))
