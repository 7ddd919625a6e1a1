"""The usual writings of a form code have the same key, and different codes have different keys."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.form_codes import clashing_codes, code_key, named_code, numbered_code
from schemas.form_set import shipped_codes, shipped_form_set

MIXED = (
    "05A-TKYT", "05-TKYT", "1.2-BTP", "12-BTP", "2-BTP", "B03-TK", "03-TK", "HMIS 105", "HMIS 105.1", "Form 3",
    "Form 31", "Đ7-ĐT",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("5a tkyt", "05A-TKYT"),
        ("05A.TKYT", "05A-TKYT"),
        ("05 – TKYT", "05-TKYT"),
        ("01.02/BTP", "1.2-BTP"),
        ("2 BTP", "2-BTP"),
        ("B 03-TK", "B03-TK"),
        ("3-TK", "03-TK"),
        ("hmis-105.1", "HMIS 105.1"),
        ("FORM 31", "Form 31"),
        ("D7 DT", "Đ7-ĐT"),
    ],
)
def test_a_writing_has_the_key_of_its_code_alone(text: str, code: str) -> None:
    assert [declared for declared in MIXED if code_key(declared) == code_key(text)] == [code]


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


@given(st.data(), CODES)
def test_every_writing_of_a_code_has_its_key(data: st.DataObject, code: str) -> None:
    assert code_key(data.draw(written(code))) == code_key(code)


@pytest.mark.parametrize("code", shipped_codes())
def test_the_codes_of_a_shipped_set_differ(code: str) -> None:
    assert clashing_codes(shipped_form_set(code).by_code) == []


def test_codes_that_read_alike_clash() -> None:
    assert clashing_codes(["03-TK", "1-A", "3 TK"]) == [("03-TK", "3 TK")]
    with pytest.raises(ValueError, match="neither letters nor digits"):
        code_key("--")


DECLARED = ("05A-TKYT", "1.2-BTP", "2-BTP", "B03-TK", "HMIS 105", "HMIS 105.1", "Form 3", "03-PCMD")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Biểu số: 05A-TKYT", "05A-TKYT"),
        ("Biểu 5a tkyt", "05A-TKYT"),
        ("Mẫu số 05A.TKYT ban hành kèm theo", "05A-TKYT"),
        ("Biểu số: 1.2-BTP", "1.2-BTP"),
        ("Biểu 1.2/BTP", "1.2-BTP"),
        ("Biểu số 2/BTP", "2-BTP"),
        ("B03-TK", "B03-TK"),
        ("Biểu B 3 TK", "B03-TK"),
        ("HMIS 105", "HMIS 105"),
        ("HMIS FORM 105", None),
        ("Hmis 105.1 (OPD)", "HMIS 105.1"),
        ("Form 3", "Form 3"),
        ("FORM 3: Monthly report of the health station", "Form 3"),
        ("Phiếu báo cáo 03-PCMD", "03-PCMD"),
        ("Căn cứ Công văn số 03-PCMD của Sở", None),
        ("Biểu 103-PCMD", None),
        ("Tháng 3 năm 2020", None),
    ],
)
def test_a_text_states_the_code_of_a_form(text: str, code: str | None) -> None:
    assert named_code(text, DECLARED) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Biểu số: A", "A"),
        ("Mẫu biểu TKYT", "TKYT"),
        ("Form A", "A"),
        ("Form no. A (yearly)", "A"),
        ("A", None),  # the letter of a column
        ("TKYT", None),
        ("Báo cáo của đơn vị A", None),
        ("Form of the county A", None),
    ],
)
def test_a_code_without_digits_needs_a_word_right_before_it(text: str, code: str | None) -> None:
    assert named_code(text, ("A", "TKYT", "01-A")) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Biểu số: 03", "03-TK"),
        ("Mẫu 3", "03-TK"),
        ("BIỂU MẪU SỐ: 12.", "12-BTP"),
        ("Biểu số 5", "05-TKYT"),
        ("Biểu số: 7", None),
        ("Biểu số 3/BC", None),
        ("3", None),
        ("Biểu số 2.1", None),
    ],
)
def test_a_number_alone_is_the_only_code_that_begins_with_it(text: str, code: str | None) -> None:
    assert numbered_code(text, MIXED) == code


def test_a_number_that_two_codes_begin_with_names_neither() -> None:
    assert numbered_code("Biểu số 3", ("03-TK", "03-PCMD")) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Form 3", "Form 3"),
        ("FORM 03 - WATER SUPPLIED", "Form 3"),
        ("Form number: Form 3", "Form 3"),
        ("Form No. 3", "Form 3"),
        ("Biểu số: 3", "Form 3"),  # "Form 3" in the words of the reader
        ("Biểu số: 31 - WATER SUPPLIED", "Form 31"),
        ("Biểu số: 4", "04"),
        ("Biểu số: 3.1", None),
        ("3 wards", None),
        ("Biểu báo cáo 3 xã", None),
    ],
)
def test_a_code_that_begins_with_the_word_for_a_form(text: str, code: str | None) -> None:
    assert named_code(text, ("Form 3", "Form 31", "Form 4", "04")) == code
