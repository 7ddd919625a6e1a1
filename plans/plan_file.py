"""What a plan file states: its parts as typed, frozen models that reject unknown keys.

A plan is data: bodies, areas, obligations, calendar and targets. Next year's plan, or another province's,
is a new file.
"""

from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints, model_validator

from plans.area_map import AreaMap
from plans.languages.catalog import DEFAULT
from plans.plan_types import (
    AreaCode,
    AreaName,
    BodyCode,
    Cadence,
    Dated,
    Day,
    Email,
    Flag,
    Key,
    Level,
    LocalBody,
    LocalPrefix,
    Name,
    Number,
    Part,
    Whole,
)
from plans.target_file import Target

DEFAULT_FORM_SET = "pcmd"
# "vi", "pt_BR". Left out of what is stored where it is the default, as in plans before there were languages.
Language = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]{2,3}(_[A-Z][A-Za-z]{1,3})?$"),
    Field(exclude_if=lambda code: code == DEFAULT),
]


class AdministrativeLevel(Part):
    """A level of the area tree, such as communes: its names in texts, and in the headings of sheets.

    `aliases`: other headings of a column of such areas. `local_body`: the name of an area's own body, with
    `{}` for that of the area; empty where areas of the level have none, as by default those of the highest
    level. Its code is `local_body_prefix` with the area's code.
    """

    key: Level
    label_vi: Name
    label_en: Name
    heading_vi: Name
    heading_en: str = ""
    aliases: tuple[Name, ...] = ()
    local_body: LocalBody | None = None
    local_body_prefix: LocalPrefix | None = None


def _level(key: Level, label_vi: str, label_en: str, heading_vi: str, heading_en: str) -> AdministrativeLevel:
    return AdministrativeLevel(
        key=key, label_vi=label_vi, label_en=label_en, heading_vi=heading_vi, heading_en=heading_en
    )


VIETNAMESE_LEVELS = (
    _level("province", "cấp tỉnh", "province", "Tỉnh, thành phố", "Province"),
    _level("district", "cấp huyện", "districts", "Huyện, thành phố", "District"),
    _level("commune", "cấp xã", "communes", "Xã, phường, thị trấn", "Commune"),
)


class Area(Dated):
    """An area of a level, such as a commune. `kind` is the word before the name ("Phường").

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

    from_day: Day
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
    optional: Flag = False


class Calendar(Part):
    """The reporting calendar (Nghị định 09/2019/NĐ-CP, art. 12): a month's window closes on `closing_day`.

    31 closes each month on its last day. `year_starts_in` is the first month of the plan year; a fiscal or
    school year is named after the calendar year in which it starts or ends (`year_named_by`), and the codes
    of its quarters, halves and year begin with `year_prefix` (by default FY). `periods`: the kinds of periods
    that figures are computed for; by default months, quarters, halves, the year, and those that obligations
    name. Weeks are those of ISO 8601, which end on `week_closing_day` (1 Monday, 7 Sunday).
    `country` names the public holidays, empty for none; `weekend` the days of the week without work.
    `language`, in which periods are named, is that of the plan.

    Days that the government moves by notice: `extra_days_off` are not working days, `extra_working_days` are.
    `close_completeness_floor_pct`: a period is not closed while a smaller share of its reports is in.
    """

    closing_day: Whole = Field(14, ge=1, le=31)
    year_starts_in: Whole = Field(1, ge=1, le=12)
    year_named_by: Literal["start", "end"] = "start"
    year_prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]{0,4}$")] | None = None
    periods: tuple[Cadence, ...] = ("M", "Q", "H", "Y")
    week_closing_day: Whole = Field(7, ge=1, le=7)
    due_working_days: dict[Level, Annotated[Whole, Field(ge=0, le=60)]]
    close_working_days: Whole = Field(ge=0, le=90)
    close_completeness_floor_pct: Number | None = Field(None, ge=0, le=100)
    language: Language = DEFAULT
    timezone: str = "Asia/Ho_Chi_Minh"
    country: Annotated[str, StringConstraints(pattern=r"^([A-Z]{2})?$")] = "VN"
    weekend: tuple[Annotated[Whole, Field(ge=1, le=7)], ...] = (6, 7)
    extra_days_off: tuple[Day, ...] = ()
    extra_working_days: tuple[Day, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        try:
            ZoneInfo(self.timezone)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"the time zone {self.timezone!r} is not known") from error
        if both := set(self.extra_days_off) & set(self.extra_working_days):
            raise ValueError(f"{min(both)} is both an extra day off and an extra working day")
        if len(set(self.periods)) < len(self.periods):
            raise ValueError("periods names a kind of period twice")
        if len(set(self.weekend)) == 7:
            raise ValueError("the weekend has all days of the week: nothing would ever be due")
        return self

    @property
    def code_prefix(self) -> str:
        """What the codes of quarters, halves and years begin with."""
        return ("FY" if self.year_starts_in > 1 else "") if self.year_prefix is None else self.year_prefix


class AreaFigures(Part):
    """Figures that the plan gives by area, such as a population or a baseline: `given(name)` in a target.

    An area without a figure has the sum of the areas inside it.
    """

    label_vi: Name
    label_en: str = ""
    unit: Name
    values: dict[AreaCode, Number] = Field(min_length=1)


class Record(Part):
    """Something done in an area on a day, such as a document issued: `recorded(name)` in a target."""

    area: AreaCode
    day: Day
    reference: str = ""


class PlanFile(Part):
    """A whole plan file, its parts checked one by one. A plan of several years has a `last_year`.

    `form_set` is a shipped form set, or a folder with one, relative to the plan file. With `form_set_version`
    another version of it is rejected. Reports are read and blank forms, findings and documents written in the
    `language`, which is also that of all texts whose key ends in `_vi`.
    """

    format: Literal[2] = 2
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{0,29}$")]
    title: Name
    language: Language = DEFAULT
    year: Whole = Field(ge=1990, le=2200)
    last_year: Whole | None = Field(None, ge=1990, le=2200)
    form_set: Annotated[str, StringConstraints(pattern=r"^[^\s\x00-\x1f][^\x00-\x1f]{0,199}$")] = (
        DEFAULT_FORM_SET
    )
    form_set_version: Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+)*$")] | None = None
    area: AreaCode
    levels: tuple[AdministrativeLevel, ...] = Field(VIETNAMESE_LEVELS, min_length=1)
    local_body_prefix: LocalPrefix = "UBND-"
    calendar: Calendar
    areas: tuple[Area, ...]
    map: Annotated[AreaMap | None, Field(exclude_if=lambda areas: areas is None)] = None
    successions: tuple[Succession, ...] = ()
    bodies: tuple[Body, ...]
    obligations: tuple[Obligation, ...]
    targets: tuple[Target, ...]
    area_figures: dict[Key, AreaFigures] = Field(default_factory=dict)
    records: dict[Key, tuple[Record, ...]] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _complete_calendar(cls, document: Any) -> Any:
        """Give the calendar the plan's language, and the kinds of periods of obligations if it has none."""
        calendar = document.get("calendar") if isinstance(document, dict) else None
        if not isinstance(calendar, dict):
            return document
        calendar = {**calendar, "language": document.get("language", DEFAULT)}
        if "periods" not in calendar:
            calendar["periods"] = _periods_of(document.get("obligations"))
        return {**document, "calendar": calendar}


def _periods_of(obligations: Any) -> list[str]:
    """Return the kinds of periods of a plan that does not state them."""
    listed = obligations if isinstance(obligations, list) else ()
    named = [obligation.get("frequency") for obligation in listed if isinstance(obligation, dict)]
    return [*(kind for kind in ("D", "W") if kind in named), "M", "Q", "H", "Y"]
