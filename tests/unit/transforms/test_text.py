import unicodedata
from collections.abc import Callable
from typing import Literal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from transforms.text.legacy_encodings import (
    decode_as,
    decode_legacy,
    recognise,
    recognise_cells,
    to_tcvn3,
    to_vni,
)
from transforms.text.normalise import ascii_key, match_key, normalise
from transforms.text.syllables import rate_syllable

LABELS = """Số vụ phát hiện, triệt phá|Số đường dây, ổ nhóm triệt phá|Đối tượng xử lý hình sự
Chứa mại dâm|Tổng số|Xử phạt vi phạm hành chính|Người bán dâm|Số tiền phạt
Địa bàn công cộng|Đầu kỳ|Phát hiện mới|Tái hoạt động|Đã triệt xóa|Cuối kỳ
Số cơ sở đang quản lý|Số lượt kiểm tra|Cảnh cáo|Tước quyền sử dụng giấy phép|Hậu kiểm
Số vụ chưa xét xử đầu kỳ|Trong đó: xét xử lưu động|Không có tệ nạn mại dâm
Có Đội công tác xã hội tình nguyện|Điểm đánh giá|Xếp loại|Trung bình
Khách sạn, nhà nghỉ, nhà trọ|Quán cà phê, giải khát|Xoa bóp, massage, tẩm quất
Hớt tóc thanh nữ, gội đầu|Cấp xã|Cấp tỉnh|Tờ rơi, pa nô, áp phích, băng rôn
Mít tinh, diễu hành, văn nghệ|Khám, điều trị bệnh lây truyền qua đường tình dục
Hỗ trợ nạn nhân bị mua bán trở về|Ngân sách huyện|Nguồn huy động hợp pháp khác
Kinh phí bố trí|Dự toán giao|Ghi chú|Thành phố Biên Hòa|Huyện Vĩnh Cửu|Thị trấn Trảng Bom
Phường Hố Nai|Phường Trung Dũng|Xã Phú Lý|Xã Trị An|Xã Dak Lua|Xã Hàng Gòn|Xã Túc Trưng
Xã Gia Kiệm|Thị trấn Dầu Giây|Huyện Nhơn Trạch|Phường Xuân Hoà|Xã Bình Lợi|Xã Lộ 25
Đơn vị tính|Sở Lao động - Thương binh và Xã hội|Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh
Độc lập - Tự do - Hạnh phúc|Người lập biểu|Thủ trưởng đơn vị|Kỳ báo cáo: Tháng 3 năm 2020
Tổng cộng|Biểu số: 01-PCMD|Quý I năm 2020"""
PHRASES = LABELS.replace("\n", "|").split("|")
ENCODERS = {"tcvn3": to_tcvn3, "vni": to_vni}
VOWELS = "aăâeêioôơuưy"
TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
LETTERS = [unicodedata.normalize("NFC", v + t) for v in VOWELS + VOWELS.upper() for t in TONES] + ["đ", "Đ"]


@pytest.mark.parametrize(
    ("stored", "meant"),
    [
        ("Tæng céng", "Tổng cộng"), ("BiÓu sè", "Biểu số"), ("Sè c¬ së", "Số cơ sở"),
        ("Ph­êng T©n Mai", "Phường Tân Mai"), ("Thµnh phè Biªn Hßa", "Thành phố Biên Hòa"),
        ("HuyÖn", "Huyện"), ("TæNG CéNG", "TỔNG CỘNG"), ("Sè", "Số"), ("¤æ nhãm tÖ n¹n", "Ổ nhóm tệ nạn"),
        ("Toång coäng", "Tổng cộng"), ("Huyeän", "Huyện"), ("TOÅNG COÄNG", "TỔNG CỘNG"),
        ("Ñôn vò", "Đơn vị"), ("Thaønh phoá Bieân Hoøa", "Thành phố Biên Hòa"),
        ("Quaän karaoke", "Quận karaoke"), ("H. Tr¶ng Bom", "H. Trảng Bom"), ("X· Phó Lý", "Xã Phú Lý"),
        ("Khoâng", "Không"), ("Céng", "Cộng"), ("Cã", "Có"), ("Toát", "Tốt"),
        ("BIEÅU 03-PCMD", "BIỂU 03-PCMD"),
    ],
)  # fmt: skip
def test_legacy_text_is_recognised(stored: str, meant: str) -> None:
    assert decode_legacy(stored) == meant
    assert normalise(stored) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Đội 814", "Quý I năm 2020", "Café", "Karaoke", "Số cơ sở", "Hòa", "Hoà Bình", "Xã", "Phó An",
        "Trà Cổ", "Hàng Gòn", "La Ngà", "Nam Cát Tiên", "Bàu Hàm 2", "Bình Minh", "Thanh Bình", "Phú Bình",
        "- ", "· Thành tích", "5 µ", "20 m²", "«Hát»", "São Paulo", "10°C", "© 2020", "vụ án¹",
        "Müller GmbH", "Số lượt kiểm tra", "Cà phê", "Không có", "Có", "x", "Hàng hóa", "Hát", "Bán dâm",
        "Trình tòa", "Cá nhân", "±5", "§ 3", "",
    ],
)  # fmt: skip
def test_other_text_is_left_alone(text: str) -> None:
    assert decode_legacy(text) == text
    decomposed = unicodedata.normalize("NFD", text)
    assert decode_legacy(decomposed) == decomposed


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
@given(st.lists(st.sampled_from(PHRASES), min_size=1, max_size=3).map(" ".join))
def test_phrases_come_back_from_the_fonts(encoding: str, phrase: str) -> None:
    stored = ENCODERS[encoding](phrase)
    assume(stored != phrase)
    assert recognise(stored) == encoding
    # TCVN3 has no codes of its own for toned capitals.
    assert decode_legacy(stored).casefold() == phrase.casefold()
    assert decode_legacy(ENCODERS[encoding](phrase.upper())).casefold() == phrase.casefold()


def test_both_tables_are_complete_and_unambiguous() -> None:
    assert len(set(map(to_vni, LETTERS))) == len(LETTERS)
    small = [letter for letter in LETTERS if letter.islower()]
    assert len(set(map(to_tcvn3, small))) == len(small)
    for letter in LETTERS:
        assert decode_as(to_vni(letter), "vni") == letter
        assert decode_as(to_tcvn3(letter), "tcvn3").lower() == letter.lower()
        assert all(ord(c) < 0x100 for c in to_vni(letter) + to_tcvn3(letter))


def test_a_doubtful_cell_is_read_with_its_sheet() -> None:
    cells = [to_tcvn3(name) for name in ("Phú An", "Phú Lý", "Tổng cộng")]
    assert decode_legacy(cells[0]) == "Phó An"
    assert recognise("\n".join(cells)) == "tcvn3"
    assert decode_as(cells[0], "tcvn3") == "Phú An"


@given(st.text(max_size=30) | st.text(alphabet="aeoucHn tµ¸©«\xad®éèøäâåÑ \u200b\u00a0\u0301", max_size=12))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert match_key(once) == match_key(text)


def test_shapeless_characters_and_spaces_are_cleaned() -> None:
    assert normalise("\ufeff Tổng\u200b\u00a0 cộng\n(1)\u200e \x07") == "Tổng cộng (1)"
    assert normalise("Phư\u00adờng") == "Phường"
    assert normalise(" a \t b\r\n") == "a b"
    assert normalise("Ho\u0300a") == "Hòa"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà", "hòa"), ("THUÝ", "thúy"), ("hoè", "hòe"), ("Hoà Bình", "Hòa  Bình"), ("qúy", "quý"),
        ("a , b", "a, b"), ("a,b", "a, b"), ("a-b", "a - b"), ("a – b", "a-b"), ("“x”", '"x"'),
        ("H.Thống Nhất", "H. Thống Nhất"), ("Xã ( phường )", "Xã(phường)"),
        ("Hòa".upper(), unicodedata.normalize("NFD", "hoà")),
    ],
)  # fmt: skip
def test_ways_of_writing_fold_alike(one: str, other: str) -> None:
    assert match_key(one) == match_key(other)


def test_fold_keeps_what_differs() -> None:
    assert match_key("Hoà, Bình") == "hòa, bình"
    assert match_key("hoàn") == "hoàn"
    assert match_key("Quý") == "quý"
    assert len({match_key(word) for word in ("ma", "má", "mà", "mả", "mã", "mạ", "mâ")}) == 7


def test_bare_has_letters_and_digits_only() -> None:
    assert ascii_key("Hòa, Bình") == "hoa binh"
    assert ascii_key("Biểu số: 01-PCMD") == "bieu so 01 pcmd"
    assert ascii_key("ĐƯỜNG Đặng") == "duong dang"


@given(
    st.sampled_from(PHRASES), st.sampled_from(["NFC", "NFD"]), st.sampled_from([str.upper, str.lower, str])
)
def test_keys_do_not_depend_on_form_or_case(
    phrase: str, form: Literal["NFC", "NFD"], write: type[str]
) -> None:
    written = write(unicodedata.normalize(form, phrase))
    assert match_key(written) == match_key(phrase)
    assert ascii_key(written) == ascii_key(phrase)


@pytest.mark.parametrize(
    "word", ["nghiêng", "Huyện", "QUÝ", "giếng", "khuỷu", "hoà", "hòa", "ở", "đường", "gì", "yêu"]
)
def test_syllables(word: str) -> None:
    assert rate_syllable(word) >= 2


@pytest.mark.parametrize(
    "word", ["ceng", "céng", "kang", "ngê", "Café", "Huyeän", "hátt", "tộ́", "bàp", "xaõ", "nhẤt", "·", ""]
)
def test_no_syllables(word: str) -> None:
    assert rate_syllable(word) == 0


def _read_as_windows_1252(text: str) -> str:
    undefined = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
    return "".join(chr(b) if b in undefined else bytes([b]).decode("cp1252") for b in text.encode())


@pytest.mark.parametrize("rounds", [1, 2, 3])
@pytest.mark.parametrize(
    "text", ["Huyện Định Quán", "thành phố Biên Hòa – đơn vị", "BIỂU SỐ: 02", "Đồng Nai"]
)
def test_utf8_read_as_windows_1252_is_decoded(text: str, rounds: int) -> None:
    stored = text
    for _ in range(rounds):
        stored = _read_as_windows_1252(stored)
    assert normalise(stored) == text


@pytest.mark.parametrize(
    "text", ["Hội nghị, tọa đàm", "KỲ BÁO CÁO: QUÝ I", "Đồng Nai – “Biên Hòa”", "Ước ưu ơ Ơ ă Ă ỗ ự"]
)
def test_utf8_read_as_windows_1258_is_decoded(text: str) -> None:
    letters = ((bytes([b]).decode("cp1258", "ignore") or chr(b)) for b in text.encode())
    stored = "".join(letters)
    assert normalise(stored) == text


def test_utf8_read_as_latin_1_or_without_hard_spaces_is_decoded() -> None:
    text = "Huyện Định Quán, xã à"
    assert normalise(text.encode().decode("latin-1")) == text
    assert normalise(_read_as_windows_1252(text).replace("\u00a0", " ")) == text


@pytest.mark.parametrize(
    "text", ["XÃ LANG MINH", "Ã", "ĐÃ CÓ", "Âm nhạc", "xã “A”", "Tổng cộng Â", "Ă “x”", "XĂ…"]
)
def test_vietnamese_that_resembles_mojibake_stays(text: str) -> None:
    assert normalise(text) == text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Ðịnh Quán", "Định Quán"),
        ("Ðông", "Đông"),
        ("Ɖồng Nai", "Đồng Nai"),
        ("ɖịa bàn", "địa bàn"),
        ("Biên Нòа", "Biên Hòa"),
        ("Bǎng", "Băng"),
        ("Ｂｉểu（ＡＢ）", "Biểu(AB)"),
    ],
)
def test_lookalike_letters_are_read_as_what_they_look_like(typed: str, meant: str) -> None:
    assert normalise(typed) == meant


def test_a_word_of_another_alphabet_stays() -> None:
    assert normalise("Москва Ж") == "Москва Ж"


@pytest.mark.parametrize(("encode", "encoding"), [(to_tcvn3, "tcvn3"), (to_vni, "vni")])
def test_a_sheet_in_an_old_font_with_corrected_cells(encode: Callable[[str], str], encoding: str) -> None:
    words = [
        "Xã, phường, thị trấn",
        "Xã Phú Vinh",
        "Phú An",
        "Số người bị xử phạt",
        "Tổng cộng",
        "Xã Thanh Sơn",
    ]
    typed = [encode(text) for text in words]
    assert recognise_cells([*typed, "Xã Suối Nho", "Huyện Định Quán"]) == encoding
    assert recognise_cells(words) is None
    assert recognise_cells([*words, typed[0]]) is None  # a cell of another sheet, copied into this one
    assert recognise_cells([]) is None
