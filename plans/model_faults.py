"""What is wrong with a value of a plan or form file, in the words of its author.

The faults that a model finds name types of Python; these sentences name what to write into the YAML file.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic_core import ErrorDetails

from plans.yaml_lines import AmbiguousNumber

_LONGEST = 40  # characters of a value that a sentence shows
# The patterns of the models in words.
_PATTERNS: Mapping[str, str] = {
    r"^([A-Z]{2})?$": "two capital letters, such as VN",
    r"^[A-Z]{0,4}$": "at most four capital letters",
    r"^\d+(\.\d+)*$": "numbers with full stops between them, such as 1.2",
    r"^[a-z]{2,3}(_[A-Z][A-Za-z]{1,3})?$": "a code of a language, such as vi or en",
    r"^([^{}]*\{\}[^{}]*)?$": "a text with {} once, where the name of the area goes",
    r"^\S[^\n]{0,39}$": "at most 40 characters in one line",
    r"^[A-Z0-9]{2,12}-\d{2,3}$": "capital letters or digits, a hyphen and a number, such as TRI-01",
}
# "^[A-Z][A-Z0-9_]{0,39}$": a class for the first character, one for the others, and their number.
_CLASSES = re.compile(r"^\^\(?\[(?P<first>[^\]]+)\]\[(?P<others>[^\]^]+)\]\{0,(?P<count>\d+)\}")


def sentence(fault: ErrorDetails) -> str:
    """Return a fault as a sentence without a full stop."""
    kind, given, limits = fault["type"], fault["input"], fault.get("ctx", {})
    if kind in _BY_INPUT:
        return _BY_INPUT[kind](given)
    if kind == "string_pattern_mismatch":
        return f"{_shown(given)} is not written as it must be: {_described(str(limits['pattern']))}"
    if kind in _BY_COUNT:
        return _BY_COUNT[kind].format(**limits)
    if kind in _BY_LIMIT:
        return f"{_BY_LIMIT[kind].format(**limits)}, not {_shown(given)}"
    return fault["msg"].removeprefix("Value error, ").rstrip(".")


def _text_expected(given: object) -> str:
    if isinstance(given, bool):
        return (
            f"it must be text, but YAML reads NO, yes, on and the like without quotes as {_shown(given)}: "
            'put it in quotes, such as "NO"'
        )
    if isinstance(given, dict | list) or given is None:
        return f"it must be text, not {_shown(given)}"
    return f'it must be text, but YAML reads it as {_shown(given)}: put it in quotes, such as "075"'


def _unknown_key(_given: object) -> str:
    return "there is no such key here: check its spelling and how far it is indented"


def _mapping_expected(given: object) -> str:
    return f"it must hold keys with values (key: value), not {_shown(given)}"


def _list_expected(given: object) -> str:
    return f"it must be a list, such as [a, b], not {_shown(given)}"


def _number_expected(given: object) -> str:
    return _ambiguity(given) or f"it must be a number, such as 1200 or 1.5, not {_shown(given)}"


def _whole_expected(given: object) -> str:
    return _ambiguity(given) or f"it must be a whole number, not {_shown(given)}"


def _ambiguity(given: object) -> str:
    """Ask for a number that YAML and a person read alike; empty for anything else."""
    if not isinstance(given, AmbiguousNumber):
        return ""
    return (
        f"{given.text} can be read in two ways, and YAML reads it as {given}: write the number in digits,"
        " without leading zeros, colons or separators of thousands"
    )


_BY_INPUT: Mapping[str, Callable[[Any], str]] = {
    "missing": lambda _given: "this key is missing and must be given",
    "extra_forbidden": _unknown_key,
    "string_type": _text_expected,
    "dict_type": _mapping_expected,
    "model_type": _mapping_expected,
    "model_attributes_type": _mapping_expected,
    "tuple_type": _list_expected,
    "list_type": _list_expected,
    "frozen_set_type": _list_expected,
    "string_too_short": lambda _given: "it must not be empty",
    "date_type": lambda given: f"it must be a day, such as 2020-03-31, not {_shown(given)}",
    "date_parsing": lambda given: f"it must be a day, such as 2020-03-31, not {_shown(given)}",
    "date_from_datetime_inexact": lambda given: f"it must be a day, such as 2020-03-31, not {_shown(given)}",
    "date_from_datetime_parsing": lambda given: f"it must be a day, such as 2020-03-31, not {_shown(given)}",
    "int_type": _whole_expected,
    "int_parsing": _whole_expected,
    "int_from_float": _whole_expected,
    "float_type": _number_expected,
    "float_parsing": _number_expected,
    "finite_number": _number_expected,
    "bool_type": lambda given: f"it must be true or false, not {_shown(given)}",
    "bool_parsing": lambda given: f"it must be true or false, not {_shown(given)}",
}
_BY_COUNT: Mapping[str, str] = {
    "too_short": "it must list {min_length} or more",
    "too_long": "it must list {max_length} or fewer",
}
_BY_LIMIT: Mapping[str, str] = {
    "string_too_long": "it must have at most {max_length} characters",
    "greater_than_equal": "it must be at least {ge}",
    "greater_than": "it must be above {gt}",
    "less_than_equal": "it must be at most {le}",
    "less_than": "it must be below {lt}",
    "literal_error": "it must be {expected}",
    "enum": "it must be {expected}",
}


def _described(pattern: str) -> str:
    """What a pattern allows in words; the pattern itself where no words are known."""
    if pattern in _PATTERNS:
        return _PATTERNS[pattern]
    found = _CLASSES.match(pattern)
    if found is None:
        return f"the pattern is {pattern}"
    kinds = {"a-z": "small letters", "A-Z": "capital letters", "0-9": "digits"}
    allowed = [words for letters, words in kinds.items() if letters in found["others"]]
    allowed += re.sub("a-z|A-Z|0-9", "", found["others"])
    first = "a letter or digit" if "0-9" in found["first"] else "a letter"
    return f"at most {int(found['count']) + 1} characters ({', '.join(allowed)}), {first} first"


def _shown(given: object) -> str:
    """A value as the author knows it."""
    if given is None or given == [] or given == ():
        return "nothing"
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, dict | list | tuple):
        return "several keys" if isinstance(given, dict) else "a list"
    text = " ".join(str(given).split())
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return repr(text) if isinstance(given, str) else text
