"""The mergers of 2025 as plans: Đồng Nai and Bình Phước from 2024 to 2026, with invented targets.

The facts are those of areas_succession.csv; only Bình Phước's district codes are invented, the file has none.
"""

import csv
from datetime import date, timedelta
from typing import Any

from plans.model import Area, Calendar, Obligation, Plan, Succession, Target
from plans.reading import DEFAULT_PLAN, read_plan
from tests.support.paths import DATA

JANUARY, JULY = date(2025, 1, 1), date(2025, 7, 1)
DONG_NAI, BINH_PHUOC = "75", "70"
_PROVINCES = {"Tỉnh Đồng Nai": DONG_NAI, "Tỉnh Bình Phước": BINH_PHUOC}
_OF_2020 = read_plan(DEFAULT_PLAN)
with (DATA / "areas_succession.csv").open(encoding="utf-8") as file:
    ROWS: list[dict[str, Any]] = [
        dict(row, day=date.fromisoformat(row["from_day"])) for row in csv.DictReader(file)
    ]
TARGETS = (
    Target(
        code="X1",
        label_vi="Số cơ sở được kiểm tra",
        numerator="sum(commune_status.inspected)",
        at_least=900,
        unit="establishment",
        reported_levels=("province", "commune"),
        breakdown_levels=("district",),
    ),
    Target(
        code="X2",
        label_vi="Tỷ lệ cơ sở được kiểm tra",
        numerator="sum(commune_status.inspected)",
        denominator="last(commune_status.managed)",
        at_least=80,
        unit="percent",
        reported_levels=("province", "commune"),
    ),
    Target(
        code="X3",
        label_vi="Tỷ lệ xã không có tệ nạn mại dâm",
        numerator="count(commune_status.free_of_prostitution)",
        denominator="areas(commune)",
        at_least=80,
        unit="percent",
        pace="constant",
        reported_levels=("province",),
    ),
    Target(
        code="X4",
        label_vi="Điểm đánh giá trung bình",
        numerator="average(commune_status.score)",
        at_least=61,
        unit="point",
        pace="constant",
        reported_levels=("province", "commune"),
    ),
)
OBLIGATIONS = (Obligation(form="05-PCMD", bodies=("commune",), frequency="Q"),)


def _area(code: str, name: str, level: str, parent: str | None, **days: date) -> Area:
    return Area(code=code, name=name, level=level, parent=parent, **days)


def areas_of_2024(province: str) -> list[Area]:
    """Province, districts and communes before both mergers."""
    if province == DONG_NAI:
        return list(_OF_2020.areas)
    communes = [row for row in ROWS if _PROVINCES[row["old_province"]] == province]
    districts = {name: f"70{n:02}" for n, name in enumerate(sorted({r["old_district"] for r in communes}))}
    return [
        _area(province, "Tỉnh Bình Phước", "province", None),
        *(_area(code, name, "district", province) for name, code in districts.items()),
        *(
            _area(row["old_code"], row["old_name"], "commune", districts[row["old_district"]])
            for row in {row["old_code"]: row for row in communes}.values()
        ),
    ]


def areas_after_january() -> list[Area]:
    """The areas of Đồng Nai from January to June 2025."""
    parents = {area.code: area.parent for area in _OF_2020.areas}
    there = {area.code: area for area in _OF_2020.areas}
    for row in (row for row in ROWS if row["day"] == JANUARY):
        there.pop(row["old_code"], None)
    for row in (row for row in ROWS if row["day"] == JANUARY):
        code = row["new_code"]
        there[code] = _area(code, row["new_name"], "commune", parents[code])
    return list(there.values())


def areas_of_2026() -> list[Area]:
    """The province of two levels: 95 communes and no districts."""
    communes = {row["new_code"]: row["new_name"] for row in ROWS if row["day"] == JULY}
    return [
        _area(DONG_NAI, "Tỉnh Đồng Nai", "province", None),
        *(_area(code, name, "commune", DONG_NAI) for code, name in communes.items()),
    ]


def _kind(row: dict[str, Any]) -> str:
    of_day = [r for r in ROWS if r["day"] == row["day"]]
    if row["extent"] != "whole":
        return "split"
    if sum(r["new_code"] == row["new_code"] for r in of_day) > 1:
        return "merged"
    return "moved" if row["day"] == JULY else "renamed"


SUCCESSIONS = (
    *(
        Succession(
            from_day=row["day"],
            old=row["old_code"],
            new=row["new_code"],
            kind=_kind(row),
            extent="whole" if row["extent"] == "whole" else "part",
            old_province=_PROVINCES[row["old_province"]],
            new_province=DONG_NAI,
        )
        for row in ROWS
    ),
    *(
        Succession(
            from_day=JULY,
            old=province,
            new=DONG_NAI,
            old_province=province,
            new_province=DONG_NAI,
            decree="Nghị quyết 202/2025/QH15",
        )
        for province in (DONG_NAI, BINH_PHUOC)
    ),
)


def _dated(areas: list[Area], since: date | None, until: date | None) -> list[Area]:
    last = until - timedelta(days=1) if until else None
    return [area.model_copy(update={"valid_from": since, "last_day": last}) for area in areas]


def _states_of_2025() -> list[Area]:
    """Each area once for as long as it stays as it was: until January, until July, from July on."""
    before, between = areas_of_2024(DONG_NAI), areas_after_january()
    stays = {area.code for area in before if area in between}
    return [
        *_dated([a for a in before if a.code not in stays], None, JANUARY),
        *_dated([a for a in before if a.code in stays], None, JULY),
        *_dated([a for a in between if a.code not in stays], JANUARY, JULY),
        *_dated(areas_of_2026(), JULY, None),
    ]


def _plan(year: int, province: str, areas: list[Area], successions: tuple[Succession, ...] = ()) -> Plan:
    return Plan(
        code=f"X{province}-{year}",
        title=f"Kế hoạch giả định năm {year}",
        year=year,
        area=province,
        calendar=Calendar(
            due_working_days={"commune": 2, "district": 4, "province": 4}, close_working_days=6
        ),
        areas=tuple(areas),
        successions=successions,
        bodies=(),
        obligations=OBLIGATIONS,
        targets=TARGETS,
    )


def plans() -> list[Plan]:
    """The plans of both provinces for 2024 and 2025, and of the one that is left for 2026."""
    return [
        _plan(2024, DONG_NAI, areas_of_2024(DONG_NAI)),
        _plan(2024, BINH_PHUOC, areas_of_2024(BINH_PHUOC)),
        _plan(2025, DONG_NAI, _states_of_2025(), SUCCESSIONS),
        _plan(2025, BINH_PHUOC, _dated(areas_of_2024(BINH_PHUOC), None, JULY)),
        _plan(2026, DONG_NAI, areas_of_2026()),
    ]
