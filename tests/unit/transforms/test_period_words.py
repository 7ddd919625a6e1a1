"""Periods and windows in every wording that sheets have."""

import unicodedata
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.model import Calendar
from plans.reporting_calendar import Period, ad_hoc_period, scheduled_periods
from transforms.layout.sheet_head.period_words import InvalidPeriod, read_period
from transforms.layout.sheet_head.stated_windows import InvalidWindow, read_window

RULES = Calendar(due_working_days={"commune": 2, "district": 4, "province": 4}, close_working_days=6)
PERIODS = st.integers(1995, 2100).flatmap(lambda year: st.sampled_from(scheduled_periods(year, RULES)))
DAYS = st.dates(date(1995, 1, 1), date(2100, 12, 31))
TYPED: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "capitals": str.upper,
    "small": str.lower,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "no diacritics": lambda text: "".join(
        c
        for c in unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
        if not unicodedata.combining(c)
    ),
    "odd spaces": lambda text: f" {text.replace(' ', chr(0xA0))}  ",
}
TYPINGS = st.sampled_from(sorted(TYPED))


def _wordings(period: Period) -> Iterator[str]:
    year, n = period.year, period.number
    yield period.name_vi
    match period.kind:
        case "M":
            yield from (f"tháng {n:02}/{year}", f"Tháng {n}/{year}", f"T{n}/{year}", f"T.{n:02}/{year}")
            yield from (f"Tháng {n:02} - {year}", f"tháng {n}.{year}", f"Báo cáo tháng {n} năm {year}")
            yield from (f"tháng {n} năm{year}", f"tháng {n} n.{year}", f"Tháng thứ {n} năm {year}")
            yield from (f"{date(year, n, 1):%B} {year}", f"{date(year, n, 1):%b} {year}")
        case "Q":
            roman = ("I", "II", "III", "IV")[n - 1]
            yield from (
                f"Quý {roman}/{year}",
                f"quý {n} năm {year}",
                f"QUÝ {roman} - {year}",
                f"Quí {roman} năm {year}",
                f"Quý {roman.replace('I', 'l')} năm {year}",
                f"Quarter {n}, {year}",
                f"{('First', 'Second', 'Third', 'Fourth')[n - 1]} quarter of {year}",
            )
        case "H":
            half = ("đầu", "cuối")[n - 1]
            yield from (
                f"06 tháng {half} năm {year}",
                f"sáu tháng {half} năm {year}",
                f"6 tháng {half} năm ({year})",
            )
            if n == 1:
                yield from (f"6 tháng/{year}", f"6 tháng năm {year}", f"H1/{year}", f"Nửa đầu năm {year}")
        case "Y":
            yield from (f"cả năm {year}", f"NĂM {year}", f"Báo cáo năm {year}")
        case _:
            day = period.window_end
            yield from (f"đột xuất ngày {day.day} tháng {day.month} năm {year}", f"Đột xuất {day:%d.%m.%Y}")
            yield f"Đột xuất (ngày {day.day}/{day.month}/{day.year})"
            yield f"Báo cáo nhanh ngày {day:%d/%m/%Y}"


@given(PERIODS | DAYS.map(ad_hoc_period), TYPINGS, st.data())
def test_every_wording_of_every_period_reads_back(period: Period, typing: str, data: st.DataObject) -> None:
    words = data.draw(st.sampled_from(list(_wordings(period))))
    for text in (words, f"Kỳ báo cáo: {words}"):
        assert read_period(TYPED[typing](text), RULES) == period


@given(PERIODS | DAYS.map(ad_hoc_period), DAYS, DAYS)
def test_a_window_or_a_date_of_signing_beside_it_changes_nothing(
    period: Period, start: date, end: date
) -> None:
    window = f"Số liệu từ ngày {start:%d/%m/%Y} đến ngày {end.day}/{end.month}/{end.year}"
    signed = f"Đồng Nai, ngày {end.day} tháng {end.month} năm {end.year}"
    for text in (f"Kỳ báo cáo: {period.name_vi} ({window})", f"({window}) {period.name_vi}"):
        assert read_period(text, RULES) == period
        assert read_window(text) == (start, end)
    assert read_period(f"Kỳ báo cáo: {period.name_vi}. {signed}", RULES) == period


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Kỳ báo cáo",
        "Kỳ báo cáo:",
        "Kỳ báo cáo: …………",
        "Đồng Nai, ngày 16 tháng 3 năm 2020",
        "Đồng Nai, ngày … tháng 3 năm 2020",
        "Biên Hòa, ngày 16/3/2020",
        "Số liệu từ ngày 15/02/2020 đến ngày 14/3/2020",
        "Ban hành kèm theo Quyết định số 12/QĐ-UBND ngày 5 tháng 3 năm 2020",
        "Kế hoạch phòng, chống mại dâm trên địa bàn tỉnh Đồng Nai năm 2020",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Biểu 03-PCMD",
    ],
)
def test_other_lines_name_no_period(text: str) -> None:
    assert read_period(text, RULES) is None


@pytest.mark.parametrize(
    "text",
    [
        "Tháng 13 năm 2020",
        "Tháng 0/2020",
        "tháng 123 năm 2020",
        "Quý V/2020",
        "Quý 0 năm 2020",
        "đột xuất ngày 31/02/2020",
        "Đột xuất ngày 105/03/2020",
        "9 tháng đầu năm 2020",
        "từ tháng 1 đến tháng 3 năm 2020",
        "Tháng 1 năm 2020 đến tháng 3 năm 2020",
        "Quý I và quý II năm 2020",
        "Quý I/2020, tháng 4/2020",
        "Báo cáo quý I, phương hướng nhiệm vụ quý II năm 2020",
        "Kỳ báo cáo: abc",
        "Kỳ báo cáo: Quý I",
        "Kỳ báo cáo: Năm 2020, tháng 3",
        "Kỳ báo cáo: ngày 5 tháng 3 năm 2020",
        "KY BAO CAO: 2020",
    ],
)
def test_periods_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(InvalidPeriod):
        read_period(text, RULES)


def test_a_quarter_may_spell_out_its_months() -> None:
    period = read_period("Quý I/2020 (từ tháng 1 đến tháng 3 năm 2020)", RULES)
    assert period is not None
    assert period.code == "2020-Q1"


def _dated(day: date) -> Iterator[str]:
    yield from (
        f"ngày {day:%d/%m/%Y}",
        f"{day.day}/{day.month}/{day.year}",
        f"{day:%d-%m-%Y}",
        f"ngày {day:%d.%m.%Y}",
    )
    yield f"ngày {day.day} tháng {day.month} năm {day.year}"


@given(DAYS, DAYS, TYPINGS, st.data())
def test_every_wording_of_a_window_reads_back(
    start: date, end: date, typing: str, data: st.DataObject
) -> None:
    first = data.draw(st.sampled_from(list(_dated(start))))
    last = data.draw(st.sampled_from(list(_dated(end))))
    pattern = data.draw(
        st.sampled_from(
            [
                "(Số liệu từ {} đến {})",
                "từ {} đến {}",
                "Từ {} - {}",
                "{} đến {}",
                "từ {} đến hết {}",
                "Tính từ {} tới {}.",
            ]
        )
    )
    assert read_window(TYPED[typing](pattern.format(first, last))) == (start, end)


@pytest.mark.parametrize(
    "text",
    [
        "từ 31/02/2020 đến 14/03/2020",
        "Số liệu từ ngày 15/02/2020 đến ngày 14/13/2020",
        "từ ngày 15/123/2020 đến ngày 14/3/2020",
        "từ ngày 0/2/2020 đến ngày 14/3/2020",
    ],
)
def test_windows_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(InvalidWindow):
        read_window(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Đồng Nai, ngày 16 tháng 3 năm 2020",
        "Quý I/2020",
        "ngày 15/02/2020, ngày 14/03/2020",
        "từ 15/02/2020",
    ],
)
def test_other_lines_state_no_window(text: str) -> None:
    assert read_window(text) is None
