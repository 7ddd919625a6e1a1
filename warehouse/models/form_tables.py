"""Tables declared from the forms: a fact table per form, a dimension per code list."""

from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    text,
)

from schemas.declaration import CodeList, Dimension, Form, Measure, MeasureType, RuleScope, Severity
from schemas.expressions import names, to_sql
from schemas.form_catalog import FormCatalog
from schemas.linked_measures import is_below_district, withheld_columns
from warehouse.models.submission_table import SUBMISSION
from warehouse.models.tables import DIM_AREA, DIM_BODY, DIM_PERIOD, METADATA, MOMENT, column


def _metadata() -> MetaData:
    # Of its own for each table: a process may know several versions of a form.
    return MetaData(naming_convention=METADATA.naming_convention)


@lru_cache
def code_list_table(code_list: CodeList) -> Table:
    """The dimension of a code list: natural codes with their labels."""
    return Table(
        f"dim_{code_list.key}",
        _metadata(),
        column("code", Text, "Code.", primary_key=True),
        column("label_vi", Text, "Label in Vietnamese."),
        column("label_en", Text, "Label in English.", server_default=""),
        column("sort_order", Integer, "Place in the list as the form has it."),
        schema="dw",
        comment=f"The code list {code_list.key}.",
    )


@lru_cache
def fact_table(form: Form) -> Table:
    """The fact table of a form: one row per row of a sheet. A row may be superseded but never changes."""
    name = f"fact_{form.key}"
    further = [_key_column(d) for d in form.dimensions if not d.level]
    natural_key = ["body_key", "period_key", "area_key", *(c.name for c in further)]
    return Table(
        name,
        _metadata(),
        column("fact_id", BigInteger, "Number of the row.", Identity(always=True), primary_key=True),
        column("submission_id", BigInteger, "Submission of the row.", ForeignKey(SUBMISSION.c.submission_id)),
        # No foreign key: that of the submission, of the same load, is checked; one more costs for every row.
        column("load_id", BigInteger, "Load that the row belongs to."),
        column("body_key", Integer, "Body that reported.", ForeignKey(DIM_BODY.c.body_key)),
        column("period_key", Integer, "Period of the report.", ForeignKey(DIM_PERIOD.c.period_key)),
        column("area_key", Integer, "Area of the row.", ForeignKey(DIM_AREA.c.area_key)),
        *further,
        *(_measure_column(measure) for measure in form.measures),
        column("source_sheet", Text, "Sheet of the row."),
        column("source_row", Integer, "Row of the sheet, counted from 1."),
        column("recorded_at", MOMENT, "When it was recorded."),
        column("superseded_at", MOMENT, "When a revision replaced it; null while current.", nullable=True),
        *_checks(form),
        CheckConstraint("superseded_at >= recorded_at", name="ended"),
        Index(
            f"{name}_in_force_idx",
            *natural_key,
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
        Index(f"{name}_report_idx", "period_key", "body_key"),
        Index(f"{name}_submission_idx", "submission_id"),
        Index(f"{name}_area_idx", "area_key", postgresql_where=text("superseded_at IS NULL")),
        schema="dw",
        comment=f"Form {form.code}: {form.title}. One row per row of a sheet.",
    )


def fact_columns(form: Form) -> list[str]:
    """The columns of the fact table that loading fills, in order; without fact_id and superseded_at."""
    return [c.name for c in fact_table(form).columns if c.name not in ("fact_id", "superseded_at")]


@lru_cache
def suppressed_table(form: Form) -> Table | None:
    """The current rows of a form as BI tools see them, without small counts; None if it counts no persons.

    Triggers of the fact table keep it, see `form_triggers/dw.keep_suppressed.sql`. A form by communes
    or smaller places has none: its counts are withheld altogether.
    """
    withheld = withheld_columns(form)
    if not withheld or is_below_district(form):
        return None
    facts, name = fact_table(form).columns, f"suppressed_{form.key}"
    return Table(
        name,
        _metadata(),
        column("fact_id", BigInteger, "Number of the row.", primary_key=True, autoincrement=False),
        *(
            column(key, facts[key].type, facts[key].comment or "", nullable=key in withheld)
            for key in fact_columns(form)
        ),
        column("is_suppressed", Boolean, "Whether any of its counts is withheld, which is null then."),
        Index(f"{name}_area_idx", "area_key"),
        schema="dw",
        comment=f"Form {form.code}: the current rows without small counts about persons.",
    )


@lru_cache
def form_tables(catalog: FormCatalog) -> tuple[Table, ...]:
    """The tables of all code lists and forms, each after those that it refers to."""
    suppressed = (suppressed_table(form) for form in catalog.forms)
    return (
        *(code_list_table(code_list) for code_list in catalog.code_lists),
        *(fact_table(form) for form in catalog.forms),
        *(table for table in suppressed if table is not None),
    )


def _key_column(dimension: Dimension) -> Column[Any]:
    if dimension.code_list is None:
        return column(dimension.key, Date, f"{dimension.label_vi}.")
    target = code_list_table(dimension.code_list).c.code
    return column(dimension.key, Text, f"{dimension.label_vi}: code.", ForeignKey(target))


def _measure_column(measure: Measure) -> Column[Any]:
    label = f"{measure.group}: {measure.label_vi}" if measure.group else measure.label_vi
    comment = f"{label} ({measure.unit.label_vi}; {measure.kind})."
    may_be_null = not measure.is_always_due
    if measure.code_list is not None:
        code = ForeignKey(code_list_table(measure.code_list).c.code)
        return column(measure.key, Text, comment, code, nullable=may_be_null)
    if measure.kind is MeasureType.FLAG:
        return column(measure.key, Boolean, comment, nullable=may_be_null)
    kind = BigInteger if measure.unit.whole else Numeric
    return column(measure.key, kind, comment, nullable=may_be_null)


def _checks(form: Form) -> list[CheckConstraint]:
    """Checks that no figure is negative, and the error rules that need the row alone."""
    checks = [CheckConstraint(f"{m.key} >= 0", name=m.key) for m in form.measures if m.is_number]
    columns = {*form.columns} - {d.key for d in form.dimensions if d.level}
    for rule in form.rules_of(RuleScope.ROW):
        used = names(rule.expression) | (names(rule.condition) if rule.condition else frozenset())
        if rule.severity is Severity.ERROR and used <= columns:
            holds = to_sql(rule.expression)
            condition = f"{holds} OR NOT {to_sql(rule.condition)}" if rule.condition else holds
            checks.append(CheckConstraint(condition, name=rule.id.lower().replace("-", "_")))
    return checks
