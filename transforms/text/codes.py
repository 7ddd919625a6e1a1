"""Codes of a code list as people write them: the label in any typing, an alias, or the code itself."""

from functools import lru_cache

from schemas.declaration import CodeList
from transforms.text.normalise import ascii_key, match_key, normalise


def read_code(value: object, code_list: CodeList) -> str | None:
    """Read a cell as a code of the list; None for a blank one, ValueError for what the list does not have.

    Diacritics may be missing where the label is still the only one that fits.
    """
    if value is None or not (words := normalise(str(value))):
        return None
    exact, without_diacritics = _wordings(code_list)
    code = exact.get(match_key(words)) or without_diacritics.get(ascii_key(words))
    if code is None:
        raise ValueError("not in the code list")
    return code


@lru_cache
def _wordings(code_list: CodeList) -> tuple[dict[str, str], dict[str, str]]:
    exact: dict[str, str] = {}
    loose: dict[str, set[str]] = {}
    for code in code_list.codes:
        for wording in (code.code, code.label_vi, *code.aliases):
            exact.setdefault(match_key(wording), code.code)
            loose.setdefault(ascii_key(wording), set()).add(code.code)
    return exact, {wording: next(iter(codes)) for wording, codes in loose.items() if len(codes) == 1}
