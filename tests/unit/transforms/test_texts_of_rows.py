"""Texts beside, above and below the figures of rows: no row vanishes by a remark, and none is trusted."""

import pytest

from tests.support.grids import TOP, Grid, communications, errors, hotspots, read_grid
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.row_words import is_wholly_left_out, names_other_figures

MEANT = read_grid(communications()).values
SUMS = [sum(int(str(row[column])) for row in communications()[TOP:]) for column in (2, 3, 4)]


def with_column(label: str, values: list[object], rows: Grid | None = None, at: int = 2) -> Grid:
    """The sheet with a column of texts before the figures."""
    rows = rows or communications()
    for row, value in zip(rows[TOP - 1 :], [label, *values, *[None] * len(rows)], strict=False):
        row.insert(at, value)
    return rows


def keys_of_texts(reading: SheetReading) -> list[tuple[str, str, str]]:
    return [(f.text_key or f.code, f.cell, f.severity.value) for f in reading.findings]


@pytest.mark.parametrize("label", ["Ghi chú", "Nguồn số liệu"])
@pytest.mark.parametrize("with_total", [False, True])
@pytest.mark.parametrize(
    "remark",
    [
        *("So với kỳ trước tăng", "Kế hoạch số 12", "Hoàn thành", "Đạt 50%", "Tổng hợp từ các xã"),
        *("Cộng tác viên báo", "Tăng 5 so với kỳ trước"),
    ],
)
def test_a_remark_before_the_figures_drops_no_row(remark: str, label: str, with_total: bool) -> None:
    rows = with_column(label, [remark])
    rows += [["Tổng cộng", None, None, *SUMS]] if with_total else []
    reading = read_grid(rows)
    assert reading.values == MEANT
    assert {f.code for f in reading.findings} <= ({"COLUMN-UNKNOWN"} if label != "Ghi chú" else set())


def test_a_remark_beside_one_of_two_keys_drops_no_row() -> None:
    meant = read_grid(hotspots(), "02").values
    rows = with_column("Ghi chú", [None, "Tăng so với kỳ trước"], hotspots(), at=3)
    rows[TOP + 1][1] = None  # the place is written once, above
    merged = read_grid(rows, "02", spoil=lambda sheet: sheet.merge_cells("B7:B8"))
    assert (merged.values, merged.findings) == (meant, [])


@pytest.mark.parametrize("remark", ["Số lũy kế", "Nữ", "Trung bình", "Kế hoạch năm"])
@pytest.mark.parametrize("label", ["Ghi chú", "Nội dung"])
def test_a_remark_that_makes_the_figures_others_is_noted(remark: str, label: str) -> None:
    reading = read_grid(with_column(label, [remark]))
    assert reading.values == MEANT
    text_key = "note-corrects" if label == "Ghi chú" else "other-figures"
    assert (text_key, "C7", "warning") in keys_of_texts(reading)


@pytest.mark.parametrize("ordinal", ["LK", "KH", "Lũy kế", "Tháng 2", "Q4/2019", "Nữ"])
def test_other_figures_named_in_place_of_the_ordinal_are_an_error(ordinal: str) -> None:
    rows = communications()
    rows[TOP][0] = ordinal
    reading = read_grid(rows)
    assert reading.values == MEANT
    assert keys_of_texts(reading) == [("other-figures", "A7", "error")]


def test_the_own_period_in_place_of_ordinals_is_no_fault() -> None:
    rows = communications()
    for row in rows[TOP:]:
        row[0] = "Quý I"
    assert (read_grid(rows).values, read_grid(rows).findings) == (MEANT, [])


def test_a_second_row_of_each_key_with_other_figures_is_left_out() -> None:
    rows = communications()
    rows[TOP:] = [r for row in rows[TOP:] for r in (row, ["LK", row[1], *(int(str(v)) * 4 for v in row[2:])])]
    reading = read_grid(rows)
    assert reading.values == MEANT
    assert not errors(reading)


@pytest.mark.parametrize("name", ["Hoàn thành video clip", "Kế hoạch nhỏ", "Tỷ lệ người nghiện"])
@pytest.mark.parametrize("at", [TOP + 3, TOP + 7])
def test_a_row_whose_name_only_begins_like_other_figures_is_noted(name: str, at: int) -> None:
    rows = communications()
    rows.insert(at, [None, name, 1, 2, 3])
    reading = read_grid(rows)
    assert reading.values == MEANT
    assert keys_of_texts(reading) == [("rows-left-out", f"B{at + 1}", "warning")]


def test_left_out_rows_among_the_others_are_noted_once() -> None:
    rows = communications()
    for at in (TOP + 3, TOP + 1):
        rows.insert(at, [None, "Tháng 1", 1, 2, 3])
    reading = read_grid(rows)
    assert reading.values == MEANT
    assert keys_of_texts(reading) == [("rows-left-out", "B8", "warning")]
    assert reading.findings[0].details["rows"] == "8, 11"
    assert "8, 11" in reading.findings[0].message_vi


@pytest.mark.parametrize("name", ["Cộng trang 1", "Mang sang", "Chuyển trang sau"])
def test_sums_of_pages_are_left_out_in_silence(name: str) -> None:
    rows = communications()
    rows.insert(
        TOP + 3, [None, name, *[sum(int(str(row[c])) for row in rows[TOP : TOP + 3]) for c in (2, 3, 4)]]
    )
    assert (read_grid(rows).values, read_grid(rows).findings) == (MEANT, [])


@pytest.mark.parametrize(
    "name", ["T/C", "T.C", "TS", "Chung", "Số tổng cộng", "Hợp cộng", "T Ổ N G  C Ộ N G", "Cộng khối"]
)
def test_words_in_place_of_the_ordinal_name_a_total_that_adds_up(name: str) -> None:
    rows = communications()
    rows.append([name, None, *SUMS])
    assert (read_grid(rows).values, read_grid(rows).findings) == (MEANT, [])
    rows[-1][3] = SUMS[1] + 1
    assert errors(read_grid(rows)) & {"TOTAL-MISMATCH D14", "VALUE-MISSING B14"}


@pytest.mark.parametrize("ordinal", [8, "8", "VIII", "h)"])
def test_an_ordinal_names_no_total(ordinal: object) -> None:
    rows = communications()
    rows.append([ordinal, None, *SUMS])
    assert errors(read_grid(rows)) == {"VALUE-MISSING B14"}


HEADINGS = [
    *(
        "Lũy kế từ đầu năm",
        "Kế hoạch",
        "Dự toán bổ sung",
        "Tháng 2/2020",
        "Quý II",
        "Số liệu cùng kỳ năm 2019",
    ),
    *("Số liệu lũy kế từ đầu năm đến 14/3/2020", "(Số liệu của năm trước)", "Số liệu ước thực hiện"),
]


@pytest.mark.parametrize("text", HEADINGS)
def test_a_heading_of_other_figures_is_noted(text: str) -> None:
    headings: list[tuple[int, list[object], str, str]] = [
        (TOP, ["A", text], "B7", "error"),
        (TOP, [text], "A7", "error"),
        (TOP + 3, ["II", text], "B10", "error"),
        (TOP + 3, [None, text], "B10", "warning"),
    ]
    for at, heading, cell, severity in headings:
        rows = communications()
        rows.insert(at, heading)
        reading = read_grid(rows)
        assert reading.values == MEANT
        assert ("other-figures", cell, severity) in keys_of_texts(reading)


@pytest.mark.parametrize("text", ["Quý I", "Quý I/2020", "Năm 2020", "Khối huyện", "Thực hiện trong kỳ"])
def test_a_heading_of_the_own_figures_is_no_fault(text: str) -> None:
    rows = communications()
    rows.insert(TOP + 3, ["II", text])
    assert (read_grid(rows).values, read_grid(rows).findings) == (MEANT, [])


def test_a_row_of_a_total_that_was_not_filled_in_heads_nothing() -> None:
    rows = communications()
    rows += [[None, "Lũy kế từ đầu năm"], [None, "So với cùng kỳ (%)"]]
    assert (read_grid(rows).values, read_grid(rows).findings) == (MEANT, [])


CORRECTIONS = [
    *("Số đúng của mục 1 là 15 cuộc", "Đính chính: mục 1 là 15 cuộc", "Dòng 2 sửa thành 15", "Sửa lại 99"),
    *("Chưa gồm số liệu xã Phú Lộc: 12 người", "Cộng thêm 12 người ở mục 2", "Ghi chú: bỏ dòng 3"),
    *("(*) Số liệu mục 3 tính theo nghìn", "Không tính mục 4", "Phải là 99 mới đúng", "+12"),
    *("Mục 3: số liệu năm 2019", "Số liệu chưa đầy đủ", "Số liệu lũy kế từ đầu năm", "DỰ THẢO"),
]


@pytest.mark.parametrize("text", CORRECTIONS)
def test_a_note_that_corrects_figures_is_noted(text: str) -> None:
    beside, below = communications(), communications()
    beside[TOP - 1].append("Ghi chú")
    beside[TOP + 1].append(text)
    below += [[], [text]]
    for rows, cell in ((beside, "F8"), (below, "A15")):
        reading = read_grid(rows)
        assert reading.values == MEANT
        assert keys_of_texts(reading) == [("note-corrects", cell, "warning")]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Ghi chú: hội nghị gồm 5 cuộc cấp xã",
            "Tăng 5 cuộc so với quý IV/2019",
            "Theo Kế hoạch số 12/KH-SYT",
        ),
        *("Cột 3 không tính số cuộc ở cột 2", "Số liệu quý I/2020", "So với số liệu quý IV/2019 tăng 5%"),
        *("Thực hiện theo Công văn số 15/SYT-NV", "Đồng Nai, ngày 14 tháng 3 năm 2020", "Người lập biểu"),
        *("Không bao gồm số liệu của biểu 05", "Số liệu tính đến ngày 14/3/2020", "Cộng tác viên: 12 người"),
    ],
)
def test_a_note_that_explains_figures_is_no_fault(text: str) -> None:
    beside, below = communications(), communications()
    beside[TOP - 1].append("Ghi chú")
    beside[TOP + 1].append(text)
    below += [[], [text]]
    for rows in (beside, below):
        assert (read_grid(rows).values, read_grid(rows).findings) == (MEANT, [])


def test_words_of_quantities_are_told_from_names() -> None:
    other = (
        "Kế hoạch giao năm 2020",
        "So với KH (%)",
        "Đạt tỷ lệ % so với chỉ tiêu giao",
        "Tăng (+), giảm (-)",
    )
    assert all(is_wholly_left_out(text) for text in other)
    assert not any(map(is_wholly_left_out, ("Kế hoạch nhỏ", "Hoàn thành hồ sơ", "Giảm nghèo", "Tổng cộng")))
    assert names_other_figures("II. Lũy kế từ đầu năm")
    assert not any(map(names_other_figures, ("Tăng so với kỳ trước", "Kế hoạch số 12", "Kế hoạch nhỏ")))
