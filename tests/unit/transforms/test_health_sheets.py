"""Sheets of the health reports as health stations write them: names of stations, ages, vaccines, grouped columns."""

from datetime import date

import pytest

from plans.reading import DEFAULT_PLAN, read_plan
from schemas.form_set import shipped_form_set
from tests.support.grids import Grid, xlsx
from transforms.file_parser import read_file
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.sheet_parser import reading_context

PLAN, FORMS = read_plan(DEFAULT_PLAN.with_name("health_2024.yaml")), shipped_form_set("health")
CONTEXT = reading_context(PLAN, FORMS, date(2024, 6, 20))
STATION = "TYT-25993"


def _read(code: str, header: Grid, rows: Grid) -> SheetReading:
    top: Grid = [["Trạm Y tế Phường Trảng Dài"], [f"Biểu số: {code}"], ["Kỳ báo cáo: Tháng 3 năm 2024"], []]
    reading = read_file(xlsx([*top, *header, *rows]), "bao cao.xlsx", STATION, CONTEXT)
    [sheet] = reading.sheets
    return sheet


BIRTHS: Grid = [
    [
        "Xã, phường, thị trấn",
        "Tổng số ca đẻ",
        "Trong đó",
        None,
        "Trẻ đẻ ra sống",
        None,
        None,
        "Thai chết lưu",
    ],
    [None, None, "Do cán bộ y tế đỡ", "Mổ lấy thai", "Nam", "Nữ", "Cân nặng dưới 2500 g", None],
]
FIGURES = [12, 11, 3, 6, 7, 1, 0]
IN_ONE_ROW: Grid = [
    [
        *("Trạm y tế xã", "Tổng số ca đẻ", "Do cán bộ y tế đỡ", "Mổ lấy thai", "Trẻ đẻ ra sống (Nam)"),
        *("Trẻ đẻ ra sống (Nữ)", "Cân nặng dưới 2500g", "Thai chết lưu"),
    ]
]


@pytest.mark.parametrize("header", [BIRTHS, IN_ONE_ROW], ids=["two rows", "one row"])
@pytest.mark.parametrize(
    "name",
    [
        *("Phường Trảng Dài", "Trạm Y tế phường Trảng Dài", "Trạm y tế Trảng Dài", "TYT Trảng Dài"),
        *("TYT P. Trảng Dài", "1. TYT Trảng Dài", "P.Trảng Dài, Biên Hòa"),
    ],
)
def test_a_station_is_its_commune(name: str, header: Grid) -> None:
    reading = _read("YT-01", header, [[name, *FIGURES]])
    assert (reading.values, reading.findings) == ([["25993", *FIGURES]], [])


CONSULTATIONS: Grid = [
    ["Xã, phường, thị trấn", "Nhóm tuổi", "Số lượt khám", None, "Khám bảo hiểm y tế", "Chuyển tuyến"],
    [None, None, "Nam", "Nữ", None, None],
]


@pytest.mark.parametrize(
    "ages",
    [
        ["1. Dưới 1 tuổi", "2. 1 đến 4 tuổi", "3. 5 đến 14 tuổi", "4. Từ 15 tuổi"],
        ["1) < 1 tuổi", "2) 1-4 tuổi", "3) 5-14 tuổi", "4) 15 tuổi trở lên"],
        ["Dưới 1 tuổi", "Từ 1 đến 4 tuổi", "Từ 5 đến 14 tuổi", "≥15 tuổi"],
        ["Nhóm tuổi dưới 1 tuổi", "Nhóm tuổi: 1-4 tuổi", "Nhóm tuổi 5-14 tuổi", "Nhóm tuổi từ 15 tuổi"],
    ],
    ids=str,
)
def test_ages_with_list_marks_are_codes(ages: list[str]) -> None:
    rows: Grid = [["Trảng Dài", age, 80, 90, 160, 4] for age in ages]
    reading = _read("YT-03", CONSULTATIONS, rows)
    assert [values[1] for values in reading.values] == ["UNDER_1", "AGE_1_4", "AGE_5_14", "AGE_15_UP"]
    assert not reading.findings


def test_the_label_of_a_column_before_a_code_is_no_part_of_it() -> None:
    header: Grid = [
        [
            *("Xã, phường, thị trấn", "Vắc xin", "Dưới 1 tuổi - Nam", "Dưới 1 tuổi - Nữ"),
            *("1 đến 4 tuổi - Nam", "1 đến 4 tuổi - Nữ", "Từ 5 tuổi - Nam", "Từ 5 tuổi - Nữ"),
            *("Tổng số mũi", "Số ca phản ứng sau tiêm"),
        ]
    ]
    reading = _read("YT-02", header, [["Trảng Dài", "Vắc xin Sởi", 4, 5, 2, 1, 0, 0, 12, 1]])
    assert [values[:2] for values in reading.values] == [["25993", "MEASLES"]]
