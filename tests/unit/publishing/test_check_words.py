"""Rows that a check found are shown in words: no column name, no code of a body, area, period or list."""

from publishing.site.check_words import column_label, value_text
from tests.support.forms import FORM_SET
from tests.support.reports import PLAN

HOTSPOTS = FORM_SET.by_key["hotspots"]


def test_columns_have_the_labels_of_the_form() -> None:
    opening = HOTSPOTS.columns["opening"].label_vi
    assert column_label("opening", HOTSPOTS)[0].endswith(opening)
    assert column_label("other_opening", HOTSPOTS)[0].endswith(f"{opening} (đơn vị khác)")
    assert column_label("other_body_code", HOTSPOTS) == ("Đơn vị (đơn vị khác)", "Body (other body)")
    assert column_label("previous_closing", HOTSPOTS)[0].endswith("(kỳ trước)")
    assert column_label("completeness_pct", None) == ("Tỷ lệ báo cáo đã nhận", "Completeness")
    assert column_label("fact_id", None) == ("Fact id", "Fact id")


def test_values_are_names_and_numbers() -> None:
    def shown(name: str, value: object) -> str:
        return value_text(name, value, HOTSPOTS, PLAN)[0]

    assert shown("other_body_code", "UBND-738") == "UBND huyện Thống Nhất"
    assert shown("area_code", "731") == "Thành phố Biên Hòa"
    assert shown("period_code", "2020-Q1") == "quý I năm 2020"
    kinds = HOTSPOTS.columns["place_kind"].code_list
    assert kinds is not None
    assert shown("place_kind", kinds.codes[0].code) == kinds.codes[0].label_vi
    assert shown("opening", 1234.5) == "1.234,5"
    assert shown("opening", None) == "–"
    assert shown("body_code", "nobody") == "nobody"
