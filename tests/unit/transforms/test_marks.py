"""The lines above a table: form, period, window and letterhead, in generated drives and in single rows."""

from datetime import date, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.model import Body
from plans.reading import DEFAULT_PLAN, read_plan
from sampledata.drive import make_drive
from sampledata.heads import body_words, form_words, superior
from sampledata.sheet import Entry
from schemas.declaration import Form
from tests.support.forms import BY_CODE, FORM_SET, FORMS
from transforms.cell_names import cell_name
from transforms.extract.sheet import Sheet
from transforms.extract.workbook import UnreadableFile, read_sheets
from transforms.layout.found_text import FoundText, Grid, texts
from transforms.layout.sheet_head.letterhead import find_form, find_title, letterheads, other_body
from transforms.layout.sheet_head.period_search import find_period
from transforms.layout.sheet_head.stated_windows import find_window
from transforms.layout.sheet_parser import decode_sheet
from transforms.layout.table_header.header import find_header

PLAN = read_plan(DEFAULT_PLAN)
WAYS = letterheads(PLAN)
BODIES = ["CAT", "TAND", "CHQ", "UBND-735"]
Seen = list[tuple[Entry, Sheet]]


def _code(rows: Grid) -> str | None:
    return find_form(rows, FORM_SET)[0]


def _period(rows: Grid) -> str | None:
    """The code of the period found, "invalid" for one that cannot be, None for none."""
    found = find_period(rows, len(rows), PLAN)
    return None if found is None else found.period.code if found.period else "invalid"


def _at(found: FoundText | None) -> str | None:
    return cell_name(found.row + 1, found.column) if found else None


@pytest.fixture(scope="module")
def drives(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """The sheets of a messy drive and of one full of faults, as read, each with what is true of it."""
    seen: Seen = []
    for seed, faults, mess in ((11, 0.0, 1.0), (5, 1.0, 0.5)):
        folder = tmp_path_factory.mktemp("drive")
        for entry in make_drive(folder, PLAN, seed=seed, bodies=BODIES, fault_share=faults, mess=mess):
            path = folder / entry["path"]
            try:
                sheets = {s.name: s for s in read_sheets(path.read_bytes(), path.name)}
            except UnreadableFile:
                continue
            sheet = sheets[entry["sheet"]] if entry["sheet"] else next(iter(sheets.values()))
            seen.append((entry, decode_sheet(sheet)))
    return seen


def _top(entry: Entry, sheet: Sheet) -> int:
    header = find_header(sheet.rows, sheet.merged, BY_CODE[entry["form"]])
    assert header is not None
    return header.first_row


def test_everything_above_the_tables_of_a_drive_is_read(drives: Seen) -> None:
    windows = 0
    for entry, sheet in drives:
        if (entry["code"] or "").startswith(("FORM-U", "FILE-", "PERIOD-", "BODY-")):
            continue
        code, _ = find_form(sheet.rows, FORM_SET)
        assert code == entry["form"], entry
        top = _top(entry, sheet)
        period = find_period(sheet.rows, top, PLAN)
        assert period is not None
        assert period.period is not None
        assert period.period.code == entry["period"], entry
        window = find_window(sheet.rows, top)
        assert window is None or window.days == (period.period.window_start, period.period.window_end)
        windows += window is not None
        assert other_body(sheet.rows, top, entry["body"], WAYS) is None, entry
    assert windows > 50


def test_the_faults_above_the_tables_of_a_drive_are_found_where_they_are(drives: Seen) -> None:
    codes = set()
    for entry, sheet in drives:
        match entry["code"]:
            case "FORM-UNKNOWN":
                code, mark = find_form(sheet.rows, FORM_SET)
                assert code is None
            case "PERIOD-MISSING":
                assert find_period(sheet.rows, _top(entry, sheet), PLAN) is None
                mark = None
            case "PERIOD-INVALID":
                period = find_period(sheet.rows, _top(entry, sheet), PLAN)
                mark = period.found if period else None
            case "PERIOD-WINDOW":
                window = find_window(sheet.rows, _top(entry, sheet))
                mark = window.found if window else None
            case "BODY-MISMATCH":
                mark = other_body(sheet.rows, _top(entry, sheet), entry["body"], WAYS)
            case _:
                continue
        codes.add(entry["code"])
        assert entry["cell"] in (None, _at(mark)), entry
    assert len(codes) == 5


@given(st.sampled_from(FORMS), st.randoms(use_true_random=False))
def test_every_form_code_in_its_line(form: Form, rng: Random) -> None:
    assert _code([["UBND"], [None, form_words(form.code, rng)]]) == form.code


@pytest.mark.parametrize(
    "text",
    [
        "Biểu 03-PCMD",
        "BIỂU SỐ: 3-PCMD",
        "Mẫu số 03/PCMD",
        "Mẫu biểu 03 – PCMD",
        "Biểu mẫu số 03 PCMD",
        "Biểu báo cáo số 03-PCMD",
        "Bieu so 03-pcmd",
        "(Biểu 03-PCMD, ban hành kèm theo Kế hoạch năm 2020)",
        "03-PCMD",
        " 03 - pcmd ",
        "03–PCMD",
        "UBND TỈNH\nBiểu 03-PCMD",
    ],
)
def test_form_codes_in_other_wordings(text: str) -> None:
    assert _code([[None, text]]) == "03-PCMD"


@pytest.mark.parametrize("text", ["Biểu 99-PCMD", "Biểu số 03-ABC", "Mẫu 2 - XYZ"])
def test_an_unknown_form_code_is_shown_with_its_cell(text: str) -> None:
    assert find_form([[None], [None, text]], FORM_SET) == (None, FoundText(text, 1, 1))
    assert _code([[text], ["Biểu 05-PCMD"]]) == "05-PCMD"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "03",
        "PCMD",
        "BIỂU BÁO CÁO THÁNG 3 NĂM 2020",
        "Biểu mẫu quý 1 năm 2020",
        "BIỂU BÁO CÁO 6 THÁNG ĐẦU NĂM 2020",
        "Biểu tổng hợp 2020",
        "Kế hoạch 03-KH",
    ],
)
def test_other_words_are_no_form_code(text: str) -> None:
    assert find_form([[text, 3, None, date(2020, 3, 5)]], FORM_SET) == (None, None)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
def test_a_title_hints_at_its_form(form: Form) -> None:
    for text in (form.title, form.title.lower(), f" {form.title.replace(' ', '  ')} "):
        code, mark = find_title([["UBND"], [None, text]], FORM_SET)
        assert code == form.code
        assert _at(mark) == "B2"
    assert find_title([[f"{form.title} KHÁC"]], FORM_SET) == (None, None)


@pytest.mark.parametrize(
    "rows",
    [
        [["Kỳ báo cáo: Tháng 3 năm 2020"]],
        [["KỲ BÁO CÁO: THÁNG 3/2020"]],
        [["1. Kỳ báo cáo: Tháng 3 năm 2020"]],
        [["Kỳ báo cáo:", "Tháng 3 năm 2020"]],
        [["Kỳ báo cáo", None, "  ", "Tháng 3/2020"]],
        [["Kỳ báo cáo:\nTháng 3 năm 2020"]],
        [["Tháng 3 năm 2020"], ["Đồng Nai, ngày 16 tháng 4 năm 2020"]],
        [["Đồng Nai, ngày 16 tháng 4 năm 2020"], ["Tháng 3 năm 2020"]],
        [["Ban hành kèm theo Công văn tháng 1/2020"], ["Kỳ báo cáo: Tháng 3 năm 2020"]],
        [["Quý V/2020"], ["Kỳ báo cáo: Tháng 3 năm 2020"]],
        [["Biểu 03-PCMD - Kỳ báo cáo: Tháng 3 năm 2020"]],
        [["BIỂU BÁO CÁO THÁNG 3 NĂM 2020"]],
        [["KẾT QUẢ THÁNG 3 VÀ PHƯƠNG HƯỚNG, NHIỆM VỤ THÁNG 4 NĂM 2020"]],
        [["Kết quả tháng 3 năm 2020, kế hoạch tháng 4 năm 2020"]],
        [["Báo cáo tháng 3 và lũy kế 3 tháng đầu năm 2020"]],
        [["Kỳ báo cáo: Tháng 3", "Năm 2020"]],
        [["Từ 15/2 đến 14/3/2020"]],
        [["Kỳ báo cáo: Tháng 3 năm 2020 (số liệu từ ngày 15/02/2020 đến ngày 14/3/2020)"]],
    ],
)
def test_the_period_wherever_and_however_it_is_named(rows: Grid) -> None:
    assert _period(rows) == "2020-M03"


@pytest.mark.parametrize(
    ("rows", "cell", "text"),
    [
        ([["x"], [None, "Kỳ báo cáo: Tháng 13 năm 2020"]], "B2", "Kỳ báo cáo: Tháng 13 năm 2020"),
        ([["Kỳ báo cáo:", "tháng ba"]], "A1", "Kỳ báo cáo: tháng ba"),
        ([["Kỳ báo cáo:", datetime(2020, 3, 5)]], "A1", "Kỳ báo cáo: 2020-03-05 00:00:00"),
        ([["Biểu 03-PCMD. Kỳ báo cáo: abc"]], "A1", "Biểu 03-PCMD. Kỳ báo cáo: abc"),
        ([["Quý V/2020"]], "A1", "Quý V/2020"),
    ],
)
def test_an_impossible_period_is_shown_with_its_cell(rows: Grid, cell: str, text: str) -> None:
    found = find_period(rows, len(rows), PLAN)
    assert found is not None
    assert found.period is None
    assert found.problem
    assert (_at(found.found), found.found.text) == (cell, text)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [["Kỳ báo cáo:"]],
        [["Kỳ báo cáo:", None, ""]],
        [["Biểu 03-PCMD, ban hành kèm theo Công văn tháng 1/2020"]],
        [["Đồng Nai, ngày 16 tháng 3 năm 2020"]],
        [["Số liệu từ ngày 15/02/2020 đến ngày 15/3/2020"]],
        [["Kết quả tháng 12 và nhiệm vụ tháng 1 năm 2020"]],
        [["Phương hướng tháng 3 năm 2020"]],
    ],
)
def test_no_period(rows: Grid) -> None:
    assert _period(rows) is None


def test_a_window_by_itself_names_its_period() -> None:
    assert _period([["Số liệu từ ngày 15/02/2020 đến ngày 14/3/2020"]]) == "2020-M03"


def test_a_window_that_begins_in_the_year_before_may_leave_out_its_first_year() -> None:
    found = find_window([["Số liệu từ 15/12 đến 14/01/2020"]], 1)
    assert found is not None
    assert found.days == (date(2019, 12, 15), date(2020, 1, 14))


def test_nothing_below_the_top_of_the_table_counts() -> None:
    rows = [
        ["UBND"],
        ["Kỳ báo cáo: Tháng 3 năm 2020"],
        ["Từ ngày 15/02/2020 đến ngày 14/3/2020"],
        ["Sở Y tế"],
    ]
    assert find_period(rows, 1, PLAN) is None
    assert find_window(rows, 2) is None
    assert other_body(rows, 3, "CAT", WAYS) is None
    assert find_window(rows, 3) is not None
    assert other_body(rows, 4, "CAT", WAYS) is not None


def test_windows_are_read_and_impossible_ones_shown() -> None:
    good = find_window([["x", 1], [None, "(Số liệu từ ngày 15/02/2020 đến ngày 14/3/2020)"]], 2)
    assert good is not None
    assert (good.days, _at(good.found)) == ((date(2020, 2, 15), date(2020, 3, 14)), "B2")
    bad = find_window([["Số liệu từ ngày 31/02/2020 đến ngày 14/3/2020"]], 1)
    assert bad is not None
    assert bad.days is None


def _letterhead(name: str) -> list[list[object]]:
    return [["UBND TỈNH ĐỒNG NAI", None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], [name], ["Biểu 03-PCMD"]]


@given(st.sampled_from(PLAN.all_bodies), st.randoms(use_true_random=False))
def test_a_body_knows_its_own_letterhead(own: Body, rng: Random) -> None:
    rows = [[superior(PLAN, own)], [body_words(own, rng, 1)]]
    assert other_body(rows, 2, own.code, WAYS) is None
    # A namesake in another district has the same letterhead, but for the line above it.
    others = [b for b in PLAN.all_bodies if b.name != own.name and b.level == "province"]
    assert _at(other_body(rows, 2, rng.choice(others).code, WAYS)) == "A2"


def test_a_commune_by_any_of_its_letterheads() -> None:
    body = next(b for b in PLAN.all_bodies if b.name == "UBND Xã Bàu Trâm")
    short = ("UBND X. BÀU TRÂM", "UỶ BAN NHÂN DÂN\nXÃ BÀU TRÂM")
    for name in ("UBND XÃ BÀU TRÂM", "Ủy ban nhân dân xã Bàu Trâm", *short):
        rows = [["UBND TP. LONG KHÁNH"], [name]]
        assert other_body(rows, 2, body.code, WAYS) is None, name
        assert _at(other_body(rows, 2, "UBND-735", WAYS)) == "A2", name


def test_a_letterhead_of_another_body_is_shown_with_its_cell() -> None:
    for name in ("Sở Y tế", "SYT", "SỞ Y TẾ TỈNH ĐỒNG NAI", "Sở Y tế Đồng Nai"):
        assert _at(other_body(_letterhead(name), 3, "CAT", WAYS)) == "A2"
        assert other_body(_letterhead(name), 3, "SYT", WAYS) is None


def test_a_letterhead_of_no_body_gives_no_finding() -> None:
    assert other_body(_letterhead("Phòng LĐTBXH"), 3, "CAT", WAYS) is None


def test_texts_come_line_by_line_in_reading_order() -> None:
    rows: list[list[object]] = [["a", 1, " b \n\n c"], [], [None, "d"]]
    assert list(texts(rows)) == [
        FoundText("a", 0, 0),
        FoundText("b", 0, 2),
        FoundText("c", 0, 2),
        FoundText("d", 2, 1),
    ]
    assert list(texts(rows, first=1)) == [FoundText("d", 2, 1)]
    assert [mark.text for mark in texts(rows, last=1)] == ["a", "b", "c"]
