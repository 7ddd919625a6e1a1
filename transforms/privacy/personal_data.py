"""Names, identity numbers, phone numbers, accounts and e-mail addresses of persons, which no report may hold.

A false alarm rejects a body's whole file, a miss stores a person's data. Evidence for and against a name adds
up (`transforms.privacy.evidence`); numbers are recognised by their structure and the words around them.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from transforms.privacy.evidence import THRESHOLD, Evidence, PersonalKind, Span, TextContext
from transforms.privacy.identity_numbers import is_identifying_figure
from transforms.privacy.number_search import may_hold_number, number_spans
from transforms.privacy.person_names import may_name_a_person, name_evidence
from transforms.text.normalise import normalise

_MASK = "•••"
_LONGEST_PATH = 4096  # characters; a longer text is masked whole
_DATE_LIKE = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])(?:[0-9]{4}|[0-9]{6})?")
_DAY_FIRST = re.compile(r"(?:[0-2][0-9]|3[01])(?:0[1-9]|1[0-2])(?:19|20)[0-9]{2}")
_LONG_RUN = re.compile(r"[0-9]{9,}")
_MAYBE_NUMBER = re.compile(
    r"(?:[0-9][ .()-]{0,3}){8}[0-9]|[A-Z] ?[0-9]{7}|@|[\[(]at[\])]|[0-9][A-Z][0-9]{6}"
    r"|(?i:đt|điện thoại|di động|tel|phone|mobile|hotline|zalo|máy|liên hệ|gọi|stk|tk|tài khoản)"
    r"\W{0,3}(?:số\W{0,3})?[0-9]"
)


def may_hold_personal_data(joined: str) -> bool:
    """Whether cleaned texts, joined by newlines, are worth a closer look; cheap, and sure if False."""
    return bool(_MAYBE_NUMBER.search(joined)) or any(map(may_name_a_person, joined.split("\n")))


@lru_cache(maxsize=16384)
def is_personal_data(
    cell_text: str, known_phrases: frozenset[str], context: TextContext = "free text"
) -> PersonalKind | None:
    """Return what kind of personal data a text holds, None if none.

    `known_phrases`: form titles, labels, codes, names of areas and bodies, as `ascii_key` gives them; what
    begins inside one of two words or more is no person's name. `context`: where the text comes from.
    """
    lines = cell_text.split("\n") if "\n" in cell_text else [cell_text]
    for line in lines:
        text = normalise(line)
        if may_hold_number(text):
            for kind, _ in number_spans(text):
                return kind
        if "_" in text:
            text = text.replace("_", " ")
        if may_name_a_person(text) and any(_name_spans(text, known_phrases, context)):
            return "name"
    return None


def evidence(
    text: str, context: TextContext = "free text", known_phrases: frozenset[str] = frozenset()
) -> list[Evidence]:
    """Return the rules that apply to a text, line by line: why it is, or is not, personal data.

    The weights of the evidence of one span add up; from `THRESHOLD` on the span is personal data.
    """
    found: list[Evidence] = []
    for line in map(normalise, text.splitlines()):
        found.extend(Evidence(kind, "structure", THRESHOLD, *span) for kind, span in number_spans(line))
        for rules in name_evidence(line.replace("_", " "), known_phrases, context):
            found.extend(rules)
    return found


def _name_spans(line: str, known_phrases: frozenset[str], context: TextContext) -> Iterator[Span]:
    """Yield where the evidence for a person's name in a cleaned line reaches the threshold."""
    for rules in name_evidence(line, known_phrases, context):
        if sum(rule.weight for rule in rules) >= THRESHOLD:
            yield rules[0].start, rules[0].end


def is_personal_number(value: int | float) -> bool:
    """Whether a numeric cell without any context has the structure of an identity or phone number.

    9 digits (old identity card; mobile phone without its 0), 11 (citizen number without its 0; phone number
    with 84). Whole thousands are money.
    """
    return float(value).is_integer() and is_identifying_figure(str(abs(int(value))))


@lru_cache(maxsize=4096)
def mask(text: str) -> str:
    """Return text, such as a file's name, with every person's number, address and name as "•••".

    Also masks any other run of seven digits and more that is no date. Nothing to hide: the text unchanged.
    """
    if len(text) > _LONGEST_PATH:
        return _MASK
    loose = normalise(text).replace("_", " ")  # same length: the spans fit the text with its underscores
    spans = [span for _, span in number_spans(loose)]
    if may_name_a_person(loose):
        spans += _name_spans(loose, frozenset(), "file name")
    spans += [run.span() for run in re.finditer(r"[0-9]{7,}", loose) if not _is_date(run[0])]
    return _hidden(normalise(text), spans) if spans else text


@lru_cache(maxsize=16384)
def mask_numbers(line: str) -> str:
    """Return a cleaned line of a cell with every number and address of a person as "•••".

    Also masks any other run of nine digits and more, unless it is whole thousands, as money is.
    """
    spans = [span for _, span in number_spans(line)]
    spans += [run.span() for run in _LONG_RUN.finditer(line) if not run[0].endswith("000")]
    return _hidden(line, spans) if spans else line


def _hidden(line: str, spans: list[Span]) -> str:
    """Return a line with each of the spans, or those side by side, as one mask."""
    signs = list(line)
    for start, end in spans:
        signs[start:end] = "\0" * (end - start)
    return re.sub("\0+", _MASK, "".join(signs))


def _is_date(digits: str) -> bool:
    return bool(_DATE_LIKE.fullmatch(digits) or _DAY_FIRST.fullmatch(digits))
