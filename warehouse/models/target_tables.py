"""The tables of targets: current figures, replaced figures, frozen figures.

They are in the schema dw, which readers have no access to: mart shows each by a view of its name. Each is
partitioned by `is_sensitive`, so that the figures that BI tools may not see are not in the table that their
queries read: neither a plan nor a counter can show whether a hidden row matched.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from plans.aggregation_functions import Additivity
from warehouse.models.submission_table import SUBMISSION
from warehouse.models.tables import METADATA, MOMENT, column, load_reference, one_of

FIGURE_KEY = ("plan_code", "target_code", "area_code", "period_code")
PARTITION_OPEN, PARTITION_SENSITIVE = "open", "sensitive"


def _figures(with_target: bool) -> list[Column[Any]]:
    """The columns of a target table; without a target, those that only show a figure."""
    columns = [
        column("plan_code", Text, "Plan of the target."),
        column("target_code", Text, "Code of the target."),
        column("area_code", Text, "Area that the figure is about."),
        column("area_name", Text, "Name of the area."),
        column("area_level", Text, "Level of the area."),
        column("period_code", Text, "Period up to whose end the figure is computed."),
        column("window_start", Date, "First day of the period's window."),
        column("window_end", Date, "Last day of the period's window."),
        column("numerator", Numeric, "Numerator; null where nobody has reported.", nullable=True),
        column("denominator", Numeric, "Denominator; null where there is none.", nullable=True),
        column("value", Double, "The figure in the target's unit; null where it is unknown.", nullable=True),
        column("unit", Text, "Unit of value and target; percent figures run from 0 to 100."),
    ]
    if with_target:
        columns += [
            column("target_value", Double, "The figure to reach or not to exceed; the lower end of a range."),
            column("achievement_pct", Double, "Value as a share of the target, in percent.", nullable=True),
            column("expected_value", Double, "The figure to have reached by now."),
            column("status", Text, "met, on_track, behind, missed or no_data."),
        ]
    columns += [
        column("value_min", Double, "Lower bound over all missing reports; null: none.", nullable=True),
        column("value_max", Double, "Upper bound over all missing reports; null: none.", nullable=True),
    ]
    if with_target:
        columns.append(
            column("verdict", Text, "met, not_met or undecided over all values of the missing reports.")
        )
    return [
        *columns,
        column("completeness_pct", Double, "Share of the expected reports that are in.", nullable=True),
        column("is_final", Boolean, "Whether all expected reports are in."),
        column("computed_at", MOMENT, "When the figure became what it is."),
        column(
            "is_sensitive", Boolean, "Whether the target counted persons, whose figures BI tools do not see."
        ),
    ]


_PARTITIONED: Any = {"postgresql_partition_by": "LIST (is_sensitive)"}


def _target_checks() -> list[CheckConstraint]:
    return [
        one_of("status", ("met", "on_track", "behind", "missed", "no_data")),
        one_of("verdict", ("met", "not_met", "undecided")),
    ]


def _superseded() -> Column[Any]:
    return column("superseded_at", MOMENT, "When the row was replaced or deleted.")


def _states_key() -> PrimaryKeyConstraint:
    return PrimaryKeyConstraint(
        "plan_code", "period_code", "target_code", "area_code", "computed_at", "superseded_at", "is_sensitive"
    )


def _by_end(table: str) -> Index:
    """Rows are appended in this order: a BRIN index is enough to find those that a load replaced."""
    return Index(f"{table}_superseded_idx", "superseded_at", postgresql_using="brin")


TARGET_INDICATOR = Table(
    "target_indicator",
    METADATA,
    *_figures(with_target=True),
    *_target_checks(),
    PrimaryKeyConstraint(*FIGURE_KEY, "is_sensitive"),
    Index("target_indicator_area_idx", "area_code"),  # readers of an area collect its figures by it
    **_PARTITIONED,
    schema="dw",
    comment="The figures of each target for each area of its reported levels and each period, as known now.",
)
TARGET_BREAKDOWN = Table(
    "target_breakdown",
    METADATA,
    *_figures(with_target=False),
    PrimaryKeyConstraint(*FIGURE_KEY, "is_sensitive"),
    **_PARTITIONED,
    schema="dw",
    comment="The figure of a target at further levels, for which the plan sets no threshold.",
)
TARGET_SNAPSHOT = Table(
    "target_snapshot",
    METADATA,
    column("snapshot_code", Text, "Period that was closed."),
    column("closed_at", MOMENT, "When it was closed."),
    *_figures(with_target=True),
    column(
        "edition", Integer, "Number of the closing: 1, and one more after each reopening.", server_default="1"
    ),
    *_target_checks(),
    CheckConstraint("edition > 0", name="edition"),
    PrimaryKeyConstraint(
        "snapshot_code", "plan_code", "edition", "target_code", "area_code", "period_code", "is_sensitive"
    ),
    Index("target_snapshot_figure_idx", *FIGURE_KEY),  # frozen figures meet those of now in this order
    **_PARTITIONED,
    schema="dw",
    comment="The target table as frozen at each closing of a period; the highest edition is the latest.",
)
TARGET_INDICATOR_HISTORY = Table(
    "target_indicator_history",
    METADATA,
    *_figures(with_target=True),
    _superseded(),
    *_target_checks(),
    _states_key(),
    _by_end("target_indicator_history"),
    **_PARTITIONED,
    schema="dw",
    comment="Former rows of the target table, each from computed_at to superseded_at.",
)
TARGET_BREAKDOWN_HISTORY = Table(
    "target_breakdown_history",
    METADATA,
    *_figures(with_target=False),
    _superseded(),
    _states_key(),
    _by_end("target_breakdown_history"),
    **_PARTITIONED,
    schema="dw",
    comment="Former figures at further levels, each from computed_at to superseded_at.",
)
FIGURE_TABLES = (
    TARGET_INDICATOR,
    TARGET_BREAKDOWN,
    TARGET_SNAPSHOT,
    TARGET_INDICATOR_HISTORY,
    TARGET_BREAKDOWN_HISTORY,
)
_VIEWS = MetaData()


def mart_view(table: Table) -> Table:
    """The view of mart that shows a table as far as the connected account may see it."""
    columns = [
        Column(c.name, c.type, primary_key=c.primary_key, nullable=c.nullable, comment=c.comment)
        for c in table.columns
        if c.name != "is_sensitive"
    ]
    return Table(table.name, _VIEWS, *columns, schema="mart", comment=table.comment, keep_existing=True)


def partitions(table: Table) -> dict[str, bool]:
    """The full names of a figure table's partitions with the value of `is_sensitive` in them."""
    return {f"{table.fullname}_{PARTITION_OPEN}": False, f"{table.fullname}_{PARTITION_SENSITIVE}": True}


PERSON_TOTAL = Table(
    "person_total",
    METADATA,
    column("plan_code", Text, "Plan under which the period was closed."),
    column("form_code", Text, "Code of the form."),
    column("measure_name", Text, "Count of persons that is added up."),
    column(
        "reported_by",
        Text,
        "Who reported: code of a provincial body; district or commune for local bodies.",
    ),
    column("area_code", Text, "Code of the province."),
    column("period_code", Text, "Quarter or year that was closed."),
    column("window_start", Date, "First day of the period's window."),
    column("window_end", Date, "Last day of the period's window."),
    column(
        "value",
        BigInteger,
        "Sum over all rows of the reports inside the window, as known when it was closed.",
    ),
    column("includes_withheld", Boolean, "Whether counts that BI tools do not see are in the sum."),
    column("published_at", MOMENT, "When the period was closed."),
    PrimaryKeyConstraint("plan_code", "period_code", "form_code", "measure_name", "reported_by"),
    schema="dw",
    comment="Sums of persons over a province, by closed quarter and year, that give no withheld count away.",
)
DIM_TARGET = Table(
    "dim_target",
    METADATA,
    column("plan_code", Text, "Plan of the target."),
    column("target_code", Text, "Code of the target."),
    column(
        "additivity",
        Text,
        "How its figures add up: additive, semi_additive (over areas as part of a share) or non_additive.",
    ),
    column("factor", Double, "By what numerator / denominator is multiplied: 100 for percent."),
    column("is_share", Boolean, "Whether it has a denominator."),
    column("form_codes", ARRAY(Text), "Forms that its expressions read.", server_default="{}"),
    PrimaryKeyConstraint("plan_code", "target_code"),
    one_of("additivity", tuple(additivity.value for additivity in Additivity)),
    schema="dw",
    comment="Targets of the loaded plans, with what their aggregation functions allow.",
)
INDICATOR_COVERAGE = Table(
    "indicator_coverage",
    METADATA,
    column("plan_code", Text, "Code of the plan."),
    column("period_code", Text, "Period whose window has ended."),
    column("covered_since", MOMENT, "When the target table first had all its figures."),
    PrimaryKeyConstraint("plan_code", "period_code"),
    schema="audit",
    comment="Since when the target table, with its history, covers a period.",
)
REVISION_CAUSE = Table(
    "revision_cause",
    METADATA,
    column("plan_code", Text, "Plan of the target."),
    column("target_code", Text, "Code of the target."),
    column("area_code", Text, "Area that the figure is about."),
    column("period_code", Text, "Closed period up to whose end it is computed."),
    column("submission_id", BigInteger, "Submission that did.", ForeignKey(SUBMISSION.c.submission_id)),
    load_reference(),
    column("is_declared_correction", Boolean, "Whether that submission declares itself a correction."),
    PrimaryKeyConstraint("plan_code", "target_code", "area_code", "period_code", "submission_id", "load_id"),
    schema="audit",
    comment="Which submissions changed a figure after its period was closed.",
)
