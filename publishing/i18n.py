"""Labels of pages and documents in Vietnamese and English, and number formats of both languages."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

import yaml

from plans.languages.catalog import texts
from schemas.form_set import FormSet

Language = Literal["vi", "en"]
Pair = tuple[str, str]  # Vietnamese, English
LANGUAGES: tuple[Language, ...] = ("vi", "en")
PERCENT: Pair = ("%", "%")
MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
# By the country of a plan: the heads of forms have its motto, and committees govern its areas.
STATE_MOTTOS: Mapping[str, Pair] = MappingProxyType({"VN": MOTTO})

_NOT_IN_FILES = re.compile(r"[^\w.\-]+")


@cache
def labels(language: Language) -> dict[str, str]:
    """Return all labels in one language by key."""
    index = LANGUAGES.index(language)
    return {key: pair[index] for key, pair in _all_labels().items()}


@cache
def _all_labels() -> dict[str, Pair]:
    source = files("publishing").joinpath("labels.yaml").read_text("utf-8")
    return {key: (vi, en) for key, (vi, en) in yaml.load(source, yaml.CSafeLoader).items()}


def body_text(language: str, key: str, **values: object) -> str:
    """Return a text of blank forms, returned files or reminders in the language of a plan."""
    return str(texts(language, "forms")[key]).format(**values)


def body_texts(language: str, key: str) -> list[str]:
    """Return a list of such texts, such as the headings of a table."""
    return list(texts(language, "forms")[key])


def unit_labels(unit: str, forms: FormSet) -> Pair:
    """Return the label of a unit of the form set in Vietnamese and English; % for percent."""
    if unit == "percent":
        return PERCENT
    declared = forms.units.get(unit)
    return (declared.label_vi, declared.label_en) if declared else (unit, unit)


def file_part(code: str) -> str:
    """Return a form's code as a part of a file name and an address: "Mẫu 3/BC" becomes "Mẫu_3_BC"."""
    return _NOT_IN_FILES.sub("_", code)


def area_in_sentence(name: str) -> str:
    """Write an area's name as inside a Vietnamese sentence: "thành phố Biên Hòa"."""
    return name[:1].lower() + name[1:]


def format_number(value: float, digits: int, language: Language) -> str:
    """Format a number with `digits` decimals, or with none if they are all zero."""
    text = f"{float(value):,.{digits}f}".removesuffix(f".{'0' * digits}")
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text
