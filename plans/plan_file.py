"""What a plan file states: its parts as typed, frozen models that reject unknown keys.

A plan is data: bodies, areas, obligations, calendar and targets. Next year's plan, or another province's,
is a new file.
"""

from datetime import date
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, StringConstraints, model_validator

Level = Literal["province", "district", "commune"]
LEVELS: tuple[Level, ...] = ("province", "district", "commune")
Cadence = Literal["M", "Q", "H", "Y", "A"]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
AreaCode = Annotated[str, StringConstraints(pattern=r"^\d{1,10}$")]
BodyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{0,39}$")]
# With these limits the code and name of a local body, made from its area, fit the limits of any body.
LocalPrefix = Annotated[str, StringConstraints(pattern=r"^([A-Z0-9][A-Z0-9-]{0,29})?$")]
# No character that could add a second address or a mail header.
Email = Annotated[str, StringConstraints(pattern=r"^([^\s@,;:<>\"()]{1,64}@[A-Za-z0-9.-]{1,190})?$")]
AreaName = Annotated[str, StringConstraints(min_length=1, max_length=190, strip_whitespace=True)]


class Part(BaseModel):
    """A part of the plan file: unknown keys are rejected, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Dated(Part):
    """Something that exists from a first to a last day, both inclusive; without days, always."""

    valid_from: date | None = None
    last_day: date | None = None

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


class Area(Dated):
    """A province, district or commune. `kind` is the word before the name ("Phường").

    `email` is the office address of its people's committee, to which reminders go.
    """

    code: AreaCode
    name: AreaName
    level: Level
    parent: AreaCode | None = None
    kind: str = ""
    email: Email = ""


class Succession(Part):
    """What an area becomes on a day: `old`, or a part of it, lies in `new` from that day on.

    `kind`: merged into others, split among several, renamed, or moved to another parent. An area of
    another province carries the code of that province; without one it belongs to the plan's own.
    """

    from_day: date
    old: AreaCode
    new: AreaCode
    kind: Literal["merged", "split", "renamed", "moved"] = "merged"
    extent: Literal["whole", "part"] = "whole"
    decree: str = ""
    old_province: AreaCode | None = None
    new_province: AreaCode | None = None


class Body(Dated):
    """A body that reports. Its folder on the drive is named by its code, its letterhead by its name.

    `name_en` is its name in English; without one it is derived from the name. `email` is an office's address,
    never a person's.
    """

    code: BodyCode
    name: Name
    name_en: str = Field("", max_length=200)
    short_name: str = ""
    level: Level
    area: AreaCode
    section: str = ""
    email: Email = ""


class Obligation(Dated):
    """Who owes which form how often: `bodies` are body codes, or a level for all bodies of local areas.

    With dates it applies to the periods whose windows end within them. `optional`: the body may report, and
    owes nothing.
    """

    form: Name
    bodies: tuple[Name, ...] = Field(min_length=1)
    frequency: Cadence
    optional: bool = False


class Calendar(Part):
    """The reporting calendar (Nghị định 09/2019/NĐ-CP, art. 12): the window closes on `closing_day`.

    Days that the government moves by notice: `extra_days_off` are not working days, `extra_working_days` are.
    `close_completeness_floor_pct`: a period is not closed while a smaller share of its reports is in.
    """

    closing_day: int = Field(14, ge=1, le=28)
    due_working_days: dict[Level, Annotated[int, Field(ge=0, le=60)]]
    close_working_days: int = Field(ge=0, le=90)
    close_completeness_floor_pct: float | None = Field(None, ge=0, le=100)
    timezone: str = "Asia/Ho_Chi_Minh"
    extra_days_off: tuple[date, ...] = ()
    extra_working_days: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        try:
            ZoneInfo(self.timezone)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"the time zone {self.timezone!r} is not known") from error
        if both := set(self.extra_days_off) & set(self.extra_working_days):
            raise ValueError(f"{min(both)} is both an extra day off and an extra working day")
        return self


class Override(Dated):
    """Another threshold of a target: for some areas, for periods whose windows end within its days, or both.

    Without areas it applies to all. If several apply, the last one counts.
    """

    areas: tuple[AreaCode, ...] = ()
    threshold: FiniteFloat


class Target(Dated):
    """A target ("chỉ tiêu"): an expression over measures, compared with a threshold.

    `numerator` and `denominator` are in the language of `plans.target_expressions`.
    `pace`: a linear target is expected in proportion to the elapsed year, a constant one in full always.
    `breakdown_levels`: further levels at which the figure is shown without a threshold. With dates
    the target is computed for the periods whose windows end within them.
    """

    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,20}$")]
    section: str = ""
    label_vi: Name
    label_en: str = ""
    numerator: Name
    denominator: str = ""
    at_least: FiniteFloat | None = None
    at_most: FiniteFloat | None = None
    unit: Name
    pace: Literal["linear", "constant"] = "linear"
    reported_levels: tuple[Level, ...] = Field(min_length=1)
    breakdown_levels: tuple[Level, ...] = ()
    overrides: tuple[Override, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError(f"target {self.code} needs either at_least or at_most")
        if (self.unit == "percent") != bool(self.denominator):
            raise ValueError(f"target {self.code}: unit percent and a denominator go together")
        levels = (*self.reported_levels, *self.breakdown_levels)
        if doubles := [level for level in LEVELS if levels.count(level) > 1]:
            raise ValueError(f"target {self.code} names the level {doubles[0]} twice in its levels")
        return self

    @property
    def threshold(self) -> float:
        """The figure to reach, or not to exceed, in the target's unit."""
        return self.at_least if self.at_least is not None else float(self.at_most or 0)


class PlanFile(Part):
    """A whole plan file, its parts checked one by one."""

    format: Literal[2] = 2
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{0,29}$")]
    title: Name
    year: int = Field(ge=1990, le=2200)
    area: AreaCode
    local_body_prefix: LocalPrefix = "UBND-"
    calendar: Calendar
    areas: tuple[Area, ...]
    successions: tuple[Succession, ...] = ()
    bodies: tuple[Body, ...]
    obligations: tuple[Obligation, ...]
    targets: tuple[Target, ...]
