"""The types that the parts of a plan file share."""

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    FiniteFloat,
    StrictBool,
    StringConstraints,
    model_validator,
)

Level = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
LEVELS: tuple[Level, ...] = ("province", "district", "commune")  # of a plan that names none
# Ten days, week, month, quarter, half-year, year, ad hoc.
Cadence = Literal["D", "W", "M", "Q", "H", "Y", "A"]
Over = Literal[
    "year", "period", "plan"
]  # the reports a term reads: of the year to date, the period, all years
Year = Literal["current", "previous"]
Status = Literal["met", "on_track", "behind", "missed"]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
AreaCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,19}$")]
BodyCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")]
# With these limits the code and name of a local body, made from its area, fit the limits of any body.
LocalPrefix = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9][A-Za-z0-9._-]{0,29})?$")]
LocalBody = Annotated[str, StringConstraints(pattern=r"^([^{}]*\{\}[^{}]*)?$", max_length=60)]
# No character that could add a second address or a mail header.
Email = Annotated[str, StringConstraints(pattern=r"^([^\s@,;:<>\"()]{1,64}@[A-Za-z0-9.-]{1,190})?$")]
Expression = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]


def not_in_quotes(value: object) -> object:
    """Reject a number that is text or yes: a separator of thousands would be read as the decimal sign."""
    if isinstance(value, bool):
        raise ValueError(f"it must be a number, not {str(value).lower()}")
    if isinstance(value, str) and re.search(r"\d", value):
        message = (
            f"the number {value!r} is in quotes: write it without them, and without separators of thousands"
        )
        raise ValueError(message)
    return value


def _as_day(value: object) -> object:
    """Reject what pydantic would read as seconds since 1970: 86400 as 1970-01-02."""
    is_number = isinstance(value, int | float)
    if is_number or (isinstance(value, str) and not re.fullmatch(r"\s*\d{4}-\d\d-\d\d\s*", value)):
        raise ValueError(f"it must be a day, such as 2020-03-31, not {value!r}")
    return value


Number = Annotated[FiniteFloat, BeforeValidator(not_in_quotes)]
Whole = Annotated[int, BeforeValidator(not_in_quotes)]
Day = Annotated[date, BeforeValidator(_as_day)]
Flag = StrictBool
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,49}$")]
AreaName = Annotated[str, StringConstraints(min_length=1, max_length=190, strip_whitespace=True)]


class Part(BaseModel):
    """A part of the plan file: unknown keys are rejected, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Dated(Part):
    """Something that exists from a first to a last day, both inclusive; without days, always."""

    valid_from: Day | None = None
    last_day: Day | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.starts_on > self.ends_on:
            raise ValueError(f"last_day {self.last_day} lies before valid_from {self.valid_from}")
        return self

    def exists(self, first: date, last: date) -> bool:
        """Return whether it exists on some day from `first` to `last`, both inclusive."""
        return (self.valid_from or first) <= last and (self.last_day or last) >= first

    @property
    def starts_on(self) -> date:
        """The first day on which it exists; `date.min` where the file has none."""
        return self.valid_from or date.min

    @property
    def ends_on(self) -> date:
        """The last day on which it exists; `date.max` where the file has none."""
        return self.last_day or date.max
