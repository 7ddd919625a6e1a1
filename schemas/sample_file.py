"""`sample.yaml` of a form set as a typed model: what sample reports need beyond the forms.

A form set needs none: figures are drawn by the types of the measures and made to keep the rules. The file
declares events that several columns or forms report on, in the language of `schemas.figure_expressions`.
"""

from typing import Annotated

from pydantic import AfterValidator, Field

from plans.model import Level
from plans.plan_types import Number, Whole
from schemas.figure_expressions import parse_figure
from schemas.form_files import FilePart, Key, ListCode, RuleId


def _is_expression(text: str) -> str:
    parse_figure(text)
    return text


Figure = Annotated[str | int | float | bool, AfterValidator(lambda value: _is_expression(str(value)))]


class PartialRows(FilePart):
    """Rows that bodies leave out, as they have nothing to report there.

    A share of the `bodies`, those of some `levels` or all, keeps the codes named in `always` and of the
    others the share `kept`.
    """

    levels: tuple[Level, ...] = ()
    bodies: Number = Field(default=1, ge=0, le=1)
    always: tuple[ListCode, ...] = ()
    kept: Number = Field(ge=0, le=1)


class SampledCodes(FilePart):
    """The codes of a key column that bodies report on, by their level; all by default.

    `first_body` are those of the first body of a level that reports on the form, in place of the others.
    """

    by_level: dict[Level, tuple[ListCode, ...]] = Field(default_factory=dict)
    first_body: dict[Level, tuple[ListCode, ...]] = Field(default_factory=dict)
    partial: PartialRows | None = None


class SampledForm(FilePart):
    """How figures of a form are drawn, one after the other, and which mistakes are made in it.

    `figures` are columns and helper names with their expressions; all measures of the form must be there.
    `slip` is added to one row by mistake, in a report that is valid and corrected later. `breaks` are columns
    of a row that breaks a rule, by rule.
    """

    figures: dict[Key, Figure] = Field(default_factory=dict)
    slip: dict[Key, Whole] = Field(default_factory=dict)
    breaks: dict[RuleId, dict[Key, Figure]] = Field(default_factory=dict)


class SampleFile(FilePart):
    """`sample.yaml`: codes that are reported by key column, and figures by form."""

    codes: dict[Key, SampledCodes] = Field(default_factory=dict)
    forms: dict[Key, SampledForm] = Field(default_factory=dict)
