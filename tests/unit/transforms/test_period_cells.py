"""Periods in cells of dates and numbers: what their formats show counts."""

from datetime import date

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.grids import inspections, read_grid


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (date(2020, 3, 1), "mm/yyyy"),
        (date(2020, 3, 31), "mm/yyyy"),
        (date(2020, 3, 1), '"Tháng "m" năm "yyyy'),
        (3, '"Tháng "0"/2020"'),
    ],
)
@pytest.mark.parametrize("label", ["Kỳ báo cáo:", "Biểu báo cáo"])
def test_a_period_is_what_the_format_of_its_cell_shows(value: date | int, code: str, label: str) -> None:
    def write(sheet: Worksheet) -> None:
        sheet["A4"], sheet["B4"] = label, value
        sheet["B4"].number_format = code

    reading = read_grid(inspections(), "03", write)
    assert reading.period is not None
    assert reading.period.code == "2020-M03"
