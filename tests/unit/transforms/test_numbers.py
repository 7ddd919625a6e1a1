from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text.numbers import read_date, read_flag, read_number


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (5, 5), (5.0, 5), (2.5, 2.5), (-3, -3), ("0", 0), ("-", 0), ("–", 0), ("—", 0), ("không", 0),
        ("KO", 0), ("KHÔNG CÓ", 0), ("ko", 0), ("k", 0), ("1.234", 1234), ("1.234.567", 1234567),
        ("1.234.567,8", 1234567.8), ("2,5", 2.5), ("2,0", 2), (" 1600000 ", 1600000), ("1 234 567", 1234567),
        ("1\u00a0234\u00a0567", 1234567), ("1 234,5", 1234.5), ("4.5", 4.5), ("12.25", 12.25),
        ("0.125", 0.125), ("0,125", 0.125), ("101.0", 101), ("1,234,567", 1234567), ("+5", 5), ("-5", -5),
        ("−5", -5), ("(5)", -5), ("(1.234)", -1234), ("007", 7), ("1234567.89", 1234567.89),
        ("1,234", 1.234), ("'1037", 1037),
    ],
)  # fmt: skip
def test_numbers_are_read(cell: object, number: float) -> None:
    read = read_number(cell)
    assert read == number
    assert type(read) is (int if float(number).is_integer() else float)


@pytest.mark.parametrize("blank", [None, "", "  ", "\u00a0", "\n"])
def test_blank_is_none(blank: object) -> None:
    assert read_number(blank) is None
    assert read_flag(blank) is None
    assert read_date(blank) is None


@pytest.mark.parametrize(
    "cell",
    [
        "12 vụ", "abc", "1.2.3", "1,2,3", "5/3/2020", "NaN", "nan", "inf", "1e5", "1_000", "5%", "--5",
        "+-5", "(-5)", "5.", ",5", "1.23.456", "12.34,5", "1234.567", "1,234.5", "1.234 567", "１２",
        "٣", "x",
        ".", "()", "0x1", "1" * 41, True, False, float("nan"), float("inf"), date(2020, 3, 5),
        datetime(2020, 3, 5), [], b"5",
    ],
)  # fmt: skip
def test_anything_else_is_no_number(cell: object) -> None:
    with pytest.raises(ValueError):
        read_number(cell)


@given(st.integers(-(10**14), 10**14))
def test_whole_numbers_survive_every_way_of_writing(number: int) -> None:
    thousands = f"{abs(number):,}"
    sign = "-" if number < 0 else ""
    for text in (
        str(number),
        sign + thousands.replace(",", "."),
        sign + thousands.replace(",", " "),
        f"{number}.0",
    ):
        assert read_number(text) == number


@given(st.integers(0, 10**9), st.integers(1, 99))
def test_decimals_survive_comma_and_point(whole: int, hundredths: int) -> None:
    fraction = f"{hundredths:02}"
    expected = float(f"{whole}.{fraction}")
    assert read_number(f"{whole},{fraction}") == expected
    assert read_number(f"{whole}.{fraction}") == expected
    assert read_number(f"{whole:,}".replace(",", ".") + f",{fraction}") == expected


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    try:
        number = read_number(text)
    except ValueError:
        return
    assert number is None or isinstance(number, int | float)


@pytest.mark.parametrize(
    "cell", ["x", "X", "Có", "CÓ", "co", "co\u0301", "1", 1, 1.0, True, "đạt", "✓", "√", "yes", " x "]
)
def test_yes(cell: object) -> None:
    assert read_flag(cell) is True


@pytest.mark.parametrize(
    "cell", ["không", "Không", "khong", "ko", "0", 0, 0.0, False, "-", "–", "k", "Chưa", "no"]
)
def test_no(cell: object) -> None:
    assert read_flag(cell) is False


@pytest.mark.parametrize("cell", ["có thể", 2, 0.5, "xx", date(2020, 1, 1), float("nan"), "10"])
def test_neither_yes_nor_no(cell: object) -> None:
    with pytest.raises(ValueError):
        read_flag(cell)


@pytest.mark.parametrize(
    "cell",
    [
        date(2020, 3, 5), datetime(2020, 3, 5, 13, 30), "5/3/2020", "05/03/2020", "5-3-2020", "05.03.2020",
        "5 3 2020", "05/03/20", "5 / 3 / 2020", "2020-03-05", "ngày 5 tháng 3 năm 2020",
        "Ngày 05 Tháng 3 Năm 2020", "ngày 05/03/2020", 43895, 43895.0, 43895.75,
    ],
)  # fmt: skip
def test_dates_are_read(cell: object) -> None:
    read = read_date(cell)
    assert read == date(2020, 3, 5)
    assert type(read) is date


@pytest.mark.parametrize(
    "cell",
    [
        "31/2/2020",
        "2020/03/05",
        "5/3",
        "13/13/2020",
        "abc",
        5,
        19999,
        80001,
        True,
        float("nan"),
        "5/3-2020",
        "٥/3/2020",
        [],
    ],
)
def test_anything_else_is_no_date(cell: object) -> None:
    with pytest.raises(ValueError):
        read_date(cell)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_dates_survive_every_way_of_writing(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    for cell in (
        f"{day:%d/%m/%Y}",
        f"{day.day}-{day.month}-{day.year}",
        f"{day:%d.%m.%y}",
        day.isoformat(),
        serial,
    ):
        assert read_date(cell) == day
