"""What a plan file says, as typed models that refuse an inconsistent plan.

A plan is data: bodies, areas, obligations, calendar and targets. Next year's plan, or another province's,
is a new file.
"""

from collections import Counter
from datetime import date
from functools import cached_property
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, StringConstraints, model_validator

Level = Literal["province", "district", "commune"]
LEVELS: tuple[Level, ...] = ("province", "district", "commune")
Cadence = Literal["M", "Q", "H", "Y", "A"]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
AreaCode = Annotated[str, StringConstraints(pattern=r"^\d{1,10}$")]
BodyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{0,39}$")]
# With these the code and the name of an area's own body are such as any body's.
LocalPrefix = Annotated[str, StringConstraints(pattern=r"^([A-Z0-9][A-Z0-9-]{0,29})?$")]
# Only what cannot be taken for two addresses or a header of its own.
Email = Annotated[str, StringConstraints(pattern=r"^([^\s@,;:<>\"()]{1,64}@[A-Za-z0-9.-]{1,190})?$")]
AreaName = Annotated[str, StringConstraints(min_length=1, max_length=190, strip_whitespace=True)]


class Part(BaseModel):
    """A part of the plan file: unknown keys are refused, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Dated(Part):
    """Something that exists from a day to a day; without them, always."""

    valid_from: date | None = None
    valid_to: date | None = None

    def exists(self, first: date, last: date) -> bool:
        """Whether it exists on some day from the first to the last."""
        return (self.valid_from or first) <= last and (self.valid_to or last) >= first


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


class Body(Dated):
    """Someone who reports. The folder on the drive bears the code; the letterhead the name.

    `email` is an office's address, never a person's.
    """

    code: BodyCode
    name: Name
    short_name: str = ""
    level: Level
    area: AreaCode
    section: str = ""
    email: Email = ""


class Obligation(Part):
    """Who owes which form how often: `bodies` are body codes, or a level for all bodies of local areas.

    `optional`: may report, owes nothing.
    """

    form: Name
    bodies: tuple[Name, ...] = Field(min_length=1)
    every: Cadence
    optional: bool = False


class Calendar(Part):
    """The reporting calendar (Nghị định 09/2019/NĐ-CP, art. 12): the window closes on `closing_day`.

    Days off moved by government notice: `extra_days_off` are no working days, `extra_working_days` are.
    """

    closing_day: int = Field(14, ge=1, le=28)
    due_working_days: dict[Level, Annotated[int, Field(ge=0, le=60)]]
    close_working_days: int = Field(ge=0, le=90)
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


class Target(Part):
    """A target ("chỉ tiêu"): an expression over measures held against a threshold.

    `numerator` and `denominator` are in the language of `transforms.target_expressions`.
    `pace`: linear targets are expected in proportion to the year gone by, constant ones in full at all times.
    `shown_by`: further levels at which the figure is shown without a threshold.
    """

    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,20}$")]
    section: str = ""
    vi: Name
    en: str = ""
    numerator: Name
    denominator: str = ""
    at_least: FiniteFloat | None = None
    at_most: FiniteFloat | None = None
    unit: Name
    pace: Literal["linear", "constant"] = "linear"
    scopes: tuple[Level, ...] = Field(min_length=1)
    shown_by: tuple[Level, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError(f"target {self.code} needs either at_least or at_most")
        if (self.unit == "percent") != bool(self.denominator):
            raise ValueError(f"target {self.code}: unit percent and a denominator go together")
        levels = (*self.scopes, *self.shown_by)
        if doubles := [level for level in LEVELS if levels.count(level) > 1]:
            raise ValueError(f"target {self.code} names the level {doubles[0]} twice in scopes and shown_by")
        return self

    @property
    def threshold(self) -> float:
        """The figure to reach, or not to exceed, in the target's unit."""
        return self.at_least if self.at_least is not None else float(self.at_most or 0)


class Plan(Part):
    """A whole plan. Reading refuses doubled codes, unknown areas, bodies and obligations that fit nobody."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{0,29}$")]
    title: Name
    year: int = Field(ge=1990, le=2200)
    area: AreaCode
    local_body_prefix: LocalPrefix = "UBND-"
    calendar: Calendar
    areas: tuple[Area, ...]
    bodies: tuple[Body, ...]
    obligations: tuple[Obligation, ...]
    targets: tuple[Target, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _no_doubles("area", [a.code for a in self.areas])
        _no_doubles("body", [b.code for b in self.all_bodies])
        _no_doubles("target", [t.code for t in self.targets])
        self._areas_form_a_tree()
        for body in self.bodies:
            if body.area not in self.areas_by_code:
                raise ValueError(f"body {body.code} has the unknown area {body.area}")
        self._obligations_fit()
        return self

    def _areas_form_a_tree(self) -> None:
        if self.area not in self.areas_by_code:
            raise ValueError(f"the plan's own area {self.area} is not among its areas")
        for area in self.areas:
            if area.code == self.area:
                if area.parent in self.areas_by_code:
                    raise ValueError(
                        f"the plan's own area {area.code} lies in {area.parent}, one of its areas"
                    )
                continue
            if area.parent is None:
                raise ValueError(f"area {area.code} ({area.name}) has no parent")
            parent = self.areas_by_code.get(area.parent)
            if parent is None:
                raise ValueError(f"area {area.code} ({area.name}) has the unknown parent {area.parent}")
            if LEVELS.index(parent.level) >= LEVELS.index(area.level):
                raise ValueError(f"area {area.code} ({area.name}) lies in {parent.code}, which is no higher")

    def _obligations_fit(self) -> None:
        levels = {body.level for body in self.local_bodies}
        for obligation in self.obligations:
            for name in obligation.bodies:
                if name in LEVELS and name not in levels:
                    raise ValueError(f"obligation for form {obligation.form}: no area has the level {name}")
                if name not in LEVELS and name not in self.bodies_by_code:
                    raise ValueError(f"obligation for form {obligation.form} names the unknown body {name}")
        seen: dict[tuple[str, str], Cadence] = {}
        for body, obligation in self.obligation_pairs:
            if body.level not in self.calendar.due_working_days:
                raise ValueError(f"due_working_days lacks the level {body.level} of body {body.code}")
            if (earlier := seen.get((body.code, obligation.form))) is not None:
                how = "twice" if earlier == obligation.every else "at two cadences"
                raise ValueError(f"body {body.code} owes form {obligation.form} {how}")
            seen[body.code, obligation.form] = obligation.every

    @cached_property
    def areas_by_code(self) -> dict[str, Area]:
        """Every area by its official code."""
        return {area.code: area for area in self.areas}

    @cached_property
    def local_bodies(self) -> tuple[Body, ...]:
        """The people's committees of districts and communes: one per area, made from the areas."""
        return tuple(
            Body(
                code=f"{self.local_body_prefix}{a.code}",
                name=f"UBND {a.name}",
                level=a.level,
                area=a.code,
                valid_from=a.valid_from,
                valid_to=a.valid_to,
                email=a.email,
            )
            for a in self.areas
            if a.level != "province"
        )

    @cached_property
    def all_bodies(self) -> tuple[Body, ...]:
        """The bodies listed and those of the local areas."""
        return (*self.bodies, *self.local_bodies)

    @cached_property
    def bodies_by_code(self) -> dict[str, Body]:
        """Every body by its code."""
        return {body.code: body for body in self.all_bodies}

    @cached_property
    def obligation_pairs(self) -> tuple[tuple[Body, Obligation], ...]:
        """Each body with each obligation it has; a level stands for the local bodies of that level."""
        return tuple(
            (body, obligation)
            for obligation in self.obligations
            for name in obligation.bodies
            for body in (
                [b for b in self.local_bodies if b.level == name]
                if name in LEVELS
                else [self.bodies_by_code[name]]
            )
        )

    @cached_property
    def cadences(self) -> dict[tuple[str, str], Obligation]:
        """The obligation by (body code, form code)."""
        return {(body.code, obligation.form): obligation for body, obligation in self.obligation_pairs}

    def ancestors(self, area_code: str) -> tuple[str, ...]:
        """The area itself and all that it lies in, upwards."""
        codes = []
        code: str | None = area_code
        while code is not None and code in self.areas_by_code:
            codes.append(code)
            code = self.areas_by_code[code].parent
        return tuple(codes)

    @cached_property
    def areas_within(self) -> dict[str, frozenset[str]]:
        """For each area, the codes of itself and of all areas inside it."""
        within: dict[str, set[str]] = {a.code: set() for a in self.areas}
        for area in self.areas:
            for ancestor in self.ancestors(area.code):
                within[ancestor].add(area.code)
        return {code: frozenset(codes) for code, codes in within.items()}


def _no_doubles(what: str, codes: list[str]) -> None:
    doubles = [code for code, times in Counter(codes).items() if times > 1]
    if doubles:
        raise ValueError(f"{what} code given twice: {', '.join(doubles[:5])}")
