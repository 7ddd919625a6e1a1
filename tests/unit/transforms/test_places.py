"""Every area of the real plan by every usual name."""

import pickle
import unicodedata
from collections import Counter
from collections.abc import Iterator

import pytest

from plans.model import Area
from plans.reading import DEFAULT_PLAN, read_plan
from tests.support.processor_time import reference_seconds
from transforms.text.normalise import ascii_key, match_key
from transforms.text.places import Gazetteer, ResolvedPlace, gazetteer, resolve

PLAN = read_plan(DEFAULT_PLAN)
PLACES = gazetteer(PLAN)
LOCAL = [area for area in PLAN.areas if area.level != "province"]
SHORT = {
    "Thành phố": ("TP. ", "TP.", "Tp ", "T.P ", "tp."),
    "Huyện": ("H. ", "H.", "H ", "h."),
    "Phường": ("P. ", "P.", "P ", "F."),
    "Xã": ("X. ", "X.", "x "),
    "Thị trấn": ("TT ", "TT. ", "TT.", "T.T. ", "T.T.", "Ttr. "),
}
OTHER_VOWEL = {"òa": "oà", "óa": "oá", "ọa": "oạ", "ùy": "uỳ", "úy": "uý", "oà": "òa", "oá": "óa", "uỳ": "ùy"}


def _name(area: Area) -> str:
    return area.name.removeprefix(area.kind).strip()


def _with_other_vowel(text: str) -> str:
    for old, new in OTHER_VOWEL.items():
        if text.endswith(old):
            return text.removesuffix(old) + new
    return text


def _full_wordings(area: Area) -> Iterator[str]:
    """Wordings that tell the kind and have diacritics."""
    yield from (
        area.name,
        area.name.upper(),
        area.name.lower(),
        _with_other_vowel(area.name),
        f" {area.name}  ",
    )
    yield from (
        area.name.replace(" ", "\xa0"),
        unicodedata.normalize("NFD", area.name),
        area.name.replace(" ", "\n", 1),
    )
    yield from (short + _name(area) for short in SHORT[area.kind])


def _key_counts() -> dict[str, Counter[tuple[str, str]]]:
    areas = [(a.level, a.name, _name(a)) for a in LOCAL]
    return {
        "name": Counter((level, match_key(name)) for level, _, name in areas),
        "bare name": Counter((level, ascii_key(name)) for level, _, name in areas),
        "bare": Counter((level, ascii_key(full)) for level, full, _ in areas),
        "full": Counter((level, match_key(full)) for level, full, _ in areas),
    }


COUNTS = _key_counts()


@pytest.mark.parametrize("area", LOCAL, ids=lambda area: area.code)
def test_an_area_by_any_of_its_names(area: Area) -> None:
    parent = PLAN.areas_by_code[area.parent or ""]
    inside = parent.code if area.level == "commune" else area.code
    found = ResolvedPlace(area.code, None, ())
    everywhere: list[object] = [area.code, int(area.code), float(area.code)]
    if COUNTS["full"][area.level, match_key(area.name)] == 1:
        everywhere += _full_wordings(area)
    if COUNTS["name"][area.level, match_key(_name(area))] == 1:
        everywhere += [_name(area), _name(area).upper()]
    if COUNTS["bare"][area.level, ascii_key(area.name)] == 1:
        everywhere += [ascii_key(area.name), ascii_key(area.name).upper()]
    if COUNTS["bare name"][area.level, ascii_key(_name(area))] == 1:
        everywhere.append(ascii_key(_name(area)))
    for text in (
        f"{area.name}, {parent.name}",
        f"{_name(area)} ({_name(parent)})",
        f"{area.name} - {parent.name.upper()}",
    ):
        everywhere.append(text)
    assert {str(text): resolve(PLACES, text, area.level, PLAN.area) for text in everywhere} == {
        str(text): found for text in everywhere
    }
    nearby = [*everywhere, *_full_wordings(area), _name(area), ascii_key(area.name), ascii_key(_name(area))]
    assert {str(text): resolve(PLACES, text, area.level, inside) for text in nearby} == {
        str(text): found for text in nearby
    }


def test_namesakes_are_distinguished_by_the_reporting_body() -> None:
    for text in ("Xã Thanh Sơn", "X. THANH SƠN", "Thanh Sơn", "thanh son"):
        assert resolve(PLACES, text, "commune", "736").area_code == "26209"
        assert resolve(PLACES, text, "commune", "734").area_code == "26143"
        assert resolve(PLACES, text, "commune", "75") == ResolvedPlace(
            None, "AREA-AMBIGUOUS", ("26143", "26209")
        )
        assert resolve(PLACES, text, "commune", "731") == ResolvedPlace(
            None, "AREA-OUTSIDE", ("26143", "26209")
        )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Xã Thanh Sơn, huyện Định Quán", "26209"),
        ("Thanh Sơn (Tân Phú)", "26143"),
        ("Xã Thanh Sơn - H. Định Quán", "26209"),
        ("Xã Thanh Sơn; huyện Tân Phú; tỉnh Đồng Nai", "26143"),
        ("X.Thanh Sơn, H.Định Quán, Đồng Nai", "26209"),
        ("xa thanh son (dinh quan)", "26209"),
    ],
)
def test_namesakes_are_distinguished_by_the_parent_named(text: str, code: str) -> None:
    assert resolve(PLACES, text, "commune", "75") == ResolvedPlace(code, None, ())


def test_a_parent_that_contradicts_is_believed_neither() -> None:
    assert resolve(PLACES, "Xã Thanh Sơn - H. Định Quán", "commune", "734") == ResolvedPlace(
        None, "AREA-OUTSIDE", ("26209",)
    )
    wrong = resolve(PLACES, "Phường Trảng Dài, TP Long Khánh", "commune", "75")
    assert wrong.fault == "AREA-UNKNOWN"
    assert wrong.candidates[0] == "25993"
    assert resolve(PLACES, "Xã Thanh Sơn, huyện Không Đâu", "commune", "734").fault == "AREA-UNKNOWN"


def test_the_kind_distinguishes_areas_of_one_name() -> None:
    # Phường Tân Hiệp lies in Biên Hòa, Xã Tân Hiệp in Long Thành.
    assert resolve(PLACES, "P. Tân Hiệp", "commune", "75").area_code == "26008"
    assert resolve(PLACES, "X. Tân Hiệp", "commune", "75").area_code == "26419"
    assert resolve(PLACES, "Tân Hiệp", "commune", "75").fault == "AREA-AMBIGUOUS"
    assert resolve(PLACES, "Tân Hiệp", "commune", "740").area_code == "26419"
    assert resolve(PLACES, "Phường Tân Hiệp", "commune", "740") == ResolvedPlace(
        None, "AREA-OUTSIDE", ("26008",)
    )


def test_diacritics_tell_areas_apart_where_there_are_any() -> None:
    # Xã Phú Thanh lies in Tân Phú, Xã Phú Thạnh in Nhơn Trạch.
    assert resolve(PLACES, "Phú Thanh", "commune", "75").area_code == "26161"
    assert resolve(PLACES, "Phú Thạnh", "commune", "75").area_code == "26488"
    assert resolve(PLACES, "Phường Phú Thạnh", "commune", "75").area_code == "26488"
    assert resolve(PLACES, "Phu Thanh", "commune", "75").fault == "AREA-AMBIGUOUS"
    assert resolve(PLACES, "Phu Thanh", "commune", "742").area_code == "26488"


def test_another_kind_is_tolerated_where_the_name_is_unique() -> None:
    assert resolve(PLACES, "Thị xã Long Khánh", "district", "75").area_code == "732"
    assert resolve(PLACES, "TX. Long Khánh", "district", "75").area_code == "732"
    assert resolve(PLACES, "Thị trấn Tân Hiệp", "commune", "75") == ResolvedPlace(
        None, "AREA-AMBIGUOUS", ("26008", "26419")
    )


def test_a_name_means_an_area_of_the_level_asked_for() -> None:
    assert resolve(PLACES, "Tân Phú", "district", "75").area_code == "734"
    assert resolve(PLACES, "Tân Phú", "commune", "75").area_code == "26116"
    assert resolve(PLACES, "731", "commune", "75").fault == "AREA-UNKNOWN"


@pytest.mark.parametrize(
    "value", ["", "-", "x", "00731", "tổng cộng", None, True, 1.5, float("nan"), float("inf")]
)
def test_what_is_no_place_is_unknown(value: object) -> None:
    for level in ("district", "commune"):
        assert resolve(PLACES, value, level, "75").fault == "AREA-UNKNOWN"


def test_unknown_names_bring_up_those_alike_inside_the_own_area() -> None:
    assert resolve(PLACES, "Trảng Dàii", "commune", "731").candidates[0] == "25993"
    assert resolve(PLACES, "Phường Trảng Đàii", "commune", "731").candidates[0] == "25993"
    assert resolve(PLACES, "Xã Thanh Sơnn", "commune", "736").candidates[0] == "26209"
    assert resolve(PLACES, "Trảng Dàii", "commune", "742").candidates == ()
    assert all(
        len(resolve(PLACES, f"Phường {x}", "commune", "75").candidates) <= 3 for x in ("An", "Tân", "Bình")
    )


def test_numbered_areas_and_kinds_of_a_plan_of_its_own() -> None:
    declared = PLAN.model_dump(mode="json")
    declared["areas"] += [
        {"code": "760", "name": "Quận 1", "level": "district", "parent": "75", "kind": "Quận"},
        {"code": "911", "name": "Đặc khu Phú Quốc", "level": "district", "parent": "75", "kind": "Đặc khu"},
    ]
    places = gazetteer(type(PLAN).model_validate(declared))
    for text in ("Quận 1", "Q. 1", "Q.1", "Q1", "quan 1", 1, 1.0):
        assert resolve(places, text, "district", "75").area_code == "760", text
    assert resolve(places, True, "district", "75").fault == "AREA-UNKNOWN"  # though True is 1 to Python
    for text in ("Đặc khu Phú Quốc", "PHÚ QUỐC", "dac khu phu quoc"):
        assert resolve(places, text, "district", "75").area_code == "911", text


def test_a_gazetteer_goes_to_other_processes() -> None:
    copy: Gazetteer = pickle.loads(pickle.dumps(PLACES))
    assert resolve(copy, "TP. Biên Hoà", "district", "75").area_code == "731"


def test_names_without_end_and_many_calls_take_no_time() -> None:
    places = gazetteer(PLAN)

    def ask() -> None:
        for hostile in ("a-" * 16_000 + "(", "xã " * 10_000, "(" * 32_000, "," * 32_000):
            resolve(places, hostile, "commune", "75")
        for number in range(20_000):
            resolve(places, LOCAL[number % len(LOCAL)].name, LOCAL[number % len(LOCAL)].level, "75")

    assert reference_seconds(ask, 5) < 5
