"""Replies to findings in a returned workbook: recognised by number, bounded, and no part of a report."""

from transforms.extract.sheet import Sheet
from transforms.layout.reply_sheet import HEADING, LONGEST_REPLY, replies_of, without_replies

HEAD: list[list[object]] = [
    [HEADING, None, None],
    ["Tệp: a.xlsx", None, None],
    ["Số", "Vị trí", "Ý kiến của đơn vị"],
]


def test_replies_are_read_by_the_number_of_their_finding() -> None:
    rows: list[list[object]] = [
        *HEAD,
        ["42/1", "B9", " Đã sửa  theo sổ "],
        ["42/2", "B10", None],
        ["7/1", "B2", "  "],
        ["x", "", "a"],
    ]
    (reply,) = replies_of([Sheet("Kết quả kiểm tra", rows)])
    assert (reply.submission_id, reply.finding_no, reply.text, reply.cell) == (42, 1, "Đã sửa theo sổ", "C4")


def test_long_replies_are_cut() -> None:
    (reply,) = replies_of([Sheet("a", [*HEAD, ["42/1", "", "x" * 10_000]])])
    assert len(reply.text) == LONGEST_REPLY
    assert reply.text.endswith("…")


def test_other_sheets_have_no_replies() -> None:
    rows: list[list[object]] = [["Biểu 02-PCMD", None, None], *HEAD[1:], ["42/1", "B9", "Đã sửa"]]
    assert replies_of([Sheet("a", rows), Sheet("b", []), Sheet("c", [[HEADING]])]) == ()


def test_a_form_is_looked_for_without_the_replies() -> None:
    sheet = Sheet("a", [*HEAD, ["42/1", "B9", "Biểu 02-PCMD"], ["TT", "B9", "left"]])
    rows = without_replies(sheet).rows
    assert rows[3] == ["42/1", "B9", None]
    assert rows[4] == ["TT", "B9", "left"]
    plain = Sheet("a", [["Biểu 02-PCMD"]])
    assert without_replies(plain) is plain
