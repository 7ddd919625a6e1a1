"""The files of a form set as typed models: one file per form, one for units, code lists and dimensions.

`label_en` is the label in English; by default it is made from the key.
The JSON Schemas of these models let editors complete and check the files.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from plans.model import Level
from plans.plan_types import Day, Flag, Whole
from schemas.declaration import MeasureType, RuleScope, Severity

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Label = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
ListCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9_]{0,39}$")]
FormCode = Annotated[str, StringConstraints(pattern=r"^\S[^\n]{0,39}$")]
RuleId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,12}-\d{2,3}$")]


class FilePart(BaseModel):
    """A part of a file: unknown keys are rejected."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SetFile(FilePart):
    """`set.yaml`: the identity of a form set.

    `prefix` goes before the names of its tables and views in the warehouse, by default the code and an
    underscore: several sets may have a form or a code list of the same key.
    """

    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,19}$")]
    prefix: Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9_]{0,19}_)?$")] | None = None
    version: Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+)*$")]
    title_vi: Label
    title_en: Label = ""


class UnitFile(FilePart):
    """A unit of measure. `max_value` is the highest plausible value of one cell; `whole`: no fractions.

    `counts_persons`: small counts of it are sensitive.
    """

    label_vi: Label
    max_value: Whole = Field(ge=0, le=10**15)
    whole: Flag = True
    money: Flag = False
    counts_persons: Flag = False
    label_en: Label | None = None


class CodeFile(FilePart):
    """An entry of a code list: its label and other wordings that occur.

    `reported_by` names the levels of the bodies whose blank forms have rows for it; all by default.
    """

    label_vi: Label
    aliases: tuple[Label, ...] = ()
    reported_by: tuple[Level, ...] = ()
    label_en: Label | None = None


class DimensionFile(FilePart):
    """A key column: an area of a level, a code of a list, or a date.

    `repeated_count`: each code counts the same things again, so that stocks do not add up over the codes.
    """

    label_vi: Label
    aliases: tuple[Label, ...] = ()
    level: Level | None = None
    code_list: Key | None = None
    repeated_count: Flag = False
    label_en: Label | None = None


class ListsFile(FilePart):
    """`lists.yaml`: units, code lists and dimensions that the forms share, by key."""

    units: dict[Key, UnitFile]
    code_lists: dict[Key, dict[ListCode, CodeFile]] = {}
    dimensions: dict[Key, DimensionFile]


class MeasureFile(FilePart):
    """A figure column; `group` is the label of the merged header cell above it.

    `amount_of`: the count of persons that the amount is about; it is withheld with it. Sheets whose window
    ends before `introduced_on`, or begins on `retired_on` or later, may lack the column.
    """

    key: Key
    label_vi: Label
    unit: Key
    type: MeasureType
    group: str = ""
    aliases: tuple[Label, ...] = ()
    code_list: Key | None = None
    amount_of: Key | None = None
    renamed_from: Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9_]{0,39})?$")] = ""
    introduced_on: Day | None = None
    retired_on: Day | None = None
    label_en: Label | None = None
    group_en: str = ""


class RuleFile(FilePart):
    """A condition on the values of a row; `condition` limits the rows that it applies to."""

    id: RuleId
    severity: Severity
    expression: Label
    column: Key
    label_vi: Label
    label_en: Label
    condition: str = ""
    scope: RuleScope = RuleScope.ROW
    replaces_check: str = ""


class ExpectedRows(FilePart):
    """The level whose areas must each have a row, and the finding code for a missing one."""

    level: Level
    finding: Literal["ROW-MISSING"] | RuleId = "ROW-MISSING"


class FormFile(FilePart):
    """A report form: a file of the folder `forms`, named after the key.

    `across` names the dimensions whose codes are columns of the sheet, the outermost first: each measure has
    a column for each combination of their codes, and each such cell becomes a row.
    """

    code: FormCode
    key: Key
    title: Label
    title_en: Label | None = None
    sensitive: Flag = False
    expected_rows: ExpectedRows | None = None
    dimensions: tuple[Key, ...] = Field(min_length=1)
    across: tuple[Key, ...] = Field(default=(), max_length=2)
    measures: tuple[MeasureFile, ...] = Field(min_length=1)
    rules: tuple[RuleFile, ...] = ()
