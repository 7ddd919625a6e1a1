"""English names of areas and people's committees."""

import pytest

from transforms.text.english_names import english_area_name, english_body_name


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("Tỉnh Đồng Nai", "Dong Nai Province"),
        ("Thành phố Biên Hòa", "Bien Hoa City"),
        ("Huyện Tân Phú", "Tan Phu District"),
        ("Thị trấn Định Quán", "Dinh Quan Township"),
        ("Phường 1", "Ward 1"),
        ("Xã Lộ 25", "Lo 25 Commune"),
        ("Biên Hòa", "Bien Hoa"),
        ("xã Đắk Lua", "Dak Lua Commune"),
    ],
)
def test_an_area_has_its_kind_last(name: str, english: str) -> None:
    assert english_area_name(name) == english


def test_a_peoples_committee_is_named_after_its_area() -> None:
    assert english_body_name("UBND Huyện Tân Phú") == "People's Committee of Tan Phu District"
    assert english_body_name("Sở Nội vụ") == "So Noi vu"
