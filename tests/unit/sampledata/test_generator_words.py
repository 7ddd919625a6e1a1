"""What the generator writes into cells can be read in one way only."""

import unicodedata
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from plans.model import Area, Calendar
from plans.reading import DEFAULT_PLAN, read_plan
from plans.reporting_calendar import scheduled_periods
from sampledata.heads import period_words
from sampledata.mess import Typing, number_words, place_words
from sampledata.writers import as_cp1258
from schemas.declaration import Measure, MeasureType
from tests.support.forms import FORM_SET
from transforms.layout.sheet_head.period_words import read_period

UNITS = FORM_SET.units
PLAN = read_plan(DEFAULT_PLAN)


@given(st.sampled_from(PLAN.areas), st.integers())
def test_places_are_distinguished(area: Area, seed: int) -> None:
    """A name without its kind is used only where it is one place's name."""
    others = [a for a in PLAN.areas if a.parent == area.parent and a is not area]
    words = place_words(area, others, Random(seed), 1)
    plain = " ".join(unicodedata.normalize("NFC", words).lower().split())
    assert plain not in {o.name.lower() for o in others}
    assert plain not in {o.name.removeprefix(f"{o.kind} ").lower() for o in others}


@given(st.one_of(st.integers(0, 10**12), st.integers(0, 10**8).map(lambda n: n / 10)), st.integers())
def test_numbers_can_be_read_the_vietnamese_way(value: float, seed: int) -> None:
    unit = UNITS["vnd"] if isinstance(value, int) else UNITS["million_vnd"]
    cell = number_words(value, Measure("m", "m", unit, MeasureType.FLOW), Random(seed), 1, as_text=False)
    if cell is None or str(cell).strip().lower() in ("-", "không"):
        assert value == 0
    elif isinstance(cell, str):
        assert float(cell.strip().replace(".", "").replace(",", ".")) == value
    else:
        assert cell == value


@given(st.text("aăâeêioôơuưyđAĂÂEÊIOÔƠUƯYĐ \u0300\u0301\u0303\u0309\u0323", max_size=12))
def test_cp1258_has_all_vietnamese(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    if not any(map(unicodedata.combining, composed)):
        assert unicodedata.normalize("NFC", as_cp1258(composed).decode("cp1258")) == composed


def test_the_other_vowel_takes_the_tone() -> None:
    typing = Typing(other_vowel=True)
    assert typing("Biên Hòa, HÒA, hoà, thủy, quý, hoàng") == "Biên Hoà, HOÀ, hòa, thuỷ, quý, hoàng"


CALENDARS = [
    Calendar(due_working_days={}, close_working_days=5, closing_day=31, country="", **stated)
    for stated in (
        {"periods": ("D", "W", "M", "Q", "H", "Y")},
        {"year_starts_in": 9, "year_prefix": "SY"},
        {"year_starts_in": 10, "year_named_by": "end"},
    )
]


@given(st.sampled_from(CALENDARS), st.data())
def test_words_of_every_kind_of_period_are_read_as_it(calendar: Calendar, data: st.DataObject) -> None:
    period = data.draw(st.sampled_from(scheduled_periods(2020, calendar)))
    words = period_words(period, Random(data.draw(st.integers())))
    assert read_period(words, calendar) == period
