"""The conditional formats of an .xlsx worksheet part."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from itertools import islice

from transforms.extract.conditional_formats import (
    MAX_RULES,
    NUMBERS,
    UNSEEN,
    ConditionalFormat,
    ConditionalLook,
    check_rules,
)
from transforms.extract.sheet import MergedRange
from transforms.extract.sum_formulas import column_index
from transforms.extract.xlsx.xlsx_styles import read_differential
from transforms.extract.xml_elements import attributes_of, elements

_MAX_ROW, _MAX_COLUMN = 1_048_576, 16_384
_LONGEST_NUMBER = 6  # digits of a style
_REFERENCE = re.compile(r"\S+")
_RANGE = re.compile(r"([A-Z]{0,3})([0-9]{0,7})(?::([A-Z]{0,3})([0-9]{0,7}))?$")
_BESIDE_FIGURES = ("dataBar", "iconSet")  # kinds of rules that may replace the figure
_NO_FIGURE = re.compile(rb'<(?:\w+:)?(?:dataBar|iconSet)\s[^<>]*\bshowValue="(?:0|false)"')


def read_conditional_formats(data: bytes, looks: Mapping[int, ConditionalLook]) -> list[ConditionalFormat]:
    """Return the rules of a worksheet part whose look changes what a cell shows; `looks` by `dxfId`.

    Rules of Excel 2010 (in `extLst`) have their ranges and their look inside.
    """
    found: list[ConditionalFormat] = []
    range_count = 0
    for block_attributes, block in elements(data, "conditionalFormatting"):
        references = attributes_of(block_attributes).get("sqref") or " ".join(_texts(block, "sqref"))
        ranges = tuple(islice(_ranges(references), MAX_RULES + 1))
        range_count += len(ranges)
        check_rules(range_count)
        for rule_attributes, rule in elements(block, "cfRule"):
            attributes = attributes_of(rule_attributes)
            kind, look = attributes.get("type", ""), _look_of(attributes, rule, looks)
            if kind in _BESIDE_FIGURES and _NO_FIGURE.search(rule):
                kind, look = NUMBERS, UNSEEN
            if look is None:
                continue
            formulas = (*_texts(rule, "formula"), *_texts(rule, "f"))
            check_rules(len(found))
            found.append(ConditionalFormat(ranges, kind, attributes.get("operator", ""), formulas, look))
    return found


def _look_of(
    attributes: Mapping[str, str], rule: bytes, looks: Mapping[int, ConditionalLook]
) -> ConditionalLook | None:
    number = attributes.get("dxfId", "")
    if number.isdecimal() and len(number) < _LONGEST_NUMBER:
        return looks.get(int(number))
    inside = next(elements(rule, "dxf"), None)
    look = read_differential(inside[1]) if inside else None
    return look if look and look.changes else None


def _texts(data: bytes, name: str) -> list[str]:
    return [unescape(text.decode("utf-8", "replace")).strip() for _, text in elements(data, name)]


def _ranges(references: str) -> Iterator[MergedRange]:
    for reference in _REFERENCE.finditer(references):
        match = _RANGE.match(reference[0].replace("$", ""))
        if match is None or "0" in (match[2], match[4]):
            continue
        left, top = match[1], match[2]
        right, bottom = (match[3], match[4]) if match[3] is not None else (left, top)
        yield MergedRange(
            int(top) - 1 if top else 0,
            column_index(left) if left else 0,
            int(bottom) - 1 if bottom else _MAX_ROW - 1,
            column_index(right) if right else _MAX_COLUMN - 1,
        )
