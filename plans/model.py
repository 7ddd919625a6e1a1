"""What a plan file says, as typed models that refuse an inconsistent plan.

A plan is data: bodies, areas, obligations, calendar and targets. Next year's plan, or another province's,
is a new file.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal, Self, TypeVar
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
    last_day: date | None = None

    def exists(self, first: date, last: date) -> bool:
        """Whether it exists on some day from the first to the last."""
        return (self.valid_from or first) <= last and (self.last_day or last) >= first

    @property
    def starts_on(self) -> date:
        """The first day on which it exists; the first of all days where none is said."""
        return self.valid_from or date.min

    @property
    def ends_on(self) -> date:
        """The last day on which it exists; the last of all days where none is said."""
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
    """What became of an area on a day: `old`, or a part of it, lies in `new` from then on.

    `kind`: merged into others, split among several, renamed, or moved to another parent. Areas of another
    province have its code beside theirs; without one they are of the plan's own.
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


class Obligation(Dated):
    """Who owes which form how often: `bodies` are body codes, or a level for all bodies of local areas.

    With dates: for the periods whose windows end on one of these days.

    `optional`: may report, owes nothing.
    """

    form: Name
    bodies: tuple[Name, ...] = Field(min_length=1)
    frequency: Cadence
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


class Override(Dated):
    """Another threshold of a target: for some areas, for the periods whose windows end on some days, or both.

    Without areas for all of them. Of several that fit the last one counts.
    """

    areas: tuple[AreaCode, ...] = ()
    threshold: FiniteFloat


class Target(Dated):
    """A target ("chỉ tiêu"): an expression over measures held against a threshold.

    `numerator` and `denominator` are in the language of `plans.target_expressions`.
    `pace`: linear targets are expected in proportion to the year gone by, constant ones in full at all times.
    `breakdown_levels`: further levels at which the figure is shown without a threshold. With dates: it
    is computed for the periods whose windows end on one of these days.
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


State = TypeVar("State", Area, Body)


class Plan(Part):
    """A whole plan. Reading refuses doubled codes, unknown areas, bodies and obligations that fit nobody.

    An area or a body that changes within the year has an entry for each state, whose days do not overlap.
    """

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

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _no_doubles("area", self.areas)
        _no_doubles("body", self.all_bodies)
        if doubles := [code for code, times in Counter(t.code for t in self.targets).items() if times > 1]:
            raise ValueError(f"target code given twice: {', '.join(doubles[:5])}")
        self._areas_form_a_tree()
        self._successions_fit()
        for body in self.bodies:
            if body.area not in self.areas_by_code:
                raise ValueError(f"body {body.code} has the unknown area {body.area}")
        self._obligations_fit()
        return self

    def _areas_form_a_tree(self) -> None:
        if self.area not in self.areas_by_code:
            raise ValueError(f"the plan's own area {self.area} is not among its areas")
        ended = {code: area.ends_on for code, area in self.areas_by_code.items()}
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
            if area.ends_on > ended[area.parent]:
                raise ValueError(f"area {area.code} ({area.name}) lasts longer than {parent.code} around it")

    def _successions_fit(self) -> None:
        ends = {area.code: {a.ends_on for a in self.areas if a.code == area.code} for area in self.areas}
        for s in self.successions:
            if s.new_province in (None, self.area) and not any(
                a.code == s.new and a.exists(s.from_day, s.from_day) for a in self.areas
            ):
                raise ValueError(f"succession of {s.old}: there is no area {s.new} on {s.from_day}")
            if s.old_province in (None, self.area) and all(day >= s.from_day for day in ends.get(s.old, ())):
                raise ValueError(f"succession of {s.old}: no area of that code ends before {s.from_day}")
        known = {area.code for area in self.areas}
        for target in self.targets:
            if unknown := {code for override in target.overrides for code in override.areas} - known:
                raise ValueError(f"target {target.code} has a threshold for the unknown area {min(unknown)}")

    def _obligations_fit(self) -> None:
        levels = {body.level for body in self.local_bodies}
        for obligation in self.obligations:
            for name in obligation.bodies:
                if name in LEVELS and name not in levels:
                    raise ValueError(f"obligation for form {obligation.form}: no area has the level {name}")
                if name not in LEVELS and name not in self.bodies_by_code:
                    raise ValueError(f"obligation for form {obligation.form} names the unknown body {name}")
        seen: dict[tuple[str, str], list[tuple[Cadence, date, date]]] = {}
        for body, obligation in self.obligation_pairs:
            if body.level not in self.calendar.due_working_days:
                raise ValueError(f"due_working_days lacks the level {body.level} of body {body.code}")
            first = max(body.starts_on, obligation.starts_on)
            last = min(body.ends_on, obligation.ends_on)
            owed = seen.setdefault((body.code, obligation.form), [])
            for cadence, begun, ended in owed:
                if begun <= last and first <= ended:
                    how = "twice" if cadence == obligation.frequency else "at two cadences"
                    raise ValueError(f"body {body.code} owes form {obligation.form} {how}")
            owed.append((obligation.frequency, first, last))

    @cached_property
    def areas_by_code(self) -> dict[str, Area]:
        """Every area by its official code, in its last state."""
        return {area.code: area for area in sorted(self.areas, key=lambda area: area.starts_on)}

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
                last_day=a.last_day,
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
        """Every body by its code, in its last state."""
        return {body.code: body for body in sorted(self.all_bodies, key=lambda body: body.starts_on)}

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
                else [b for b in self.all_bodies if b.code == name]
            )
        )

    @cached_property
    def cadences(self) -> dict[tuple[str, str], Obligation]:
        """The obligation by (body code, form code); the last one where it changes within the year."""
        pairs = sorted(self.obligation_pairs, key=lambda pair: pair[1].starts_on)
        return {(body.code, obligation.form): obligation for body, obligation in pairs}

    @cached_property
    def _has_dates(self) -> bool:
        parts: tuple[Dated, ...] = (*self.areas, *self.bodies, *self.obligations)
        return any(part.valid_from is not None or part.last_day is not None for part in parts)

    @cached_property
    def _windows(self) -> dict[tuple[date, date], "Plan"]:
        return {}

    def effective_plan(self, first: date, last: date) -> "Plan":
        """The plan as it is in a window: each area and body that exists in it once, in its last state there.

        Obligations are those of the last day. A plan without dates is itself in force at all times.
        """
        if not self._has_dates:
            return self
        if (first, last) not in self._windows:
            fields = {name: getattr(self, name) for name in type(self).model_fields}
            fields["areas"] = _last_states(self.areas, first, last)
            fields["bodies"] = _last_states(self.bodies, first, last)
            fields["obligations"] = tuple(o for o in self.obligations if o.exists(last, last))
            self._windows[first, last] = Plan.model_construct(**fields)
        return self._windows[first, last]

    def effective_level(self, level: Level, day: date) -> Level:
        """The level that stands for another on a day: the next one below where there are no such areas.

        Since July 2025 provinces have communes and no districts: a form by district is one by commune.
        """
        there = {area.level for area in self.areas if area.exists(day, day)}
        return next((lower for lower in LEVELS[LEVELS.index(level) :] if lower in there), level)

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


def _no_doubles(what: str, states: Iterable[Area] | Iterable[Body]) -> None:
    """ValueError where a code is given twice for the same day."""
    ordered: list[Area | Body] = sorted(states, key=lambda state: (state.code, state.starts_on))
    doubles = {a.code: 0 for a, b in pairwise(ordered) if a.code == b.code and a.ends_on >= b.starts_on}
    if doubles:
        raise ValueError(f"{what} code given twice: {', '.join([*doubles][:5])}")


def _last_states(states: Iterable[State], first: date, last: date) -> tuple[State, ...]:
    """Of each code the last state that exists in the window, in the order of the plan."""
    there = [state for state in states if state.exists(first, last)]
    latest = {state.code: state for state in sorted(there, key=lambda state: state.starts_on)}
    return tuple(state for state in there if latest[state.code] is state)
