"""Codes of a code list as people write them: the label in any typing, an alias, or the code itself."""

import re
from functools import lru_cache

from schemas.declaration import CodeList
from transforms.text.misspellings import is_one_letter_off
from transforms.text.normalise import ascii_key, match_key, normalise

_LIST_MARK = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2})+ |[(\[]?(?:mục |nhóm )?(?:\d{1,3}(?:\.\d{1,2})*|[a-zđ]|[ivxl]{1,5})[.)\]/:\-]+"
    r"|[\-+*•·○▪–]+|\d{1,3} )\s*"
)

_AND = re.compile(r" (?:va|hoac) ")
_FOOTNOTE_MARK = re.compile(r" ?(?:[(\[]?\d{1,2}[)\]]|[*+]+)$")
_BETWEEN_ITEMS = re.compile(r"[,;/&+]|\b(?:và|hoặc)\b")
_FIRST_NUMBER = re.compile(r"\d{1,2}[.)/:\-]")  # "2.1 đến 4 tuổi" may be the second of a list


def read_code(value: object, code_list: CodeList) -> str | None:
    """Read a cell as a code of the list; None for a blank one, ValueError for what the list does not have.

    Diacritics may be missing, "và" may be a comma, items may be in another order, and one letter of a long
    label may be wrong where only one label fits. A list mark before the label ("1.", "a)", "-") is ignored.
    """
    if value is None or not (words := normalise(str(value))):
        return None
    code = _code_of(words, code_list)
    if code is None:
        raise ValueError("not in the code list")
    return code


# The same words occur in sheet after sheet.
@lru_cache(maxsize=16384)
def _code_of(words: str, code_list: CodeList) -> str | None:
    exact, without_diacritics = _wordings(code_list)
    key = match_key(words)
    for wording in (key, without_list_mark(key), _FIRST_NUMBER.sub("", key, count=1)):
        code = exact.get(wording) or without_diacritics.get(ascii_key(wording))
        if code is not None:
            return code
    plain = _AND.sub(" ", ascii_key(without_list_mark(key)))
    if code := without_diacritics.get(plain) or _items_of(code_list).get(_items(without_list_mark(key))):
        return code
    close = {code for wording, code in without_diacritics.items() if is_one_letter_off(plain, wording)}
    return close.pop() if len(close) == 1 else None


def without_list_mark(words: str) -> str:
    """Return a comparison key without what numbers it in a list, or the mark of a footnote behind it.

    "1.karaoke", "-biên hòa", "a)karaoke", "biên hòa 1)", "biên hòa*".
    """
    mark = _LIST_MARK.match(words)
    listed = words[mark.end() :] if mark else words
    return _FOOTNOTE_MARK.sub("", listed).strip() or words


def _items(words: str) -> tuple[str, ...]:
    """The items of a label that lists several, in one order; none for any other label."""
    items = sorted(filter(None, map(ascii_key, _BETWEEN_ITEMS.split(words))))
    return tuple(items) if len(items) > 1 else ()


@lru_cache
def _items_of(code_list: CodeList) -> dict[tuple[str, ...], str]:
    """The codes by the items of their labels, where these are of one code only."""
    found: dict[tuple[str, ...], set[str]] = {}
    for code in code_list.codes:
        for wording in (code.label_vi, *code.aliases):
            if items := _items(match_key(wording)):
                found.setdefault(items, set()).add(code.code)
    return {items: next(iter(codes)) for items, codes in found.items() if len(codes) == 1}


@lru_cache
def _wordings(code_list: CodeList) -> tuple[dict[str, str], dict[str, str]]:
    exact: dict[str, str] = {}
    loose: dict[str, set[str]] = {}
    for code in code_list.codes:
        for wording in (code.code, code.label_vi, *code.aliases):
            exact.setdefault(match_key(wording), code.code)
            loose.setdefault(ascii_key(wording), set()).add(code.code)
            loose.setdefault(_AND.sub(" ", ascii_key(wording)), set()).add(code.code)
    return exact, {wording: next(iter(codes)) for wording, codes in loose.items() if len(codes) == 1}
