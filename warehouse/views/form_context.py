"""What the view templates need of a form, as plain typed values.

A rendered view depends on its template and these values alone, so their text form is what a database compares
to find out whether its views are current.
"""

from dataclasses import dataclass

from schemas.declaration import Dimension, Form, Measure, MeasureType
from warehouse.models.form_tables import fact_columns, fact_table
from warehouse.privacy.suppression import (
    CountGroup,
    DistrictCounts,
    district_counts,
    is_by_commune,
    linked_counts,
)


@dataclass(frozen=True, slots=True)
class ColumnContext:
    """A column of a form in its views.

    `group` has the linked counts with which the column is withheld. A count of persons has its own group, an
    amount that of its count, other columns an empty one.
    """

    key: str
    label: str
    comment: str
    code_list: str
    group: CountGroup
    is_measure: bool
    is_flag: bool
    is_additive: bool
    is_whole: bool


@dataclass(frozen=True, slots=True)
class FormContext:
    """A form in its views; `area_column` is the key column that names a place, empty without one."""

    key: str
    code: str
    title: str
    title_en: str
    fact_table: str
    fact_columns: tuple[tuple[str, str], ...]  # name and comment
    area_column: str
    area_label: str
    columns: tuple[ColumnContext, ...]  # without the area column
    groups: tuple[CountGroup, ...]
    is_by_commune: bool
    district: DistrictCounts | None


def form_context(form: Form) -> FormContext:
    """Derive the context of a form's views from its declaration."""
    table = fact_table(form)
    area = form.area_dimension
    groups = linked_counts(form)
    return FormContext(
        key=form.key,
        code=form.code,
        title=form.title,
        title_en=form.title_en,
        fact_table=table.fullname,
        fact_columns=tuple((name, table.columns[name].comment or "") for name in fact_columns(form)),
        area_column=area.key if area else "",
        area_label=area.label_vi if area else "",
        columns=tuple(_column(column, groups) for column in form.columns.values() if column is not area),
        groups=groups,
        is_by_commune=is_by_commune(form),
        district=district_counts(form),
    )


def _column(column: Dimension | Measure, groups: tuple[CountGroup, ...]) -> ColumnContext:
    measure = column if isinstance(column, Measure) else None
    counted = measure.amount_of if measure and measure.amount_of else column.key
    label = f"{measure.group}: {column.label_vi}" if measure and measure.group else column.label_vi
    return ColumnContext(
        key=column.key,
        label=label,
        comment=f"{label}{_unit(measure)}.",
        code_list=column.code_list.key if column.code_list else "",
        group=next((group for group in groups if any(count.key == counted for count in group)), ()),
        is_measure=measure is not None,
        is_flag=measure is not None and measure.kind is MeasureType.FLAG and not measure.code_list,
        is_additive=measure is not None and measure.is_additive,
        is_whole=measure is not None and measure.unit.whole,
    )


def _unit(measure: Measure | None) -> str:
    if measure is None or measure.kind in (MeasureType.FLAG, MeasureType.SCORE):
        return ""
    return f" ({measure.unit.label_vi})"
