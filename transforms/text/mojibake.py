"""UTF-8 text that a program read as Windows-1252, Windows-1258 or Latin-1: "BiÃªn HÃ²a" for "Biên Hòa"."""

import re

MAX_ROUNDS = 3  # a file may pass through several such programs
# A first byte of UTF-8 read as one letter, followed by what a continuation byte becomes.
_SUSPECT = re.compile(
    "[\u00c2-\u00c6\u00e1\u00e2\u00cc\u0102][\u0080-\u00bf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152"
    "\u017d\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178]"
)
_BYTE_OF = {chr(code): code for code in range(256)}
for _code in range(0x80, 0xA0):
    try:
        _BYTE_OF[bytes([_code]).decode("cp1252")] = _code
    except UnicodeDecodeError:
        continue  # five bytes that Windows-1252 leaves open come as control characters
for _code in range(0xC0, 0x100):  # where the code page of Vietnamese Windows differs
    _BYTE_OF.setdefault(bytes([_code]).decode("cp1258"), _code)
_LOST_HARD_SPACE = re.compile("(?<=[\u00c3\u0102]) |(?<=[\u00e1\u00e2][\u00ba\u00bb]) ")
_QUESTION_IN_WORD = re.compile(r"(?<=[^\W\d_])\?(?=[^\W\d_])|(?<![^\s])\?(?=[^\W\d_]{2})|\ufffd")
_ACCENTED = re.compile("[\u00c0-\u01b0\u1ea0-\u1ef9]")
_FOREIGN = re.compile(
    "[\u00c4-\u00c7\u00cb\u00ce\u00cf\u00d6\u00d8\u00dc\u00e4-\u00e7\u00f6\u00f8\u00fc]"
)  # not Vietnamese
_ESCAPED = re.compile(r"(?:[=%]|\\x)E1(?:[=%]|\\x)B[AB]|\\u1e[a-f][0-9a-f]", re.IGNORECASE)  # "ộ" spelled out
_MANY_LOST = 5


def undo_mojibake(text: str) -> str:
    """Return the text with its UTF-8 read as such; as it is where it is not UTF-8 throughout."""
    decoded = text
    for _ in range(MAX_ROUNDS):
        better = _read_as_utf8(decoded) if _SUSPECT.search(decoded) else None
        if better is None:
            break
        decoded = better
    return text if _FOREIGN.search(decoded) else decoded


def undo_in_file(text: str) -> str:
    """Return the text of a file with its UTF-8 read as such, if many of its letters are wrong."""
    return undo_mojibake(text) if len(_SUSPECT.findall(text)) >= _MANY_LOST else text


def _read_as_utf8(text: str) -> str | None:
    for candidate in (text, _LOST_HARD_SPACE.sub("\u00a0", text)):
        try:
            return bytes(_BYTE_OF[letter] for letter in candidate).decode("utf-8")
        except (KeyError, UnicodeDecodeError):
            continue
    return None


def letters_are_lost(text: str) -> bool:
    """Whether the accented letters of a text were replaced by "?", others or codes when it was stored."""
    if len(_SUSPECT.findall(text)) >= _MANY_LOST or len(_ESCAPED.findall(text)) >= _MANY_LOST:
        return True
    if text.count("?") + text.count("\ufffd") < _MANY_LOST:
        return False
    lost = len(_QUESTION_IN_WORD.findall(text))
    return lost >= _MANY_LOST and lost > len(_ACCENTED.findall(text)) / 4
