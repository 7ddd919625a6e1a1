import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.processor_time import reference_seconds
from transforms.privacy.personal_data import (
    is_personal_data,
    is_personal_number,
    mask,
    may_hold_personal_data,
)
from transforms.text.normalise import ascii_key

NOTHING_KNOWN: frozenset[str] = frozenset()

NAMES = """Nguyễn Văn An|Trần Thị Bình|Lê Hoàng Nam|Phạm Minh Đức|Huỳnh Thị Kim Chi
vụ do Nguyễn Văn An cầm đầu|NGUYỄN VĂN AN|Nguyen Van An|TRAN THI B|Trần Thị B|ông Lê Tuấn
bà Hoa|Đồng chí Nguyễn Văn Bình|Đ/c Lê Hoàng Nam|Họ tên: Đào Duy Anh
họ và tên: Y Bham Enuol|Nguyễn An|Trần Bình (1985)|Người lập biểu: Phạm Thu Hà|Vũ Đức Đam
Đặng Thị Mỹ Linh, sinh năm 1990|đối tượng Hồ Văn Cường|Cao Thị Hạnh|Đoàn Minh Tuấn
Lý Nhã Kỳ|HỒ NGỌC HÀ|chủ quán Nguyễn Văn Bảy|1. Bùi Thị Xuân|Người Lập Biểu Nguyễn Văn An
THỦ TRƯỞNG ĐƠN VỊ NGUYỄN VĂN AN|chị Lan|Lâm Văn Tèo và đồng bọn|Dương Thị Hoa
Nguyễn Thị Xuân Hòa|Tăng Thanh Hà|Mai Văn Phấn|Tạ Minh Tâm|Nguyễn Văn A.|NguyÔn V¨n An
Nguyeãn Vaên An|Nguye\u0302\u0303n Va\u0306n An|NGUYỄN  VĂN\u00a0AN"""
NUMBERS = {
    "identity_number": """271234567|CMND: 271 234 567|CCCD số 075.201.001.234|075201001234|075 201 001 234
271 234 567|CMND 271.234.567|hộ chiếu B1234567|C12345678|số định danh 075201001000
CMND 271234567/CA Đồng Nai|(CMND:271234567)|CMND 271234567 0903123456|15 271234567
271234567 (1985)""",
    "phone": """0903123456|0903 123 456|0903.123.456|0251 3822 822|(0251) 3822822|+84 903 123 456
84903123456|ĐT: 3822822|liên hệ 0903-123-456|ĐT 0903123456|+84903123456|+84 (0)903 123 456
số điện thoại: 0251.3822.822|01693123456|0903123456 15|năm 2020 0903 123 456
0903.123.456 12đ""",
    "email": "an.nguyen@gmail.com|gửi về an.nguyen@dongnai.gov.vn trước ngày 20",
}
CLEAN = """VŨ TRƯỜNG|Quán Bar, Vũ Trường|ĐÀO TẠO, BỒI DƯỠNG|Đào Tạo, Bồi Dưỡng
HỘI LIÊN HIỆP PHỤ NỮ TỈNH|Tỉnh Đoàn|HỒ SƠ|Hồ Sơ|LƯU ĐỘNG|TRƯƠNG|Hồ Nai|Phường Hố Nai
Thái Bình|Lâm Đồng|Hồ Chí Minh|TP. Hồ Chí Minh|Cao Bằng|Hà Nội|Phan Thiết|Dương Minh Châu
Lê Minh Xuân|đường Võ Thị Sáu|CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM|Long Thành|KT. CHỦ TỊCH
THỦ TRƯỞNG ĐƠN VỊ|Người lập biểu|Đồng Nai, ngày 16 tháng 3 năm 2020|15/02/2020|15.02.2020
1234/UBND-VX|167/2013/NĐ-CP|1.234.567.890|271.234.567|125.350.000|150 000 000|150000000
2019|2019 2020 2021|2019-2020|3500000|02 03 05 06 08|01 02 03 04 05 06
Số 10647/KH-UBND ngày 09/11/2016|12.345.678,5|1234567|3.14159265358|0,271234567
Từ ngày 15/02/2020 đến ngày 14/03/2020|Trường THPT Nguyễn Trãi
Trường Tiểu học Trần Quốc Toản|Đoàn Thanh Niên|ĐOÀN THANH NIÊN|Đoàn Công Tác|Châu Thành
CHÂU THÀNH|Bà Rịa - Vũng Tàu|bà Rịa|chị em phụ nữ|Anh Hùng|Hội Phụ Nữ|Vi Phạm Văn Hóa
VI PHẠM VĂN HÓA|Phạm Vi Điều Chỉnh|QUẢN LÝ VĂN HÓA|Quản Lý Văn Hóa|Tên Mô Hình
TÊN XÃ, PHƯỜNG|Họ và tên|Họ Và Tên Người Lập|Tăng Cường Kiểm Tra|Thái Nguyên|THÁI NGUYÊN
Đường Lê Lợi|Đ. Lê Lợi|Karaoke Hoàng Gia|H. Dương Minh Châu|12.000.000 đồng|84.903.123.000
Mặt trận Tổ quốc|To Quoc Viet Nam|Tu Van Phap Ly|2,5|271234567/QĐ
Ủy ban nhân dân xã Phú Lý|Lý do: Trả hồ sơ|(1) (2) (3) (4) (5) (6) (7) (8) (9)
1 2 3 4 5 6 7 8 9 10 11 12|271234567đ|271 234 567 890đ|1 234 567 890|84.903.123.456
271234567.5|2020 2021 2022 2023|gửi về sldtbxh@dongnai.gov.vn trước ngày 20"""
WORDING = """KẾT QUẢ ĐẤU TRANH, XỬ LÝ VI PHẠM VỀ MẠI DÂM
KẾT QUẢ ĐÀO TẠO, BỒI DƯỠNG CÔNG CHỨC LÀM CÔNG TÁC PHÒNG, CHỐNG MẠI DÂM
KẾT QUẢ TRUY TỐ, XÉT XỬ CÁC VỤ ÁN VỀ MẠI DÂM|Trả hồ sơ, đình chỉ|Trong đó: xét xử lưu động
Số vụ thụ lý mới|Vũ trường|Khách sạn, nhà nghỉ, nhà trọ|Quán bar, vũ trường
Đội kiểm tra liên ngành tỉnh|Hội nghị, tập huấn, tọa đàm|Chủ chứa
Nói chuyện chuyên đề, sinh hoạt tổ dân phố|Hàng hóa, văn hóa phẩm khiêu dâm
Liên quan người dưới 18 tuổi|Nữ|Khác|Sở Lao động - Thương binh và Xã hội|Công an tỉnh
Sở Văn hóa, Thể thao và Du lịch|Viện Kiểm sát nhân dân tỉnh|Tòa án nhân dân tỉnh
Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh|Liên đoàn Lao động tỉnh|Hội Liên hiệp Phụ nữ tỉnh
Tỉnh Đoàn|Thành phố Biên Hòa|Phường Tân Mai|Phường Long Bình Tân|Xã Hố Nai 3|Xã Lâm San
Xã La Ngà|Thị trấn Gia Ray|Xã Dak Lua|Xã Nam Cát Tiên|Xã Trà Cổ|Xã Lang Minh
Huyện Định Quán|Thị trấn Định Quán|Xã Mã Đà|Xã Long Đức"""


def _cells(block: str) -> list[str]:
    return block.replace("\n", "|").split("|")


@pytest.mark.parametrize("cell", _cells(NAMES))
def test_names_are_found(cell: str) -> None:
    assert is_personal_data(cell, NOTHING_KNOWN) == "name"


@pytest.mark.parametrize(
    ("kind", "cell"), [(kind, cell) for kind, block in NUMBERS.items() for cell in _cells(block)]
)
def test_numbers_and_addresses_are_found(kind: str, cell: str) -> None:
    assert is_personal_data(cell, NOTHING_KNOWN) == kind
    assert may_hold_personal_data("Tổng cộng\n" + cell + "\n12")


@pytest.mark.parametrize("cell", _cells(CLEAN))
def test_places_headings_and_amounts_are_clean(cell: str) -> None:
    assert is_personal_data(cell, NOTHING_KNOWN) is None


@given(st.sampled_from(_cells(WORDING)), st.sampled_from([str, str.upper, str.title, str.lower, ascii_key]))
def test_wording_of_the_forms_is_clean_in_any_case(phrase: str, write: type[str]) -> None:
    assert is_personal_data(write(phrase), NOTHING_KNOWN) is None


@given(
    st.sampled_from(_cells("Nguyễn|Trần|Lê|Phạm|Huỳnh|Phan|Võ|Đặng|Bùi|Đỗ|Ngô")),
    st.sampled_from(["Văn", "Thị", "Minh", "Ngọc", "Hữu"]),
    st.sampled_from(["An", "Bảy", "Cúc", "Đạt", "Hạnh", "Lộc", "Út"]),
    st.sampled_from(["{}", "bắt giữ {} tại quán", "Người lập: {}", "1) {} (1990)", "Thành phố Biên Hòa\n{}"]),
)
def test_any_full_name_is_found_in_any_text(family: str, middle: str, given: str, around: str) -> None:
    cell = around.format(f"{family} {middle} {given}")
    assert may_hold_personal_data(cell)
    assert is_personal_data(cell, frozenset({"thanh pho bien hoa", "nguoi lap bieu"})) == "name"


def test_a_known_phrase_is_no_name_but_a_name_may_end_in_one() -> None:
    assert is_personal_data("Nguyễn Hòa Hiệp", NOTHING_KNOWN) == "name"
    assert is_personal_data("Nguyễn Hòa Hiệp", frozenset({"nguyen hoa hiep"})) is None
    assert is_personal_data("Nguyễn Thị Long Khánh", frozenset({"long khanh"})) == "name"


@pytest.mark.parametrize(
    "cell",
    ["1" * 30000 + "a", "1 " * 15000 + "a", "a" * 30000 + "@", "(1) " * 8000, "Nguyễn " * 5000, "a-" * 9000],
)
def test_long_cells_take_no_time(cell: str) -> None:
    def judge() -> None:
        is_personal_data(cell, frozenset({"nguyen nguyen van"}))
        may_hold_personal_data(cell)
        mask(cell)

    assert reference_seconds(judge, 2) < 2


def test_the_prefilter_lets_a_plain_sheet_pass() -> None:
    sheet = [
        "UBND TỈNH",
        "Biểu 01-PCMD",
        "Số vụ phát hiện",
        "Huyện Trảng Bom",
        "1.234.567",
        "Tổng cộng",
        "15/02/2020",
    ]
    assert not may_hold_personal_data("\n".join(sheet))


@pytest.mark.parametrize("number", [271234567, 271234567.0, 903123456, 75201001234, 84903123456, 75190001234])
def test_numbers_of_persons_among_numeric_cells(number: float) -> None:
    assert is_personal_number(number)


@pytest.mark.parametrize(
    "number",
    [
        0,
        12,
        2020,
        43895,
        3500000,
        150000000,
        271234567.5,
        1234567890,
        175201001234,
        99201001234,
        float("nan"),
    ],
)
def test_figures_are_no_numbers_of_persons(number: float) -> None:
    assert not is_personal_number(number)


@pytest.mark.parametrize(
    "name",
    [
        "BC 03-2020 02_03_05_06_08.xls", "Báo cáo PCMD 02-2020 02.xlsx", "so lieu 20200305.xlsx", "Bieu 01",
        "thang 3/BC 2019-2020.ods", "bao cao 05032020.xlsx", "so  lieu \u0323 .xlsx",
        "Phường Tân Mai/BC 15.02.2020.xlsx",
    ],
)  # fmt: skip
def test_ordinary_file_names_stay_as_they_are(name: str) -> None:
    assert mask(name) == name


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("Nguyen Van An_0903123456.xlsx", "•••_•••.xlsx"),
        ("BC_Nguyễn Thị Bình_271234567.xls", "BC_•••_•••.xls"),
        ("danh sach ông Tuấn.xlsx", "danh sach ông •••.xlsx"),
        ("BC_0903_123_456.xlsx", "BC_•••.xlsx"),
        ("BC 1234567.xlsx", "BC •••.xlsx"),
        ("gửi an.b@c.vn nhé", "gửi ••• nhé"),
        ("Nguyen_Van_An.xlsx", "•••.xlsx"),
    ],
)
def test_personal_file_names_are_masked(name: str, masked: str) -> None:
    assert mask(name) == masked
    assert mask(masked) == masked
