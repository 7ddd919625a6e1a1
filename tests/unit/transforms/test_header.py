"""Headers of one row and two, in other orders and wordings; the rows of numbers below them."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.reading import DEFAULT_PLAN, read_plan
from sampledata.drive import make_drive
from sampledata.mess import Typing
from sampledata.style import EXTRA_LABELS
from schemas.declaration import Dimension, Form, Measure
from tests.support.forms import BY_CODE, FORMS
from transforms.extract.workbook import read_sheets
from transforms.layout.sheet_parser import decode_sheet
from transforms.layout.table_header.header import Header, find_header, is_number_row
from transforms.text.normalise import normalise
from transforms.text.numbers import read_number

PLAN = read_plan(DEFAULT_PLAN)
BODIES = ["CAT", "TAND", "CHQ", "UBND-735"]  # all forms among them
Merged = list[tuple[int, int, int, int]]
Column = Dimension | Measure
FORM_01, FORM_03 = BY_CODE["01-PCMD"], BY_CODE["03-PCMD"]
UNITS = ("", " (vụ)", " (Triệu đồng)", "\n(người)", ":", ".")
TYPED = (
    str,
    str.upper,
    lambda s: unicodedata.normalize("NFD", s),
    lambda s: f" {s.replace(' ', '  ', 1)} ",
    lambda s: s.replace(" ", "\n", 1),
)


def _group(column: Column) -> str:
    return column.group if isinstance(column, Measure) else ""


def _one_row(columns: list[Column], separator: str = " - ") -> list[object]:
    return [f"{_group(c)}{separator}{c.label_vi}" if _group(c) else c.label_vi for c in columns]


def _two_rows(columns: list[Column], labels: list[str], at: int) -> tuple[list[list[object]], Merged]:
    """Groups merged over their columns, other labels merged over both rows; the first row is row `at`."""
    upper: list[object] = []
    lower: list[object] = []
    merged: Merged = []
    for group, run in groupby(zip(columns, labels, strict=True), key=lambda pair: _group(pair[0])):
        for number, (_, label) in enumerate(run):
            here = len(upper)
            upper.append((group if number == 0 else None) if group else label)
            lower.append(label if group else None)
            if not group:
                merged.append((at, here, at + 1, here))
            elif number == 1:
                merged.append((at, here - 1, at, here))
            elif number:
                merged[-1] = (at, merged[-1][1], at, here)
    return [upper, lower], merged


def _found(
    rows: Sequence[Sequence[Any]], form: Form, merged: Sequence[tuple[int, int, int, int]] | None = None
) -> Header:
    header = find_header(rows, merged or [], form)
    assert header is not None
    return header


def _shuffled(form: Form, rng: Random) -> list[Column]:
    """The columns of a form in another order, those of a group side by side."""
    blocks = [list(run) for _, run in groupby(form.columns.values(), key=lambda c: _group(c) or c.key)]
    rng.shuffle(blocks)
    for block in blocks:
        rng.shuffle(block)
    return [column for block in blocks for column in block]


def _worded(column: Column, rng: Random) -> str:
    return rng.choice(TYPED)(rng.choice((column.label_vi, *column.aliases)) + rng.choice(UNITS))


@given(st.sampled_from(FORMS), st.randoms(use_true_random=False), st.integers(0, 3), st.integers(0, 2))
def test_a_header_of_one_row(form: Form, rng: Random, above: int, left: int) -> None:
    columns = _shuffled(form, rng)
    separator = rng.choice((" - ", ": ", "\n", " – ", "/"))
    labels = [f"{_group(c)}{separator}{_worded(c, rng)}" if _group(c) else _worded(c, rng) for c in columns]
    header = _found(
        [*[["Tên bảng"]] * above, [*[None] * left, *labels], [*[None] * left, "Biên Hòa", 1, 2, 3]], form
    )
    assert header.columns == {c.key: left + i for i, c in enumerate(columns)}
    assert (header.first_row, header.last_row) == (above, above)
    assert not header.duplicates
    assert not header.unknown


@given(st.sampled_from(FORMS), st.randoms(use_true_random=False), st.integers(0, 3), st.booleans())
def test_a_header_of_two_rows(form: Form, rng: Random, above: int, knows_merges: bool) -> None:
    columns = _shuffled(form, rng)
    rows, merged = _two_rows(columns, [_worded(c, rng) for c in columns], above)
    header = _found(
        [*[["Tên bảng"]] * above, *rows, ["Biên Hòa", 1, 2, 3]], form, merged if knows_merges else []
    )
    assert header.columns == {c.key: i for i, c in enumerate(columns)}
    height = 2 if any(_group(c) for c in columns) else 1
    assert (header.first_row, header.last_row) == (above, above + height - 1)
    assert not header.duplicates
    assert not header.unknown


def test_a_group_reaches_as_far_as_its_merged_cell() -> None:
    upper = ["Huyện", "Đối tượng xử lý hình sự", None, None, None, "Xử phạt vi phạm hành chính", None, None]
    lower = [None, None, None, "Khác", "Tổng số", "Khác", "Tổng số", "Số tiền phạt"]
    merged = [(0, 1, 0, 4), (0, 5, 0, 7)]
    header = _found([upper, lower], FORM_01, merged)
    found = {
        key: header.columns[key]
        for key in ("offenders_other", "offenders_total", "sanctioned_other", "sanctioned_total")
    }
    assert found == {"offenders_other": 3, "offenders_total": 4, "sanctioned_other": 5, "sanctioned_total": 6}


def test_a_label_of_several_groups_goes_with_its_neighbours() -> None:
    labels = [
        "Chứa mại dâm",
        "Môi giới mại dâm",
        "Khác",
        "Tổng số",
        "Người bán dâm",
        "Người mua dâm",
        "Khác",
        "Cộng",
    ]
    header = _found([["TT", "Huyện, thành phố", *labels]], FORM_01)
    assert {key: position for key, position in header.columns.items() if position > 1} == {
        "offenders_harbouring": 2,
        "offenders_brokering": 3,
        "offenders_other": 4,
        "offenders_total": 5,
        "sanctioned_sellers": 6,
        "sanctioned_buyers": 7,
        "sanctioned_other": 8,
        "sanctioned_total": 9,
    }


def test_a_label_of_several_groups_without_a_neighbour_is_not_guessed() -> None:
    header = _found([["Tổng số", "Chứa mại dâm", "Môi giới mại dâm"]], FORM_01)
    assert header.columns == {"offenders_harbouring": 1, "offenders_brokering": 2}
    assert header.unknown == [("Tổng số", 0)]


def test_columns_that_no_form_has_are_named_but_for_numbers_and_notes() -> None:
    rows = [["STT", *_one_row(list(FORM_03.columns.values())), "Ghi chú", "Người chịu trách nhiệm"]]
    header = _found(rows, FORM_03)
    assert header.ordinal == 0
    assert header.unknown == [("Người chịu trách nhiệm", len(FORM_03.columns) + 2)]
    for label in ("TT", "Số TT", "số thứ tự", "STT.", "stt"):
        assert _found([[label, *rows[0][1:]]], FORM_03).ordinal == 0


def test_a_column_twice_is_kept_once() -> None:
    header = _found([["Nội dung", *_one_row(list(FORM_03.columns.values())), "Tổng số cơ sở"]], FORM_03)
    assert header.columns["managed"] == 3
    assert header.duplicates == [("managed", len(FORM_03.columns) + 1)]


def test_a_header_lacking_a_column_is_found_and_lacks_it() -> None:
    columns = [c for c in FORM_03.columns.values() if c.key != "visits"]
    rows, merged = _two_rows(columns, [c.label_vi for c in columns], 0)
    header = _found([*rows, ["Cấp tỉnh", "Karaoke", 1, 2]], FORM_03, merged)
    assert set(header.columns) == {c.key for c in columns}
    assert header.last_row == 1


def test_the_first_of_two_equal_headers_counts() -> None:
    labels = _one_row(list(FORM_03.columns.values())[:-1])
    header = _found([labels, ["Cấp tỉnh", "Karaoke", 1], labels], FORM_03)
    assert header.first_row == 0


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [[]],
        [[None, None]],
        [["Biểu 03-PCMD"]],
        [["Số lượt kiểm tra"], ["Số cơ sở vi phạm"]],
        [[1, 2, 3], [4.5, True, None]],
    ],
)
def test_what_is_no_header(rows: list[list[object]]) -> None:
    assert find_header(rows, [], FORM_03) is None


@pytest.mark.parametrize(
    "row",
    [
        ["(1)", "(2)", "(3)"],
        [None, "(1)", None, "(2)"],
        ["A", "B", "1", "2", "3"],
        ["A", "B", "(1)", "(2)"],
        [1, 2, 3, 4],
        [1.0, 2.0, 3.0],
        ["1", "2", "3=1+2", "4 = 1 - 3"],
        ["(1)", "(2)", "(3)=(1)+(2)"],
        [0, 1, 2],
    ],
)
def test_rows_of_column_numbers(row: list[object]) -> None:
    assert is_number_row(row)


@pytest.mark.parametrize(
    "row",
    [
        [],
        [None, ""],
        ["(1)"],
        [1, "Biên Hòa", 2, 3],
        [5, 6, 7],
        [1, 1, 1],
        ["x", "x", 1],
        ["(1)", "Karaoke"],
        [1, 2.5, 3],
        [100, 101, 102],
    ],
)
def test_rows_of_figures_are_no_column_numbers(row: list[object]) -> None:
    assert not is_number_row(row)


def test_a_third_row_may_say_that_all_columns_are_of_the_period() -> None:
    form = FORM_03
    labels = [column.label_vi for column in form.columns.values()]
    groups = [column.group if isinstance(column, Measure) else "" for column in form.columns.values()]
    upper = [group or label for group, label in zip(groups, labels, strict=True)]
    lower = [label if group else None for group, label in zip(groups, labels, strict=True)]
    keys = len(form.dimensions)
    period = [None] * keys + ["Trong kỳ"] * (len(labels) - keys)
    header = find_header([upper, lower, period, ["x"]], [], form)
    assert header is not None
    assert (header.first_row, header.last_row) == (0, 2)
    assert list(header.columns.values()) == list(range(len(labels)))


def test_the_other_vowel_of_a_typist_is_the_same_label() -> None:
    typing = Typing(other_vowel=True)
    changed = 0
    for form in FORMS:
        labels = [str(label) for label in _one_row(list(form.columns.values()))]
        typed = [typing(label) for label in labels]
        changed += typed != labels
        assert set(_found([typed], form).columns) == set(form.columns)
    assert changed


def test_the_columns_of_a_messy_drive_hold_the_figures_meant(tmp_path: Path) -> None:
    truth = make_drive(tmp_path, PLAN, seed=11, bodies=BODIES, fault_share=0, mess=1)
    for entry in truth:
        path = tmp_path / entry["path"]
        sheets = {s.name: s for s in read_sheets(path.read_bytes(), path.name)}
        sheet = decode_sheet(sheets[entry["sheet"]] if entry["sheet"] else next(iter(sheets.values())))
        form = BY_CODE[entry["form"]]
        header = _found(sheet.rows, form, sheet.merged)
        assert set(header.columns) == set(form.columns), entry["path"]
        assert not header.duplicates
        assert {normalise(label) for label, _ in header.unknown} <= set(EXTRA_LABELS)
        for measure in form.measures:
            if measure.is_number:
                _holds(
                    sheet.rows[header.last_row + 1 :],
                    header.columns[measure.key],
                    [r[measure.key] for r in entry["rows"]],
                )


def _holds(rows: list[list[object]], column: int, meant: list[float]) -> None:
    """The column has the figures meant, beside totals and numbers of columns; noughts may be blank."""
    there: Counter[float] = Counter()
    for row in rows:
        try:
            there[read_number(row[column]) or 0] += 1
        except (ValueError, IndexError):
            continue  # a footer
    assert Counter(value for value in meant if value) <= there
