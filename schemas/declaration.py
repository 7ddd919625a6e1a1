"""The words in which a report form is declared; a declaration reads like the form itself.

From one `Form` derive its header recognition, Pandera schema, fact table, view, template and documentation.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

from plans.model import Level
from schemas.reserved_labels import BELOW


class MeasureType(StrEnum):
    """How the values of a measure add up over time and areas."""

    FLOW = "flow"  # adds up over periods and areas
    STOCK = "stock"  # a level at the end of the window: the last counts over time, adds up over areas
    OPENING_STOCK = (
        "opening_stock"  # a level at the start of the window: the first counts over time, adds up over areas
    )
    FLAG = "flag"  # yes or no, one per area
    SCORE = "score"  # a grade or a code, never added


class Severity(StrEnum):
    """An error rejects the sheet; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class RuleScope(StrEnum):
    """What a rule reads: its own row, the plan year up to this period, or the previous period as well."""

    ROW = "row"
    YEAR_TO_DATE = "year_to_date"
    PREVIOUS_PERIOD = "previous_period"


def english_label(key: str) -> str:
    """Return a label in English from a key or code, which is English: "Cases detected"."""
    return key.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure. `max_value` is the highest plausible figure of one cell; `whole`: no fractions.

    `counts_persons`: small counts of it are sensitive.
    """

    key: str
    label_vi: str
    max_value: int
    whole: bool = True
    money: bool = False
    counts_persons: bool = False
    label_en: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a code list with its Vietnamese label and the other wordings seen.

    `reported_by` names the levels of the bodies whose blank forms have rows for it; empty: all.
    """

    code: str
    label_vi: str
    aliases: tuple[str, ...] = ()
    reported_by: tuple[Level, ...] = ()
    label_en: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class CodeList:
    """A closed list of codes. Like forms and their columns, each is one object, and its own identity."""

    key: str
    codes: tuple[Code, ...]


@dataclass(frozen=True, eq=False)
class Dimension:
    """A key column: what a row is about. `level` names an area level, `code_list` a list, else a date.

    `is_repeated_count`: the same things are counted again under each code, so stocks do not add up over it.
    """

    key: str
    label_vi: str
    aliases: tuple[str, ...] = ()
    level: Level | None = None
    code_list: CodeList | None = None
    is_repeated_count: bool = False
    label_en: str = ""


@dataclass(frozen=True, eq=False)
class Measure:
    """A figure column. `group` is the label of the merged header cell above it, `group_aliases` its others.

    `amount_of` is the key of the count of persons that an amount is about: it is withheld with it.
    `renamed_from` is the key that the column had before. Sheets whose window ends before `introduced_on`, or
    begins on `retired_on` or later, may lack the column.
    """

    key: str
    label_vi: str
    unit: Unit
    kind: MeasureType
    group: str = ""
    aliases: tuple[str, ...] = ()
    code_list: CodeList | None = None
    amount_of: str = ""
    renamed_from: str = ""
    introduced_on: date | None = None
    retired_on: date | None = None
    label_en: str = ""
    group_en: str = ""
    group_aliases: tuple[str, ...] = field(default=(), repr=False)

    def is_due(self, first: date, last: date) -> bool:
        """Whether sheets of a window must have the column."""
        is_introduced = self.introduced_on is None or last >= self.introduced_on
        return is_introduced and (self.retired_on is None or first < self.retired_on)

    @property
    def is_always_due(self) -> bool:
        """Whether sheets of all windows must have the column."""
        return self.introduced_on is None and self.retired_on is None

    @property
    def is_number(self) -> bool:
        """Whether the column holds numbers (and not yes/no or codes)."""
        return self.kind is not MeasureType.FLAG and self.code_list is None

    @property
    def is_additive(self) -> bool:
        """Whether a total row repeats the sum of the rows."""
        return self.kind in (MeasureType.FLOW, MeasureType.STOCK, MeasureType.OPENING_STOCK)


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold (error) or should hold (warning), in the language of `schemas.expressions`.

    `condition` limits the rows; `previous` in the expression is the same row of the period before;
    `column` is the cell that a finding points to. `replaces_check` is the general code it replaces.
    """

    id: str
    severity: Severity
    expression: str
    column: str
    label_vi: str
    label_en: str
    condition: str = ""
    scope: RuleScope = RuleScope.ROW
    replaces_check: str = ""


@dataclass(frozen=True, eq=False)
class Form:
    """A report form ("biểu"). `sensitive` forms count persons in need; `rows_expected` names a level whose
    areas must each have a row, with the finding code for one left out.

    `across` are the dimensions whose codes are spread over columns (see `schemas.printed_form`): the layout
    of the sheet, which changes nothing in the warehouse.
    """

    code: str
    key: str
    title: str
    dimensions: tuple[Dimension, ...]
    measures: tuple[Measure, ...]
    rules: tuple[Rule, ...] = ()
    sensitive: bool = False
    title_en: str = ""
    rows_expected: tuple[Level, str] | None = None
    across: tuple[Dimension, ...] = field(default=(), repr=False)

    @cached_property
    def columns(self) -> dict[str, Dimension | Measure]:
        """All columns by key, in the order of the form."""
        columns: tuple[Dimension | Measure, ...] = (*self.dimensions, *self.measures)
        return {column.key: column for column in columns}

    def label_of(self, key: str) -> str:
        """The label of a column, with its group where another column has the same label."""
        column = self.columns[key]
        alike = sum(other.label_vi == column.label_vi for other in self.columns.values())
        group = column.group if isinstance(column, Measure) else ""
        return f"{group}{BELOW}{column.label_vi}" if alike > 1 and group else column.label_vi

    @property
    def area_dimension(self) -> Dimension | None:
        """The key column that names a place, if the form has one."""
        return next((d for d in self.dimensions if d.level), None)

    def of_window(self, first: date, last: date) -> "Form":
        """The form without the measures that sheets of a window may lack; itself without such ones."""
        due = tuple(measure for measure in self.measures if measure.is_due(first, last))
        return self if len(due) == len(self.measures) else replace(self, measures=due)

    def rules_of(self, *scopes: RuleScope) -> tuple[Rule, ...]:
        """The rules of the given scopes, in order."""
        return tuple(rule for rule in self.rules if rule.scope in scopes)
