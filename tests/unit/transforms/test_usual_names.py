"""Places, labels and codes with what people usually add: offices, kinds, units, numbers, another order."""

import pytest

from plans.reading import DEFAULT_PLAN, read_plan
from tests.support.grids import Grid, communications, errors, read_grid
from transforms.text.codes import without_list_mark
from transforms.text.places import gazetteer, resolve

PLACES = gazetteer(read_plan(DEFAULT_PLAN))
MEANT = read_grid(communications()).values


@pytest.mark.parametrize(
    "text",
    [
        "TAND TP. Biên Hòa",
        "TAND TP.Biên Hòa",
        "UBND TP. Biên Hòa",
        "UBND-TP Biên Hòa",
        "Công an TP. Biên Hòa",
        "Tòa án nhân dân TP. Biên Hòa",
        "CA TP. Biên Hòa",
        "CATP Biên Hòa",
        "VKSND TP Biên Hòa",
        "Viện kiểm sát nhân dân thành phố Biên Hòa",
        "Phòng LĐ-TB&XH TP. Biên Hòa",
        "Phòng Lao động - TB và Xã hội thành phố Biên Hòa",
        "Biên Hòa (TP)",
        "Biên Hòa (TP.)",
        "Biên Hòa (thành phố)",
        "Biên Hòa, TP",
        "TP: Biên Hòa",
        "T.phố Biên Hòa",
        "Th.phố Biên Hòa",
        "Biên Hòa 1)",
        "TP. Biên Hòa (1)",
        "TP Biên Hòa *",
    ],
)
def test_a_city_with_its_office_or_kind(text: str) -> None:
    assert resolve(PLACES, text, "district", "75").area_code == "731"


@pytest.mark.parametrize(
    "text",
    [
        "Long Thành (huyện)",
        "Long Thành (H)",
        "CAH Long Thành",
        "CA H. Long Thành",
        "H: Long Thành",
        "Huyện LongThành",
        "LongThành",
        "HuyệnLongThành",
    ],
)
def test_a_district_with_its_office_or_kind(text: str) -> None:
    assert resolve(PLACES, text, "district", "75").area_code == "740"


@pytest.mark.parametrize(
    "text",
    [
        "Công an phường Tân Hiệp TP Biên Hòa",
        "Đội công an phường Tân Hiệp TP Biên Hòa",
        "Ban chỉ huy quân sự xã Long Thành",
        "(TP)",
        "huyện (huyện)",
    ],
)
def test_an_office_of_a_commune_is_no_district(text: str) -> None:
    assert resolve(PLACES, text, "district", "75").fault == "AREA-UNKNOWN"


def test_names_without_spaces_are_not_offered_twice() -> None:
    assert resolve(PLACES, "Long Thàn", "district", "75").candidates[0] == "740"


@pytest.mark.parametrize("words", ["tand tp.biên hòa", "karaoke-massage", "hội nghị (a) và (b)"])
def test_only_what_comes_first_is_a_list_mark(words: str) -> None:
    assert without_list_mark(words) == words


def _with_header(label: str) -> Grid:
    rows = communications()
    rows[5][3] = label
    return rows


@pytest.mark.parametrize(
    "label",
    [
        "Số lượng người tham dự",
        "SL người tham dự",
        "Số người tham dự, người",
        "Số người tham dự - người",
        "Cột 4: Số người tham dự",
    ],
)
def test_a_label_with_usual_additions(label: str) -> None:
    reading = read_grid(_with_header(label))
    assert (reading.findings, reading.values) == ([], MEANT)


def test_a_multiple_behind_a_label_is_converted() -> None:
    reading = read_grid(_with_header("Số người tham dự, nghìn người"))
    assert {f.code for f in reading.findings} == {"UNIT-MISMATCH"}
    assert reading.values[0][2] == 1_037_000


@pytest.mark.parametrize("label", ["Số lượng người tham dự lũy kế", "Số người tham dự, nữ"])
def test_additions_that_make_another_quantity(label: str) -> None:
    assert errors(read_grid(_with_header(label))) == {"UNIT-MISMATCH D6"}


def test_a_share_behind_a_label_is_another_quantity() -> None:
    assert "COLUMN-MISSING A6" in errors(read_grid(_with_header("Số người tham dự/lượt")))


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (6, "Tập huấn, hội nghị, tọa đàm"),
        (6, "Hội nghị, tập huấn, tọa đàm (cuộc)"),
        (9, "Tờ rơi, áp phích, pa nô, băng rôn"),
        (9, "Pa nô, băng rôn, áp phích và tờ rơi"),
    ],
)
def test_a_code_in_another_order_or_with_its_unit(row: int, text: str) -> None:
    rows = communications()
    rows[row][1] = text
    reading = read_grid(rows)
    assert (reading.findings, reading.values) == ([], MEANT)


@pytest.mark.parametrize(
    "text", ["Hội nghị, tập huấn", "Hội nghị, tập huấn, tọa đàm (nghìn cuộc)", "Tờ rơi, áp phích, băng rôn"]
)
def test_a_code_with_other_items_or_a_multiple_is_unknown(text: str) -> None:
    rows = communications()
    rows[6][1] = text
    assert errors(read_grid(rows)) == {"VALUE-CODE B7"}
