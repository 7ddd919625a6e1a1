"""The tables of every warehouse: dimensions and audit, each table and column with a comment.

Fact tables and code list dimensions are declared from the forms, in `warehouse.models.form_tables`; the
tables of targets are in `warehouse.models.target_tables`. A change needs a migration, see
`warehouse.migrations.baseline`.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, ExcludeConstraint

METADATA = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    }
)
MOMENT = DateTime(timezone=True)
STATUSES = ("accepted", "accepted_with_warnings", "rejected", "duplicate", "ignored")


def column(
    name: str, kind: Any, comment: str, *more: Any, nullable: bool = False, **options: Any
) -> Column[Any]:
    """A column with its comment in the database; not null by default."""
    return Column(name, kind, *more, nullable=nullable, comment=comment, **options)


def key(name: str, of: str) -> Column[Any]:
    """The surrogate key of a dimension."""
    return column(name, Integer, f"Surrogate key of the {of}.", Identity(always=True), primary_key=True)


def one_of(name: str, values: tuple[str, ...]) -> CheckConstraint:
    """The check that a text column holds one of the values."""
    return CheckConstraint(f"{name} IN ({', '.join(repr(value) for value in values)})", name=name)


def history(code: str) -> list[Any]:
    """The columns and constraints of an SCD type 2 dimension: one row per state of a code."""
    return [
        column("valid_from", Date, "First day of this state.", server_default="0001-01-01"),
        column(
            "valid_to",
            Date,
            "First day after it; equal to valid_from once no plan has this state any more.",
            server_default="9999-12-31",
        ),
        column(
            "is_latest",
            Boolean,
            "Whether it is the last state of the code.",
            server_default=text("true"),
        ),
        CheckConstraint("valid_from <= valid_to", name="days"),
        ExcludeConstraint(
            (func.dw.code_range(Column("province_code"), Column("province_code"), "[]"), "="),
            (func.dw.code_range(Column(code), Column(code), "[]"), "="),
            (func.daterange(Column("valid_from"), Column("valid_to")), "&&"),
            name=f"dim_{code.removesuffix('_code')}_no_overlap",
            deferrable=True,
            initially="DEFERRED",
        ),
        Index(
            f"dim_{code.removesuffix('_code')}_latest_idx",
            "province_code",
            code,
            unique=True,
            postgresql_where=text("is_latest"),
        ),
    ]


DIM_AREA = Table(
    "dim_area",
    METADATA,
    key("area_key", "area"),
    column("area_code", Text, "Official code of the area."),
    column("area_name", Text, "Name in Vietnamese, with the word before it."),
    column("area_name_en", Text, "Name in English: without diacritics, the kind of area last."),
    column("area_kind", Text, "The word before the name: tỉnh, huyện, xã, phường and so on."),
    column("area_level", Text, "Level: province, district or commune."),
    column("parent_code", Text, "Code of the area that it lies in; empty for a province.", nullable=True),
    column("province_code", Text, "Code of the province that it lies in."),
    column("ancestors", ARRAY(Text), "Codes of the area itself and of all that it lies in, upwards."),
    column("sort_key", Text, "Key that sorts names in Vietnamese order, which the server has no locale for."),
    *history("area_code"),
    Index("dim_area_ancestors_idx", "ancestors", postgresql_using="gin"),
    schema="dw",
    comment="Provinces, districts and communes: one row per state of an area, with its days.",
)
AREA_SUCCESSION = Table(
    "area_succession",
    METADATA,
    column("from_day", Date, "First day of the change."),
    column("old_province_code", Text, "Province of the old area."),
    column("old_area_code", Text, "Code of the old area."),
    column("new_province_code", Text, "Province of the new area."),
    column("new_area_code", Text, "Code of the new area, in which the old one or a part of it lies."),
    column("kind", Text, "merged, split, renamed or moved."),
    column("extent", Text, "whole or part: how much of the old area."),
    column("decree", Text, "The decree that ordered it."),
    PrimaryKeyConstraint(
        "from_day", "old_province_code", "old_area_code", "new_province_code", "new_area_code"
    ),
    one_of("kind", ("merged", "split", "renamed", "moved")),
    one_of("extent", ("whole", "part")),
    schema="dw",
    comment="Changes of areas: merged into others, split, renamed or moved; as the plans declare them.",
)
AREA_ACCESS = Table(
    "area_access",
    METADATA,
    column("role_name", Text, "Role of the server, created by chitieu role.", primary_key=True),
    column("province_code", Text, "Province that the area lies in."),
    column("area_code", Text, "Code of the area."),
    schema="dw",
    comment="The one area that a role may see, with all that lies in it.",
)
SENSITIVE_TARGET = Table(
    "sensitive_target",
    METADATA,
    column("plan_code", Text, "Plan of the target."),
    column("target_code", Text, "Code of the target."),
    PrimaryKeyConstraint("plan_code", "target_code"),
    schema="dw",
    comment="Targets that count persons: BI tools see no figures of them.",
)
BRIDGE_AREA = Table(
    "bridge_area",
    METADATA,
    column("area_key", Integer, "Area as it was.", ForeignKey(DIM_AREA.c.area_key)),
    column(
        "later_area_key",
        Integer,
        "Each later state in which it, or a part of it, lies.",
        ForeignKey(DIM_AREA.c.area_key),
    ),
    PrimaryKeyConstraint("area_key", "later_area_key"),
    Index("bridge_area_later_area_key_idx", "later_area_key"),
    schema="dw",
    comment="From areas as they were to their successors, over all mergers and divisions.",
)
DIM_BODY = Table(
    "dim_body",
    METADATA,
    key("body_key", "body"),
    column("body_code", Text, "Code of the body; its folder on the drives bears it."),
    column("body_name", Text, "Name as letterheads have it."),
    column("body_name_en", Text, "Name in English; without diacritics where the plan gives none."),
    column("short_name", Text, "Short name; empty where there is none."),
    column("body_level", Text, "Level: province, district or commune."),
    column("province_code", Text, "Code of the province that it reports to."),
    column("area_key", Integer, "Area that it is responsible for.", ForeignKey(DIM_AREA.c.area_key)),
    *history("body_code"),
    schema="dw",
    comment="Bodies that report: one row per state of a body, with its days.",
)
DIM_PERIOD = Table(
    "dim_period",
    METADATA,
    key("period_key", "reporting period"),
    column("plan_code", Text, "Plan whose calendar it is of.", ForeignKey("dw.dim_plan.plan_code")),
    column("period_code", Text, "Code: 2020-M03, 2020-Q1, 2020-H1, 2020-Y or 2020-A-0305."),
    column("period_kind", Text, "D ten days, W week, M month, Q quarter, H half-year, Y year, A ad hoc."),
    column("year", Integer, "Year that the period is named after."),
    column("period_number", Integer, "Number of the month, quarter or half in the year; 0 for other kinds."),
    column("window_start", Date, "First day of the window."),
    column("window_end", Date, "Last day of the window."),
    column("name_vi", Text, "Name in Vietnamese."),
    column("name_en", Text, "Name in English."),
    one_of("period_kind", ("D", "W", "M", "Q", "H", "Y", "A")),
    CheckConstraint("window_start <= window_end", name="window"),
    UniqueConstraint("plan_code", "period_code"),
    schema="dw",
    comment="Reporting periods of each plan with their windows, which its calendar decides.",
)
DIM_FORM = Table(
    "dim_form",
    METADATA,
    key("form_key", "form"),
    column("form_code", Text, "Code as printed: 01-PCMD.", unique=True),
    column("form_name", Text, "English key of the form; its fact table is dw.fact_ and this.", unique=True),
    column("title_vi", Text, "Title as printed."),
    column("title_en", Text, "Title in English; empty where the form has none."),
    column("is_sensitive", Boolean, "Whether it counts persons in need."),
    schema="dw",
    comment="Report forms.",
)
DIM_MEASURE = Table(
    "dim_measure",
    METADATA,
    key("measure_key", "measure"),
    column("form_key", Integer, "Form that it belongs to.", ForeignKey(DIM_FORM.c.form_key)),
    column("measure_name", Text, "English key; the column of the fact table bears it."),
    column("label_vi", Text, "Label as printed."),
    column("label_en", Text, "Label in English.", server_default=""),
    column("group_vi", Text, "Label of the merged header cell above; empty where there is none."),
    column("unit", Text, "Unit of measure."),
    column("kind", Text, "flow, stock, opening_stock, flag or score: how it adds up over time."),
    column("is_additive_over_areas", Boolean, "Whether figures of several areas add up."),
    column("is_additive_over_time", Boolean, "Whether figures of several periods add up."),
    column("is_additive_over_codes", Boolean, "Whether figures of several codes of the form add up."),
    one_of("kind", ("flow", "stock", "opening_stock", "flag", "score")),
    UniqueConstraint("form_key", "measure_name"),
    schema="dw",
    comment="Measures of the forms and their additivity.",
)
DIM_FORM_SET = Table(
    "dim_form_set",
    METADATA,
    column("form_set_code", Text, "Code of the form set.", primary_key=True),
    column("version", Text, "Version, as its file states it."),
    column("title_vi", Text, "Title."),
    column("title_en", Text, "Title in English; empty where it has none."),
    column("forms_sha256", Text, "SHA-256 of the declarations of its forms."),
    column("files", JSONB, "Its files by name, as they were read."),
    schema="dw",
    comment="Form sets: the forms of a programme, which the plans name.",
)
DIM_PLAN = Table(
    "dim_plan",
    METADATA,
    key("plan_key", "plan"),
    column("plan_code", Text, "Code of the plan.", unique=True),
    column("title", Text, "Title of the plan."),
    column("year", Integer, "Year of the plan."),
    column("province_code", Text, "Code of the province."),
    column("year_start", Date, "First day of the plan year's window."),
    column("year_end", Date, "Last day of the plan year's window."),
    column("definition_sha256", Text, "Hash of the plan file that is loaded."),
    column("document", JSONB, "The plan as it was read."),
    column("timezone", Text, "Time zone by which its days begin."),
    column("form_set_code", Text, "Form set of the plan.", ForeignKey(DIM_FORM_SET.c.form_set_code)),
    schema="dw",
    comment="Yearly plans.",
)
REPORTING_OBLIGATION = Table(
    "reporting_obligation",
    METADATA,
    column("plan_key", Integer, "Plan that asks for the report.", ForeignKey(DIM_PLAN.c.plan_key)),
    column("body_key", Integer, "Body that owes it.", ForeignKey(DIM_BODY.c.body_key)),
    column("form_key", Integer, "Form that is owed.", ForeignKey(DIM_FORM.c.form_key)),
    column("period_key", Integer, "Period for which it is owed.", ForeignKey(DIM_PERIOD.c.period_key)),
    column("due_at", MOMENT, "Moment until which the report is on time."),
    column("is_optional", Boolean, "Whether the body may report but owes nothing."),
    column("waived_at", MOMENT, "When the body was freed from this report.", nullable=True),
    column("waived_reason", Text, "Why it was freed.", nullable=True),
    PrimaryKeyConstraint("plan_key", "body_key", "form_key", "period_key"),
    CheckConstraint("(waived_at IS NULL) = (waived_reason IS NULL)", name="waiver"),
    schema="dw",
    comment="Obligations to report, by body, form and period: a fact table without measures.",
)
LOAD = Table(
    "load",
    METADATA,
    column("load_id", BigInteger, "Number of the load.", Identity(always=False), primary_key=True),
    column("kind", Text, "What was done: ingest, backfill, materialize, plan or withdraw."),
    column("started_at", MOMENT, "Present moment of the load, which its rows carry."),
    column("finished_at", MOMENT, "When it was done."),
    column("plan_code", Text, "Plan under which it was done."),
    column("software_version", Text, "Version of the software that did it."),
    column("plan_sha256", Text, "SHA-256 of the plan as it was read; see audit.plan_document."),
    column("forms_sha256", Text, "SHA-256 of the declarations of the forms."),
    one_of("kind", ("ingest", "backfill", "materialize", "plan", "withdraw")),
    schema="audit",
    comment="The batches that were loaded, each in one transaction.",
)


def load_reference() -> Column[Any]:
    """The column that refers to the load of a row; checked at the commit, when the load is recorded."""
    reference = ForeignKey(LOAD.c.load_id, deferrable=True, initially="DEFERRED")
    return column("load_id", BigInteger, "Load that the row belongs to.", reference)
