"""Find the names of persons in a line: candidates from runs of capitalised words, scored by the rules."""

import re
from collections.abc import Iterator
from functools import lru_cache

from transforms.privacy.evidence import THRESHOLD, WEIGHTS, Evidence, Span, TextContext
from transforms.privacy.name_context import (
    Line,
    Place,
    doubts,
    read_line,
    single_name_rules,
    support,
)
from transforms.privacy.name_rules import name_rules, total
from transforms.privacy.name_words import LONGEST_NAME, UPPER, Word, runs, split_words
from transforms.privacy.names.word_lists import without_marks
from transforms.privacy.vocabulary import (
    ACCENTED,
    ASCII,
    CONTEXT_SIGNS,
    NAME_SIGNS,
    PLAIN_FAMILIES,
    Vocabulary,
)

_ALONE = "nothing else in the text"
_CALLS_FOR_A_NAME = frozenset(
    ("title before", "label of a person before", "label of a role before", "fact of a person after")
)
_LETTER = r"(?:[A-ZĐ]|Ch|Gh|Gi|Kh|Ng|Nh|Ph|Qu|Th|Tr)"
# "Nguyễn V. K.", "Lê.T.H"; "N.V.K" counts only with a title, a label or a year.
_WITH_INITIALS = re.compile(
    rf"(?<![\w.])([{UPPER}]\w+)\.? ?{_LETTER}(?:\. ?{_LETTER}){{1,2}}\.?(?![\w])"
    rf"|(?<![\w.])([{UPPER}]\w+)\.? ?{_LETTER}\. ?(?:[{UPPER}](?!\w))?"
)
_INITIALS = re.compile(rf"(?<![\w.]){_LETTER}(?:\. ?{_LETTER}){{1,3}}\.?(?: ?[{UPPER}][^\W\d_]+)?(?!\w)")
_STATED_NAME = re.compile(
    rf"(?i:họ(?: và)? tên|ho(?: va)? ten|họ tên người [\w ]{{2,12}}) ?: ?((?:[{UPPER}][\w'’]* ?){{2,5}})"
)
# "nguyễn văn an", "Phạm thị hoa"; not "vi phạm văn hóa".
_LOWER_NAME = re.compile(
    r"(?<!\w)(?<!vi )(?<!tội )(?<!quy )(?<!phẩm )(?<!sản )"
    r"(?:[Nn]guyễn|[Tt]rần|[Ll]ê|[Pp]hạm|[Hh]uỳnh|[Vv]õ|[Đđ]ặng|[Bb]ùi|[Đđ]ỗ|[Nn]gô|[Nn]guyen|[Hh]uynh) "
    r"(?:văn (?!hóa|hoá|nghệ|phòng|bản|thư)|thị (?!trường|trấn|xã)|van |thi )[a-zà-ỹđ]{1,6}(?!\w)"
)
_DECISIVE = (" văn ", " thị ", " van ", " thi ")
_CAPITALISED = re.compile(rf"[{UPPER}]\w*")
_PLAIN_WORD = re.compile(r"[^\W\d_]+")
_FAMILY = (
    r"(?:[Nn]guyễn|[Tt]rần|[Ll]ê|[Pp]hạm|[Hh]uỳnh|[Vv]õ|[Đđ]ặng|[Bb]ùi|[Nn]guyen|[Tt]ran|[Pp]ham|[Hh]uynh)"
)
# "NguyễnVănAn", "Nguyen, Van An".
_JOINED_NAME = re.compile(
    rf"(?<!\w){_FAMILY}(?:Văn|Thị|Van|Thi)[{UPPER}]\w+|(?<!\w){_FAMILY}, (?:Văn|Thị|Van|Thi) [{UPPER}]\w+"
)
_IS_JOINED = re.compile(rf"[a-zêễầạỳ](?:, ?)?(?:Văn|Thị|Van|Thi) ?[{UPPER}]")
_BORN_WITH_INITIALS = re.compile(
    r"(?<![\w.])[A-ZĐ]{2,4}(?= ?[,(-]? ?(?:sn|SN|sinh năm|sinh) ?(?:19[3-9]|20[01])\d)"
)
_ODD_SIGNS = re.compile(
    rf"(?<!\w)[{UPPER}]\.|['’`]|đ/c|Đ/c|Đ/C|(?<!\w)A [{UPPER}]|{_IS_JOINED.pattern}"
    rf"|nạn nhân|(?:ơ sở|nghỉ|sạn|hàng|tiệm|nhà|hộ|lý|trách|diện|đốc|tịch|bộ|toán|nhận|gửi|hệ) ?: ?[{UPPER}]"
)


def may_name_a_person(line: str) -> bool:
    """Whether a line is worth a closer look: cheap, and sure where it returns False."""
    if not NAME_SIGNS[line.isascii()].isdisjoint(map(str.lower, _CAPITALISED.findall(line))):
        return True
    lower = line.lower()
    if lower == line:
        return any(map(line.__contains__, _DECISIVE)) and bool(_LOWER_NAME.search(line))
    return not CONTEXT_SIGNS.isdisjoint(_PLAIN_WORD.findall(lower)) or bool(_ODD_SIGNS.search(line))


def name_evidence(line: str, known_phrases: frozenset[str], context: TextContext) -> Iterator[list[Evidence]]:
    """Yield for each possible name in one cleaned line the rules that apply."""
    if any(map(line.__contains__, _DECISIVE)):
        for match in _LOWER_NAME.finditer(line):
            yield _evidence(["stated as a name"], match.span())
    if _IS_JOINED.search(line):
        for match in _JOINED_NAME.finditer(line):
            yield _evidence(["stated as a name"], match.span())
    for match in _BORN_WITH_INITIALS.finditer(line) if "inh" in line or "sn" in line.lower() else ():
        yield _evidence(["initials", "fact of a person after"], match.span())
    line = re.sub("(?i)đ/c", "ông", line)  # the same length, and no break between the words
    for match in _STATED_NAME.finditer(line):
        yield _evidence(["stated as a name"], match.span(1))
    words = split_words(line)
    covered = _covered(words, known_phrases)
    vocabulary = ASCII if line.isascii() else ACCENTED
    whole = read_line(line, words, vocabulary)
    yield from _initials(whole, vocabulary)
    for run in runs(words):
        yield from _names_in_run(whole, run, covered, context)


def _names_in_run(
    whole: Line, run: tuple[int, int], covered: frozenset[int], context: TextContext
) -> Iterator[list[Evidence]]:
    """Yield the best candidate from each word of a run on: the longest, or the one that is a name."""
    words = whole.words
    i = run[0]
    while i < run[1]:
        best: list[str] = []
        score, length = 0.0, 1
        ends = range(min(run[1], i + LONGEST_NAME), i, -1) if i not in covered else ()
        for j in ends:
            place = Place(whole, i, j, _vocabulary(whole.text, words[i:j]), words)
            rules = _rules(place, run, context)
            this = total(rules)
            if rules and (not best or (this >= THRESHOLD and this > score)):
                best, score, length = rules, this, j - i
        if best:
            yield _evidence(best, (words[i].start, words[i + length - 1].end))
        i += length if score >= THRESHOLD else 1


def _vocabulary(line: str, words: list[Word]) -> Vocabulary:
    if line.isascii():
        return ASCII
    head = words[0].key
    is_plain = all(word.text.isascii() for word in words)
    return ASCII if is_plain and head in PLAIN_FAMILIES else ACCENTED


def _rules(place: Place, run: tuple[int, int], context: TextContext) -> list[str]:
    """Return all rules that a candidate meets; empty if it is no name at all."""
    inside = name_rules(place.words[place.first : place.last], place.vocabulary)
    if not inside and place.last - place.first > 2:
        return []
    around = support(place)
    if context in ("sheet name", "file name") and _ALONE not in around:
        around.append(_ALONE)
    is_short = place.last - place.first <= 2 and (place.last == run[1] or _is_birth_order(place))
    if is_short and not _CALLS_FOR_A_NAME.isdisjoint(around):
        inside = max(inside, single_name_rules(place), key=total)
    if not inside:
        return []
    if total(inside) + total(around) < THRESHOLD:
        return inside + around
    is_upper = place.words[place.last - 1].style == "upper" and place.words[place.first].style != "title"
    key_column = ["in a key column"] * (context == "key column")
    against = doubts(place) + key_column
    if is_upper and place.last - place.first == 1 and "title before" not in around:
        return []
    return inside + around + against


def _is_birth_order(place: Place) -> bool:
    """Whether the words are "Năm" in "bà Năm Sa Đéc"."""
    key, before = place.words[place.first].key, place.words[place.first - 1]
    return place.last - place.first == 1 and key in place.vocabulary.birth_order and before.style == "other"


def _evidence(rules: list[str], span: Span) -> list[Evidence]:
    return [Evidence("name", rule, WEIGHTS[rule], *span) for rule in rules]


def _initials(whole: Line, vocabulary: Vocabulary) -> Iterator[list[Evidence]]:
    """Yield names of which only the first letters are written."""
    if "." not in whole.text:
        return
    families = vocabulary.common_families | vocabulary.rare_families | vocabulary.clear_families
    for match in _WITH_INITIALS.finditer(whole.text):
        if (match[1] or match[2]).lower() in families:
            place = _place_of(whole, match.span(), vocabulary)
            yield _evidence(["family name with initials", *doubts(place)], match.span())
    for match in _INITIALS.finditer(whole.text):
        place = _place_of(whole, match.span(), vocabulary)
        around = [rule for rule in support(place) if rule != _ALONE]
        yield _evidence(["initials", *around, *doubts(place)], match.span())


def _place_of(whole: Line, span: Span, vocabulary: Vocabulary) -> Place:
    first = next(i for i, word in enumerate(whole.words) if word.end > span[0])
    last = max(i for i, word in enumerate(whole.words) if word.start < span[1]) + 1
    return Place(whole, first, last, vocabulary, whole.words)


def _covered(words: list[Word], known_phrases: frozenset[str]) -> frozenset[int]:
    """Return which words are in known phrases of two words and more, the longest from each word on."""
    longest = _longest(known_phrases)
    keys = [without_marks(word.key) for word in words]
    covered: set[int] = set()
    i = 0
    while i < len(words):
        ends = range(min(len(words), i + longest), i + 1, -1)
        end = next((end for end in ends if " ".join(keys[i:end]) in known_phrases), 0)
        covered.update(range(i, end))
        i = end or i + 1
    return frozenset(covered)


@lru_cache(maxsize=8)
def _longest(phrases: frozenset[str]) -> int:
    return max((phrase.count(" ") + 1 for phrase in phrases), default=0)
