"""The structure of numbers that identify a person: identity cards, citizen numbers, telephone numbers.

Sources are cited in docs/personal-data.md.
"""

import re

# The first three digits of a citizen number: the province of birth registration.
PROVINCE_CODES = frozenset(
    f"{code:03}"
    for code in (
        *(1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38),
        *(40, 42, 44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79),
        *(80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96),
    )
)
_LAST_BIRTH_YEAR = 40  # of the 21st century; no clock is asked
_OLD_CARD = re.compile(r"(?:0[1-9]|[12]\d|3[0-8])\d{7}")  # police codes of the provinces, 01 to 38
_MOBILE = r"(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9\d)\d{7}"
_FORMER_MOBILE = r"1(?:2\d|6[2-9]|8[68]|99)\d{7}"
_LANDLINE = r"2\d{8,9}"
_PHONE = re.compile(rf"0(?:{_MOBILE}|{_FORMER_MOBILE}|{_LANDLINE})")
_PHONE_WITH_COUNTRY = re.compile(rf"84(?:{_MOBILE}|2\d{{9}})")
# Area codes until 2017, before seven digits: "061.3822123".
_FORMER_AREA = re.compile(
    r"0(?:2[025-79]|3[0136-9]|5[2-9]|6[0-24678]|7[0-79]|(?:21|23|24|28|32|35|50|51|65|71|78)[01]|21[89])"
)
_MOBILE_WITHOUT_ZERO = re.compile(_MOBILE)


def is_citizen_number(digits: str) -> bool:
    """Whether 12 digits have the structure of a citizen number: province, century and sex, year of birth."""
    if len(digits) != 12 or digits[:3] not in PROVINCE_CODES:
        return False
    century, year = int(digits[3]), int(digits[4:6])
    return century < 2 or (century < 4 and year <= _LAST_BIRTH_YEAR)


def is_old_card_number(digits: str) -> bool:
    """Whether 9 digits have the structure of an identity card of the old kind."""
    return len(digits) == 9 and bool(_OLD_CARD.fullmatch(digits))


def is_phone_number(digits: str) -> bool:
    """Whether digits with their leading 0 are a mobile or landline number of Vietnam."""
    return bool(_PHONE.fullmatch(digits))


def is_former_landline(area: str, digits: str) -> bool:
    """Whether an area code and the digits after it are a landline number as written until 2017."""
    return bool(_FORMER_AREA.fullmatch(area)) and len(digits) == 7 and digits[0] in "2345678"


def is_phone_with_country(digits: str) -> bool:
    """Whether digits are a number of Vietnam with the country code 84."""
    return bool(_PHONE_WITH_COUNTRY.fullmatch(digits))


def is_mobile_without_zero(digits: str) -> bool:
    """Whether 9 digits are a mobile number whose leading 0 a spreadsheet has dropped."""
    return bool(_MOBILE_WITHOUT_ZERO.fullmatch(digits))


def is_identifying_figure(digits: str) -> bool:
    """Whether the digits of a numeric cell, without leading zeros, are an identity or phone number."""
    if digits.endswith("000"):
        return False
    if len(digits) == 9:
        return is_old_card_number(digits) or is_mobile_without_zero(digits)
    return len(digits) == 11 and (is_citizen_number("0" + digits) or is_phone_with_country(digits))
