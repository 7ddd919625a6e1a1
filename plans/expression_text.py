"""Prepare expressions for Python's parser, which takes some names and codes for something else."""

import ast
import keyword
import re

# Words of Python that an expression may use as a name, such as that of a measure `yield`.
_OPERATORS = {"and", "or", "not", "if", "else", "in", "is"}
_KEYWORDS = [word for word in keyword.kwlist if word.islower() and word not in _OPERATORS]
_KEYWORD = re.compile(rf"'[^']*'|\"[^\"]*\"|\b({'|'.join(_KEYWORDS)})\b")  # texts in quotes stay
_LIST = re.compile(r"\[([^\[\]'\"]*)\]")
_TARGET = re.compile(r"\b(value|achievement|rank|reaching)\(\s*([\w-]+)(?=\s*[,)])")
_TO_FULL_WIDTH = 0xFEE0  # from a letter of ASCII to its wide form


def parse_expression(text: str) -> ast.expr:
    """Return the syntax tree of an expression whose names may be words of Python. Raises SyntaxError.

    Python finds its words before it replaces wide letters by plain ones (NFKC).
    """
    return ast.parse(_KEYWORD.sub(_as_name, text), mode="eval").body


def _as_name(found: re.Match[str]) -> str:
    word = found[1]
    return chr(ord(word[0]) + _TO_FULL_WIDTH) + word[1:] if word else found[0]


def quoted_codes(text: str) -> str:
    """Return an expression with its codes in quotes: UBND-001 and 15_19 are no numbers of Python."""
    listed = _LIST.sub(lambda codes: f"[{_quoted(codes[1])}]", text)
    return _TARGET.sub(r"\1('\2'", listed)


def _quoted(codes: str) -> str:
    return ", ".join(repr(code.strip()) if code.strip() else "" for code in codes.split(","))
