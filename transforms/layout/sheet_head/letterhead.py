"""What is above the table of a sheet: form code, title and letterhead."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache, partial

from plans.model import Plan
from schemas.form_codes import have_digits, named_code
from schemas.form_set import FormSet
from transforms.layout.found_text import FoundText, Grid, texts
from transforms.layout.sheet_head.province_names import PROVINCES
from transforms.text.normalise import ascii_key, match_key
from transforms.text.places import SHORT_KINDS

# "Biểu 03-PCMD", "Mẫu số: 3/PCMD"; not "Biểu báo cáo tháng 3 năm 2020".
_FORM_WORD = re.compile(
    r"\b(?:bieu|mau)\b(?: (?:so|mau|bao cao))* ?(?:[a-z]{2,} )?"
    r"(\d{1,3}) ?(?!(?:thang|nam)\b)([a-z]{2,10})\b"
)
# "Phụ lục 06-PCMD", "B06-PCMD": such words come before other numbers too, so that only a known code counts.
_OTHER_WORD = re.compile(
    r"\b(?:(?:phu luc|pl|bang|bm|form)(?: (?:so|bieu|mau))* ?|[bm])(\d{1,3}) ?([a-z]{2,10})\b"
)
_NEXT_LETTERS = re.compile(r" ([a-z]{1,9})\b")  # of "06-PC MD"
_TURNED = re.compile(r"\b(?:bieu|mau)\b(?: (?:so|mau|bao cao))* ([a-z]{2,10}) ?(\d{1,3})\b")
_LETTER_O = re.compile(r"\bo(\d)\b")  # "O6-PCMD"
# A text that mentions a form without being its code: "(Tổng hợp từ Biểu 03-PCMD của các xã)".
_MENTION = re.compile(r"\b(?:tu|theo|tai|cua|xem|tong hop|kem theo|doi chieu|so lieu)\b")
_DIGIT = re.compile(r"\d")
_CORRECTION = re.compile(
    r"\b(?:dinh chinh|dieu chinh so lieu|bao cao (?:dieu chinh|sua doi|bo sung|thay the)"
    r"|(?:thay the|dieu chinh|sua doi) bao cao)\b"
)
_CODE_LINE = re.compile(r"(?:bieu|mau|phu luc|bang|form)(?: (?:so|mau|bieu))*(?: (?:[ivx]+|\d.*))?")
_LONGEST_CODE_LINE = 40  # characters
_COMMITTEES = ("ubnd", "uy ban nhan dan")
_AND = "va"
_MOST_TOKENS = 10  # of a letterhead's line
_TOP_ROWS = 40  # nothing above a table is as long; a table may start this far down


def find_form(rows: Grid, forms: FormSet) -> tuple[str | None, FoundText | None]:
    """Return the known form code and its text; (None, text) for an unknown code, (None, None) for none.

    The first known code in reading order counts, before those that a text only mentions; a code of no form
    counts only where there is no known one.
    """
    mentioned: tuple[str, FoundText] | None = None
    unknown: FoundText | None = None
    for found in texts(rows):
        code = form_code(found.text, forms)
        if code in forms.by_code:
            if not is_mention(found.text):
                return code, found
            mentioned = mentioned or (code, found)
        elif code is not None:
            unknown = unknown or found
    return mentioned or (None, unknown)


@lru_cache(maxsize=16384)
def is_mention(text: str) -> bool:
    """Whether a text with a form code only mentions that form."""
    words = ascii_key(text)
    found = _FORM_WORD.search(words) or _OTHER_WORD.search(words)
    return found is not None and _MENTION.search(words[: found.start()]) is not None


@lru_cache(maxsize=16384)
def form_code(text: str, forms: FormSet) -> str | None:
    """The form code that a text names, one of the set or not; None where it names none."""
    codes = tuple(forms.by_code)
    if not _DIGIT.search(text) and have_digits(codes):
        return None
    words = _LETTER_O.sub(r"0\1", ascii_key(text))
    found = _FORM_WORD.search(words)
    turned = None if found else _TURNED.search(words)
    if turned and (code := f"{int(turned[2]):02}-{turned[1].upper()}") in forms.by_code:
        return code  # "Biểu số: PCMD-06"
    written = _code_of(found) if found else match_key(text).upper()
    if written in forms.by_code and _DIGIT.search(written):
        return written
    more = _NEXT_LETTERS.match(words, found.end()) if found else None
    if more and (whole := f"{written}{more[1].upper()}") in forms.by_code:
        return whole
    other = _OTHER_WORD.search(words)
    if other and (code := _code_of(other)) in forms.by_code:
        return code
    return named_code(text, codes) or (written if found else None)


def _code_of(found: re.Match[str]) -> str:
    return f"{int(found[1]):02}-{found[2].upper()}"


def find_code_line(rows: Grid) -> FoundText | None:
    """Return the first short text that begins as that of a form code, readable or not ("Biểu VI")."""
    for found in texts(rows, last=_TOP_ROWS):
        if len(found.text) <= _LONGEST_CODE_LINE and _CODE_LINE.fullmatch(ascii_key(found.text)):
            return found
    return None


@lru_cache(maxsize=64)
def _titles(forms: FormSet) -> dict[str, str]:
    return {ascii_key(form.title): form.code for form in forms.forms}


def find_title(rows: Grid, forms: FormSet) -> tuple[str | None, FoundText | None]:
    """Return the form whose title is in the sheet, for a hint where the code is missing."""
    titles = _titles(forms)
    for found in texts(rows, last=_TOP_ROWS):
        if len(found.text) > 12 and (code := titles.get(ascii_key(found.text))):
            return code, found
    return None, None


def is_declared_correction(rows: Grid, last: int) -> bool:
    """Whether a text above row `last` calls the report a correction of an earlier one."""
    return any(_is_correction(found.text) for found in texts(rows, last=last))


@lru_cache(maxsize=16384)
def _is_correction(text: str) -> bool:
    return _CORRECTION.search(ascii_key(text)) is not None


class Letterheads(dict[str, frozenset[str]]):
    """The bodies of a plan by each way in which a letterhead names them (as `ascii_key`)."""

    @cached_property
    def by_first_word(self) -> dict[str, list[tuple[list[str], frozenset[str]]]]:
        """The words of each way with its bodies, by the first of the words."""
        ways: dict[str, list[tuple[list[str], frozenset[str]]]] = {}
        for way, codes in self.items():
            words = way.split()
            ways.setdefault(words[0], []).append((words, codes))
        return ways

    @cached_property
    def shortened(self) -> Callable[[str], frozenset[str] | None]:
        """The only body whose name has the words with some of them as initials ("Sở Lao động - TB&XH")."""
        # The lines of a letterhead occur in sheet after sheet.
        return lru_cache(maxsize=4096)(partial(_shortened, ways=self))


def letterheads(plan: Plan) -> Letterheads:
    """Return the ways in which letterheads name the bodies of a plan."""
    province = ascii_key(plan.areas_by_code[plan.area].name)
    short = province.removeprefix("tinh ").removeprefix("thanh pho ")
    ways: dict[str, set[str]] = {}
    for body in plan.all_bodies:
        for name in filter(None, (body.name, body.short_name)):
            for words in _spelled(ascii_key(name)):
                for way in (words, f"{words} {short}", f"{words} {province}"):
                    ways.setdefault(way, set()).add(body.code)
    return Letterheads({way: frozenset(codes) for way, codes in ways.items()})


def _spelled(words: str) -> Iterator[str]:
    """A body's name with the committee and the kind of its area in full and shortened."""
    yield words
    area = words.removeprefix("ubnd ")
    if area != words:
        shortened = [
            ascii_key(short) + area.removeprefix(ascii_key(kind))
            for short, kind in SHORT_KINDS.items()
            if area.startswith(f"{ascii_key(kind)} ")
        ]
        for name in (area, *shortened):
            yield f"ubnd {name}"
            yield f"uy ban nhan dan {name}"


def _shortened(words: str, ways: Letterheads) -> frozenset[str] | None:
    """The only body whose name has the words with some of them as initials ("Sở Lao động - TB&XH")."""
    tokens = words.split()
    if not 1 < len(tokens) <= _MOST_TOKENS or words.startswith(_COMMITTEES):
        return None
    named = [codes for way, codes in ways.by_first_word.get(tokens[0], ()) if _shortens(tokens, way)]
    codes = frozenset().union(*named)
    return codes if len(codes) == 1 else None


def _shortens(tokens: Sequence[str], name: Sequence[str]) -> bool:
    """Whether tokens are the words of a name in order, "và" left out or several words as their initials."""
    if not tokens or not name:
        return not tokens and not name
    if tokens[0] == name[0] and _shortens(tokens[1:], name[1:]):
        return True
    if name[0] == _AND and _shortens(tokens, name[1:]):
        return True
    for end in range(2, len(name) + 1) if tokens[0][0] == name[0][0] else ():
        initials = [word[0] for word in name[:end]]
        without_and = [word[0] for word in name[:end] if word != _AND]
        if tokens[0] in ("".join(initials), "".join(without_and)) and _shortens(tokens[1:], name[end:]):
            return True
    return False


def other_province(rows: Grid, last: int, province: str, ways: Letterheads) -> FoundText | None:
    """The cell of a letterhead with a body of another province than that of the plan ("tỉnh …"), if any."""
    own = ascii_key(province).removeprefix("tinh ")
    for found in texts(rows, last=last):
        office, of_province, name = ascii_key(found.text).rpartition(" tinh ")
        if not of_province or name == own or name not in PROVINCES or own not in PROVINCES:
            continue
        if office in _COMMITTEES or office in ways or f"{office} tinh" in ways:
            return found
    return None


def other_body(rows: Grid, last: int, body_code: str, ways: Letterheads) -> FoundText | None:
    """The letterhead's cell if it names another body of the plan and nowhere this one; else None.

    A commune's letterhead names its district above itself: naming the own body anywhere settles it. A name
    may fill several lines of a cell.
    """
    others: list[FoundText] = []
    for found in texts(rows, last=last):
        words = ascii_key(found.text)
        codes = ways.get(words) or ways.get(ascii_key(str(rows[found.row][found.column])))
        codes = codes or ways.shortened(words)
        if codes is None:
            continue
        if body_code in codes:
            return None
        others.append(found)
    return others[-1] if others else None
