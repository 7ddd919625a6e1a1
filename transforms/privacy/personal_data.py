"""Names, identity numbers, phone numbers and e-mail addresses of persons, which no report may hold.

A false alarm refuses a body's whole file, a miss stores a person's data: both are weighed in what counts.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from transforms.privacy.personal_names import (
    COMMON_FAMILIES,
    DECISIVE_MIDDLES,
    FAMILIES,
    FAMOUS,
    GIVEN,
    HONORIFICS,
    INSTITUTIONS,
    MIDDLES,
    NOT_BEFORE_FAMILY,
    NOT_NAMES,
    PLACE_WORDS,
    STRONG_FAMILIES,
)
from transforms.text.normalise import ascii_key, match_key, normalise

MeasureType = Literal["identity_number", "phone", "email", "name"]
Span = tuple[int, int]

_MASK = "•••"
_UPPER = "A-ZÀ-ÖØ-ÝĂĐĨŨƠƯ" + "".join(chr(code) for code in range(0x1EA0, 0x1EFA, 2))

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_PASSPORT = re.compile(r"(?<!\w)[A-Z][0-9]{7,8}(?!\w)")
# Digits in a row or in groups set off by one sign; not the tail of a number or a code, nor the head of one.
_DIGITS = re.compile(
    r"(?<![\w/])(?<![0-9][,.])\+?\(?[0-9]+(?:\)?(?: ?[.-] ?| ?\(|\)| )\(?[0-9]+)*\)?(?!\w|,[0-9])"
)
_MORE_DIGITS = re.compile("[ .-]?[0-9]")
_IDENTITY_WORD = re.compile(
    r"(?:cmnd|cmt|cmtnd|cccd|chứng minh(?: nhân dân| thư)?|căn cước(?: công dân)?"
    r"|định danh(?: cá nhân)?|hộ chiếu|passport)\W{0,3}(?:số\W{0,3})?$"
)
_PHONE_WORD = re.compile(
    r"(?:^|\W)(?:sđt|đt|điện thoại|di động|tel|phone|mobile|hotline|zalo)\W{0,3}(?:số\W{0,3})?$"
)
_PHONE = re.compile(r"0[235789][0-9]{8,9}|01[2689][0-9]{8}")
_ABROAD = re.compile(r"84(?:[35789][0-9]{8}|2[0-9]{9})")
_DATE_LIKE = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])(?:[0-9]{4}|[0-9]{6})?")
_DAY_FIRST = re.compile(r"(?:[0-2][0-9]|3[01])(?:0[1-9]|1[0-2])(?:19|20)[0-9]{2}")

_PART = re.compile(r"(?:(?! - )[^,;:()\[\]{}\"“”|/\\•+=!?…–—_\n])+")
_WORD = re.compile(r"[^\W_]+")
_STATED_NAME = re.compile(rf"(?i:họ(?: và)? tên|ho(?: va)? ten) ?: ?((?:[{_UPPER}]\w* ?){{2,5}})")
_NAME_SIGNS = FAMILIES | HONORIFICS | {"chí", "c", "ten"}  # the ends of "đồng chí", "đ/c", "ho ten"
_BEFORE_CAPITAL = re.compile(rf"(\w+)[ _:.]+(?=[{_UPPER}])")
_MAYBE_NUMBER = re.compile(
    r"(?:[0-9][ .()-]{0,3}){8}[0-9]|[A-Z][0-9]{7}|@"
    r"|(?i:đt|điện thoại|di động|tel|phone|mobile|hotline|zalo)\W{0,3}(?:số\W{0,3})?[0-9]"
)


def may_hold_personal_data(joined: str) -> bool:
    """Whether cleaned cell texts, joined by newlines, are worth a look at each: cheap, sure in its no."""
    if _MAYBE_NUMBER.search(joined):
        return True
    return any(
        word.lower() in FAMILIES or word.lower() in _PREFILTER
        for word in set(_BEFORE_CAPITAL.findall(joined))
    )


_PREFILTER = HONORIFICS | {"chí", "c", "ten"}


@lru_cache(maxsize=16384)
def is_personal_data(cell_text: str, known_phrases: frozenset[str]) -> MeasureType | None:
    """Return what kind of personal data a cell's text holds, None if none.

    `known_phrases`: form titles, labels, codes, names of areas and bodies, as `bare` gives them; what begins
    inside one of two words or more is no person's name.
    """
    for line in cell_text.splitlines():
        text = normalise(line)
        for kind, _ in _number_spans(text):
            return kind
        for _ in _name_spans(text, known_phrases):
            return "name"
    return None


def is_personal_number(value: int | float) -> bool:
    """Whether a numeric cell outside the measure columns is an identity or phone number.

    9 digits (old identity card; mobile phone without its 0), 12 (identity card), 11 (the same without its 0,
    or a phone number with 84). Whole thousands are money.
    """
    if not float(value).is_integer() or value % 1000 == 0:
        return False
    return len(str(abs(int(value)))) in (9, 11, 12)


@lru_cache(maxsize=4096)
def mask(text: str) -> str:
    """Return text, such as a file's name, with every person's number, address and name as "•••".

    Also masks any other run of seven digits and more that is no date. Nothing to hide: as it was.
    """
    loose = normalise(text).replace("_", " ")  # same length: the spans fit the text with its underscores
    spans = [span for _, span in _number_spans(loose)] + list(_name_spans(loose, frozenset()))
    spans += [run.span() for run in re.finditer(r"[0-9]{7,}", loose) if not _is_date(run[0])]
    if not spans:
        return text
    hidden = bytearray(len(loose))
    for start, end in spans:
        hidden[start:end] = b"\1" * (end - start)
    shown = "".join("\0" if hide else c for c, hide in zip(normalise(text), hidden, strict=True))
    return re.sub("\0+", _MASK, shown)


def _is_date(digits: str) -> bool:
    return bool(_DATE_LIKE.fullmatch(digits) or _DAY_FIRST.fullmatch(digits))


def _number_spans(text: str) -> Iterator[tuple[MeasureType, Span]]:
    if "@" in text:
        yield from (("email", address.span()) for address in _EMAIL.finditer(text))
    if sum(c.isdigit() for c in text) < 7:
        return
    yield from (("identity_number", number.span()) for number in _PASSPORT.finditer(text))
    for run in _DIGITS.finditer(text):
        before = text[max(0, run.start() - 30) : run.start()].lower()
        # "123456789/QĐ-UBND" is the number of a document.
        if text.startswith("/", run.end()) and not _IDENTITY_WORD.search(before):
            continue
        if kind := _kind_of_run(run[0], before, bool(_MORE_DIGITS.match(text, run.end()))):
            yield kind, run.span()


def _kind_of_run(run: str, before: str, cut: bool) -> MeasureType | None:
    """Tell what a run of digit groups holds: one number in groups, or several, a space apart.

    `cut`: more digits follow that belong to something else ("271 234 567 890đ").
    """
    if not cut and (kind := _kind_of_number(run, before)):
        return kind
    pieces = run.split()
    for i, piece in enumerate(pieces):
        context = before if i == 0 else ""
        if kind := _kind_of_number(piece, context):
            return kind
        if any(_is_phone(" ".join(pieces[i:end])) for end in range(i + 2, min(i + 5, len(pieces)) + 1)):
            return "phone"
    return None


def _kind_of_number(written: str, before: str) -> MeasureType | None:
    """Tell an identity or phone number from an amount of money, by its digits, groups and context."""
    groups = re.findall("[0-9]+", written)
    digits = "".join(groups)
    if _IDENTITY_WORD.search(before) and len(digits) in (9, 12):
        return "identity_number"
    if (_PHONE_WORD.search(before) and 7 <= len(digits) <= 12) or _is_phone(written):
        return "phone"
    if digits.endswith("000") or len(digits) not in (9, 12):
        return None
    split_in_threes = all(len(group) == 3 for group in groups)
    if len(groups) == 1 or (
        split_in_threes and (digits[0] == "0" or (len(digits) == 9 and "." not in written))
    ):
        return "identity_number"
    return None


def _is_phone(written: str) -> bool:
    groups = re.findall("[0-9]+", written)
    digits = "".join(groups)
    if written.startswith("+"):
        return bool(_ABROAD.fullmatch(digits.replace("840", "84", 1)))
    if _ABROAD.fullmatch(digits):
        return "." not in written and not digits.endswith("000")
    # A phone number is grouped after its 3 to 5 digits of area or carrier; "02 03 05 06 08" are five numbers.
    return bool(_PHONE.fullmatch(digits)) and (len(groups) == 1 or 3 <= len(groups[0]) <= 5)


def _name_spans(text: str, known_phrases: frozenset[str]) -> Iterator[Span]:
    """Yield where names stand in one line of cleaned text."""
    if text == text.lower():
        return
    text = re.sub("(?i)đ/c", "ông", text)  # the same length, and no break between the words
    for stated in _STATED_NAME.finditer(text):
        yield stated.span(1)
    words = list(_WORD.finditer(text))
    if _NAME_SIGNS.isdisjoint(word[0].lower() for word in words):
        return
    covered = _covered(text, known_phrases)
    for part in _PART.finditer(text):
        inside = [word for word in words if part.start() <= word.start() < part.end()]
        yield from _names_in_part(text, inside, covered)


def _names_in_part(text: str, words: list[re.Match[str]], covered: list[Span]) -> Iterator[Span]:
    folded = [match_key(word[0]) for word in words]
    i = 0
    while i < len(words):
        j = _run_end(text, words, i)
        inside_known = any(start <= words[i].start() < end for start, end in covered)
        if j > i and not inside_known and _is_name(words, folded, i, j):
            yield words[i].start(), words[j - 1].end()
            i = j
        else:
            i += 1


def _style(word: str) -> str:
    if not word[0].isupper():
        return "other"
    if len(word) == 1:
        return "either"
    return "upper" if word.isupper() else "title" if word[1:].islower() else "other"


def _run_end(text: str, words: list[re.Match[str]], i: int) -> int:
    """Return the end of the run from i on of at most five words capitalised alike, a space apart."""
    style, j = "either", i
    while j < len(words) and j < i + 5 and (j == i or text[words[j - 1].end() : words[j].start()].isspace()):
        this = _style(words[j][0])
        if this == "other" or ("either" not in (this, style) and this != style):
            break
        style, j = this if style == "either" else style, j + 1
    return j


def _is_name(words: list[re.Match[str]], folded: list[str], i: int, j: int) -> bool:
    length, family, addressed = j - i, folded[i], _is_addressed(words, folded, i)
    name = tuple(folded[i:j])
    if (
        tuple(name[:2]) in NOT_NAMES
        or tuple(name[:3]) in NOT_NAMES
        or name[:4] in NOT_NAMES
        or name in FAMOUS
    ):
        return False
    if _is_place(folded, i) or (i and folded[i - 1] in NOT_BEFORE_FAMILY):
        return False
    if family not in FAMILIES or length == 1:
        return addressed and length <= 2 and folded[j - 1] in GIVEN and _style(words[i][0]) == "title"
    if length >= 3 and folded[i + 1] in DECISIVE_MIDDLES and family in STRONG_FAMILIES:
        return True
    with_middle = folded[i + 1] in MIDDLES
    alone = all(word.isdigit() or word in HONORIFICS for word in folded[:i] + folded[j:])
    if _style(words[i + 1][0]) == "upper":
        return (
            with_middle and (addressed or alone) and (length > 2 or family in COMMON_FAMILIES) and length < 5
        )
    if length == 2:
        return addressed or (alone and family in COMMON_FAMILIES)
    starts = i == 0 or addressed or _style(words[i - 1][0]) != "title"
    return starts and (with_middle or family in STRONG_FAMILIES)


def _is_addressed(words: list[re.Match[str]], folded: list[str], i: int) -> bool:
    """Whether a title stands right before: "ông", "Bà", "chị", "đồng chí"."""
    if i == 0 or folded[i - 1] not in HONORIFICS:
        return i > 1 and folded[i - 2 : i] == ["đồng", "chí"]
    return words[i - 1][0].islower() or folded[i - 1] in ("ông", "bà", "tên") or folded[i] in FAMILIES


def _is_place(folded: list[str], i: int) -> bool:
    if i and folded[i - 1] in PLACE_WORDS:
        return True
    before = folded[max(0, i - 4) : i]
    return (
        bool(INSTITUTIONS.intersection(before))
        and "chủ" not in before
        and not HONORIFICS.intersection(before)
    )


def _covered(text: str, known_phrases: frozenset[str]) -> list[Span]:
    """Return where known phrases of two words and more stand in a line, the longest from each word on."""
    longest = _longest(known_phrases)
    words = list(_WORD.finditer(text))
    keys = [ascii_key(word[0]) for word in words]
    covered, i = [], 0
    while i < len(words):
        ends = range(min(len(words), i + longest), i + 1, -1)
        end = next((end for end in ends if " ".join(keys[i:end]) in known_phrases), 0)
        if end:
            covered.append((words[i].start(), words[end - 1].end()))
        i = end or i + 1
    return covered


@lru_cache(maxsize=8)
def _longest(phrases: frozenset[str]) -> int:
    return max((phrase.count(" ") + 1 for phrase in phrases), default=0)
