"""Form codes are found in their usual writings, and no code is taken for another."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from schemas.form_codes import clashing_codes, code_key, code_pattern, find_codes
from schemas.form_set import shipped_codes, shipped_form_set

MIXED = (
    "05A-TKYT", "05-TKYT", "1.2-BTP", "12-BTP", "2-BTP", "B03-TK", "03-TK", "HMIS 105", "HMIS 105.1", "Form 3",
    "Form 31", "Đ7-ĐT",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Biểu số: 05A-TKYT", "05A-TKYT"),
        ("Mẫu 5a tkyt", "05A-TKYT"),
        ("BIỂU 05A.TKYT (ban hành kèm theo)", "05A-TKYT"),
        ("Biểu 05 – TKYT", "05-TKYT"),
        ("Biểu số 1.2-BTP", "1.2-BTP"),
        ("Biểu số 01.02/BTP", "1.2-BTP"),
        ("Biểu 12-BTP", "12-BTP"),
        ("Biểu 2 BTP", "2-BTP"),
        ("Mẫu B03-TK", "B03-TK"),
        ("Mẫu B 03-TK", "B03-TK"),
        ("Mẫu 3-TK", "03-TK"),
        ("HMIS 105: OUTPATIENT MONTHLY REPORT", "HMIS 105"),
        ("HMIS FORM; hmis-105.1", "HMIS 105.1"),
        ("Form 3 - Births", "Form 3"),
        ("FORM 31", "Form 31"),
        ("Biểu Đ7-ĐT", "Đ7-ĐT"),
        ("Bie\u0302\u0309u D7 DT", "Đ7-ĐT"),
    ],
)
def test_a_code_is_found_as_it_is_written(text: str, code: str) -> None:
    assert find_codes(text, MIXED) == (code,)


@pytest.mark.parametrize(
    "text",
    [
        "Báo cáo tháng 3 năm 2020", "HMIS 1050", "HMIS 105.2", "3.2-BTP", "105A-TKYT", "05A-TKYTX", "Platform 3x",
        "XB03-TK", "",
    ],
)  # fmt: skip
def test_other_texts_name_no_form(text: str) -> None:
    assert find_codes(text, MIXED) == ()


def test_the_codes_of_a_text_are_in_its_order_and_given_once() -> None:
    text = "Biểu 12-BTP, tổng hợp từ biểu 05A-TKYT và 12 BTP"
    assert find_codes(text, MIXED) == ("12-BTP", "05A-TKYT")
    assert find_codes(text, ()) == ()


PARTS = st.one_of(st.integers(0, 120).map(str), st.text("ABKTYĐ", min_size=1, max_size=4))
CODES = st.lists(PARTS, min_size=1, max_size=4).flatmap(
    lambda parts: st.lists(st.sampled_from("-. "), min_size=len(parts) - 1, max_size=len(parts) - 1).map(
        lambda marks: "".join(a + b for a, b in zip(parts, [*marks, ""], strict=True))
    )
)


@st.composite
def written(draw: st.DrawFn, code: str) -> str:
    """A usual writing of a code: other separators, or none next to a letter; other case; leading zeros."""
    parts = re.findall(r"\d+|[^\W\d_]+", code)
    text = ""
    for number, part in enumerate(parts):
        apart = bool(number) and parts[number - 1].isdigit() and part.isdigit()
        marks = ["-", ".", " ", " - ", "–", "/"] if apart else ["", "-", ".", " ", " - ", "–", "/"]
        text += draw(st.sampled_from(marks)) if number else ""
        text += draw(st.sampled_from(["", "0"])) + part if part.isdigit() else part
    return draw(st.sampled_from([str.upper, str.lower, str.title]))(text)


@given(st.data(), st.lists(CODES, min_size=1, max_size=8, unique_by=code_key))
def test_each_code_is_found_and_is_not_taken_for_another(data: st.DataObject, codes: list[str]) -> None:
    code = data.draw(st.sampled_from(codes))
    text = data.draw(written(code))
    assert find_codes(text, tuple(codes)) == (code,)
    assert find_codes(f"({text})", tuple(codes)) == (code,)


@given(st.lists(CODES, min_size=2, max_size=2, unique_by=code_key), st.data())
def test_a_code_is_not_found_in_the_writing_of_a_longer_one(codes: list[str], data: st.DataObject) -> None:
    declared, other = codes
    text = data.draw(written(other))
    assume(not re.search(r"[\s–]", text))  # a space may separate a code from the next word
    found = find_codes(text, (declared,))
    assert found == () or code_key(declared) in code_key(other)


@pytest.mark.parametrize("code", shipped_codes())
def test_the_codes_of_a_shipped_set_can_be_told_apart(code: str) -> None:
    codes = tuple(shipped_form_set(code).by_code)
    assert clashing_codes(codes) == []
    for one in codes:
        assert find_codes(f"Biểu {one.replace('-', ' ').lower()}", codes) == (one,)


def test_codes_that_read_alike_are_an_error() -> None:
    assert clashing_codes(["03-TK", "1-A", "3 TK"]) == [("03-TK", "3 TK")]
    with pytest.raises(ValueError, match="the form codes 03-TK and 3 TK cannot be distinguished"):
        code_pattern(("03-TK", "3 TK"))
    with pytest.raises(ValueError, match="neither letters nor digits"):
        code_pattern(("--",))
