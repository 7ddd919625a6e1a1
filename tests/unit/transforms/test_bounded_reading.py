"""Texts made to cost time, and those that only look like them: neither stops a reader."""

from collections.abc import Callable

import pytest

from schemas.figure_expressions import parse_figure
from tests.support.forms import FORM_SET
from tests.support.pipeline import PLAN
from tests.support.processor_time import reference_seconds
from transforms.extract.ods.ods_styles import _digits
from transforms.extract.sheet import Sheet
from transforms.extract.unseen_text import unseen_texts
from transforms.extract.workbook import read_contents
from transforms.extract.xml_elements import attributes_of, elements
from transforms.layout.form_search import look_for_form
from transforms.layout.sheet_head.period_words import read_period
from transforms.layout.sheet_head.seen_texts import seen_rows
from transforms.privacy.named_columns import names_by_heading
from transforms.privacy.number_search import number_spans

ROWS = "<tr><td>a<td>b<td>1<tr><td>a<td>b<td>2</table>"
LONG = 100_000
WORK_OF_PRIVACY = ("formula", "property", "alt text", "same headings", "headings", "persons")
HIDDEN = Sheet("a", [["x"]] * 2000, hidden_columns=frozenset(range(1, 16_384)))


def page(style: str = "", cell: str = "") -> Callable[[], object]:
    text = f"<html><head><style>{style}</style></head><body><table><tr><td{cell}>a<td>b<td>1{ROWS}"
    return lambda: read_contents(text.encode(), "a.xls")


@pytest.mark.parametrize(
    "work",
    [
        page(style="a" * LONG),
        page(style=f"<!--{' ' * LONG}~{{a:b}}"),
        page(cell=f" style='{'a' * LONG}'"),
        page(cell=f" style='color:rgb(1{' ' * LONG}'"),
        lambda: list(number_spans(f"{'1' * 60}q@a.vn")),
        lambda: attributes_of(b"sqref='" + b"A" * LONG + b"'"),
        lambda: seen_rows(HIDDEN, HIDDEN.rows),
        lambda: unseen_texts("", b"<sheetData><f>" + b'"' * LONG + b"></f></sheetData>"),
        lambda: unseen_texts("", b"<property" + b' name="a"' * (LONG // 10) + b"<"),
        lambda: unseen_texts("", b"<desc>" * LONG + b"</desc>"),
        lambda: list(names_by_heading([["Họ tên"]] * 2000, frozenset())),
        lambda: list(names_by_heading([["Họ tên"], ["Họ tên vợ"]] * 1000, frozenset())),
        lambda: list(names_by_heading([["Khách nước ngoài"], ["Người dân"]] * 1000, frozenset())),
        lambda: look_for_form(Sheet("a", [["Biểu số: 06-PCMD"], ["sl " * 3000, "sl"]]), FORM_SET),
    ],
    ids=[
        "rules",
        "selector",
        "style",
        "colour",
        "mailbox",
        "attribute",
        "hidden columns",
        *WORK_OF_PRIVACY,
        "label",
    ],
)
def test_a_long_text_takes_no_time(work: Callable[[], object]) -> None:
    assert reference_seconds(work, 1) < 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Tháng 12/2019 - 20/12/2019", "2019-M12"),
        ("Tháng 3/2020 - 21 xã báo cáo", "2020-M03"),
        ("Quý IV/2019, 20 xã", "2019-Q4"),
        ("Báo cáo tháng 3/2020 (số liệu tháng 03/2020)", "2020-M03"),
        ("Báo cáo T3/2020 - tháng 03 năm 2020", "2020-M03"),
    ],
)
def test_a_number_behind_the_year_and_a_month_written_twice_are_no_second_period(
    text: str, code: str
) -> None:
    period = read_period(text, PLAN.calendar)
    assert period is not None
    assert period.code == code


def test_elements_end_at_their_tag_however_it_is_spaced() -> None:
    assert list(elements(b'<x:r><x:si b="2">t</x:si ><x:si/>', "si")) == [(b' b="2"', b"t"), (b"", b"")]


def test_the_sign_of_a_stored_number_is_part_of_it() -> None:
    rows = "<tr><td>a<td>b<td x:num='-5'>5<tr><td>a<td>b<td x:num='-5'>-5"
    [sheet] = read_contents(f"<html><table>{rows}</table>".encode(), "a.xls").sheets
    assert set(sheet.flags) == {(0, 2)}


@pytest.mark.parametrize("factor", ["1e999", "nan", "1000"])
def test_any_factor_of_a_number_format_is_read(factor: str) -> None:
    assert _digits({"number:decimal-places": "0", "number:display-factor": factor}) in ("0", "0,")


def test_a_deep_expression_is_one_fault() -> None:
    with pytest.raises(ValueError, match="too deep"):
        parse_figure("-" * 3000 + "1")
