"""What the view templates need of a form, as plain typed values.

A rendered view depends on its template and these values alone, so their text form is what a database compares
to find out whether its views are current.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column
from sqlalchemy.dialects import postgresql

from schemas.declaration import Dimension, Form, Measure, MeasureType
from schemas.expressions import names, to_sql
from schemas.linked_measures import (
    SMALLEST_SHOWN,
    CountGroup,
    ceilings,
    is_below_district,
    linked_counts,
    withheld_columns,
    zero_conditions,
)
from warehouse.models.form_tables import fact_columns, fact_table, suppressed_table

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class ColumnContext:
    """A column of a form in its views.

    `group` is the number, from 1, of the group of linked counts with which the column is withheld: a count of
    persons has that of its own, an amount that of its count, other columns 0.
    """

    key: str
    label: str
    comment: str
    code_list: str
    group: int
    is_measure: bool
    is_flag: bool
    is_additive: bool
    is_whole: bool


@dataclass(frozen=True, slots=True)
class StoredColumn:
    """A column of a fact table and of its suppressed form, with its type and its group of counts, or 0.

    `withheld_if` and `shown_if` are conditions in SQL on the columns of the row, or empty: a bound of a count
    is withheld only where it is small, and a count is shown where a rule makes it 0.
    """

    name: str
    type: str
    group: int
    withheld_if: str = ""
    shown_if: str = ""


@dataclass(frozen=True, slots=True)
class FormContext:
    """A form in its views; `area_column` is the key column that names a place, empty without one.

    `key_columns` are the columns of the fact table that identify a row beside body, period and area.
    `telling_rules` are about columns that may be withheld: their findings tell something about the values.
    """

    key: str
    code: str
    title: str
    title_en: str
    fact_table: str
    fact_columns: tuple[tuple[str, str], ...]  # name and comment
    suppressed_table: str  # empty where no count can be withheld, or all are
    stored_columns: tuple[StoredColumn, ...]
    key_columns: tuple[str, ...]
    area_column: str
    area_label: str
    columns: tuple[ColumnContext, ...]  # without the area column
    groups: tuple[CountGroup, ...]
    count_names: tuple[str, ...]
    telling_rules: tuple[str, ...]
    is_below_district: bool


def form_context(form: Form) -> FormContext:
    """Derive the context of a form's views from its declaration."""
    table = fact_table(form)
    area = form.area_dimension
    groups, withheld, suppressed = linked_counts(form), withheld_columns(form), suppressed_table(form)
    return FormContext(
        key=form.key,
        code=form.code,
        title=form.title,
        title_en=form.title_en,
        fact_table=table.fullname,
        fact_columns=tuple((name, table.columns[name].comment or "") for name in fact_columns(form)),
        suppressed_table=suppressed.fullname if suppressed is not None else "",
        stored_columns=tuple(
            StoredColumn(
                name,
                _sql_type(table.columns[name]),
                withheld.get(name, 0),
                _withheld_if(form, name),
                _shown_if(form, name) if name in withheld else "",
            )
            for name in fact_columns(form)
        ),
        key_columns=tuple(dimension.key for dimension in form.dimensions if not dimension.level),
        area_column=area.key if area else "",
        area_label=area.label_vi if area else "",
        columns=tuple(_column(column, withheld) for column in form.columns.values() if column is not area),
        groups=groups,
        count_names=tuple(count.key for group in groups for count in group),
        telling_rules=tuple(_rules_about(form, withheld)),
        is_below_district=is_below_district(form),
    )


def _withheld_if(form: Form, name: str) -> str:
    bounds = [to_sql(bound.expression) for bound in ceilings(form) if name in bound.columns]
    return " OR ".join(f"{bound} BETWEEN 1 AND {SMALLEST_SHOWN - 1}" for bound in bounds)


def _shown_if(form: Form, name: str) -> str:
    return " OR ".join(to_sql(condition) for condition in zero_conditions(form, name))


def _rules_about(form: Form, columns: Mapping[str, int]) -> Iterator[str]:
    for rule in form.rules:
        named = names(rule.expression) | (names(rule.condition) if rule.condition else frozenset())
        if {name.removeprefix("previous.") for name in named} & columns.keys():
            yield rule.id


def _sql_type(column: Column[Any]) -> str:
    return str(column.type.compile(dialect=_DIALECT)).lower()


def _column(column: Dimension | Measure, withheld: Mapping[str, int]) -> ColumnContext:
    measure = column if isinstance(column, Measure) else None
    label = f"{measure.group}: {column.label_vi}" if measure and measure.group else column.label_vi
    return ColumnContext(
        key=column.key,
        label=label,
        comment=f"{label}{_unit(measure)}.",
        code_list=column.code_list.key if column.code_list else "",
        group=withheld.get(column.key, 0),
        is_measure=measure is not None,
        is_flag=measure is not None and measure.kind is MeasureType.FLAG and not measure.code_list,
        is_additive=measure is not None and measure.is_additive,
        is_whole=measure is not None and measure.unit.whole,
    )


def _unit(measure: Measure | None) -> str:
    if measure is None or measure.kind in (MeasureType.FLAG, MeasureType.SCORE):
        return ""
    return f" ({measure.unit.label_vi})"
