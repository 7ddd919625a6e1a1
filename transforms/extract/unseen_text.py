"""Texts of a file that no cell shows: link targets, tips, formulas, number formats, names, alt texts.

They are searched for persons and for nothing else. One search serves all formats that are XML or HTML,
because they name such things alike: by an attribute or an element.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from urllib.parse import unquote

_LONGEST_REMARK = 2_000  # characters
# Authors, and what programs write into a file by themselves.
_NOT_SEARCHED = re.compile(
    r"^docprops/(?!custom)|^(?:xl|word)/(?:theme|persons)/|^meta-inf/|^configurations2/|sharedstrings\.xml$"
    r"|^\[content_types\]|^_rels/"
)
_BY_PROGRAMS = re.compile(r"(?i)author|editor|creator|email|user|owner|msip_|kso|^icv$|contenttype")
_TAGS = re.compile(r"<[^<>]*>")
_IS_LINK = re.compile(r"(?i)(?:(?:file|https?|mailto):|[a-z]:[\\/]|\.{1,2}[\\/]|\\\\)")
_JOINED = re.compile(r'"\s*&\s*"')
_NUMBER_OF_A_PAGE = re.compile(r"\d{5,}")
_LITERAL = re.compile(r'"((?:[^"]|"")*)"')
_JOINS = re.compile(r"(?i)CONCAT|TEXTJOIN")
_COLOURS_AND_GAPS = re.compile(r"\[[^\]]*\]|[_*].")
_ATTRIBUTES = {
    "text": (
        "descr title tooltip display displayText prompt promptTitle error errorTitle alt placeholder"
        " HRefScreenTip displayName"
    ),
    "link": "href HRef",
    "place": "location",
    "formula": "formula Formula expression condition RefersTo fmla",
    "format": "formatCode Format",
}
_ELEMENTS = {
    "text": ("desc help-message error-message InputTitle InputMessage ErrorTitle ErrorMessage"),
    "formula": "f formula formula1 formula2 definedName Value",
}
# What people name and filter by: elements, and the attributes that hold the words.
_NAMED = (
    "definedName cNvPr docPr named-range named-expression NamedRange frame filter customFilter"
    " filter-condition filter-set-item cfRule alias tag listItem"
)
_WORDS = rb"\b[^<>]*?[\s:](?:name|Name|val|value|text)=(?:\"([^\"<>]*)\"|'([^'<>]*)')"
_OUTSIDE = re.compile(
    rb"<(?:\w+:)?Relationship\b(?=[^<>]*TargetMode=[\"']External)[^<>]*?\bTarget=[\"']([^\"'<>]*)"
)
_OWN_PROPERTY = re.compile(rb"<(?:property|meta:user-defined)\b([^<>]*)>(?:<vt:\w+>)?([^<>]*)<")
_NAME = re.compile(rb"\bname=\"([^\"<>]*)\"")
# With a quotation mark or a character reference, which may be one.
_CELL_FORMULA = re.compile(rb"<(?:\w+:)?f(?:\s[^<>]*)?>([^<>\"&]*[\"&][^<>]*)<")
_PAGE_TITLE = re.compile(r"<title\b[^<>]*>([^<>]*)<", re.IGNORECASE)


def unseen_texts(name: str, data: bytes) -> set[str]:
    """The texts of a part that no cell shows; `name`: of the part, in small letters, "" for a whole file."""
    if _NOT_SEARCHED.search(name):
        return set()
    found: set[str] = set()
    first, last = data.find(b"<sheetData"), data.rfind(b"sheetData>")
    if 0 <= first < last:
        for formula in set(_CELL_FORMULA.findall(data, first, last)):
            found.update(texts_of_formula(_decoded(formula)))
        data = data[:first] + data[last:]
    for pattern, key, read in _SEARCHES:
        if key in data:
            for match in pattern.finditer(data):
                found.update(read(_decoded(next(group for group in match.groups() if group is not None))))
    for match in _OWN_PROPERTY.finditer(data) if b"property" in data or b"user-defined" in data else ():
        named = _NAME.search(match[1])
        if named and not _BY_PROGRAMS.search(_decoded(named[1])):
            found.update((_decoded(named[1]), _decoded(match[2])))
    return {text for text in found if any(map(str.isalnum, text))}


def unseen_texts_of_page(page: str) -> set[str]:
    """The same of a web page, with its title and its comments."""
    titles = {unescape(title) for title in _PAGE_TITLE.findall(page)}
    remarks = {part.partition("-->")[0][:_LONGEST_REMARK] for part in page.split("<!--")[1:]}
    # Not what Office keeps in comments: its own properties, with the author, and styles.
    remarks = {remark for remark in remarks if not remark.startswith("[") and "{" not in remark}
    return unseen_texts("", page.encode("utf-8", "replace")) | titles | remarks


def texts_of_formula(formula: str) -> Iterator[str]:
    """Yield the texts in a formula, those that it joins as one: '="Hòa "&"Bình"' gives "Hòa Bình"."""
    if '"' not in formula:
        return
    written = (text.replace('""', '"') for text in _LITERAL.findall(_JOINED.sub("", formula)))
    literals = [text for literal in written for text in plain_text(literal)]
    yield from literals
    if len(literals) > 1 and _JOINS.search(formula):
        yield "".join(literals)
        yield " ".join(literals)


def text_of_format(code: str) -> Iterator[str]:
    """Yield what a number format writes beside the number."""
    yield _COLOURS_AND_GAPS.sub("", code).replace('"', "").replace("\\", "")


def text_of_link(target: str) -> Iterator[str]:
    """Yield an address, or the name of the file that a link leads to, without its folders.

    The folders often name the account of whoever made the file, as its author does.
    """
    target = unquote(target)
    if target.lower().startswith("mailto:"):
        yield target[len("mailto:") :].replace("?", " ")
    elif re.match(r"(?i)(?:tel|sms|zalo|viber):|https?://(?:zalo|wa)\.me/", target):
        yield f"ĐT: {re.sub(r'[^0-9+]', '', target)}"
    elif re.match(r"(?i)https?:", target):
        yield _NUMBER_OF_A_PAGE.sub("", target)
    else:
        yield re.split(r"[\\/]", target)[-1]


def plain_text(text: str) -> Iterator[str]:
    """Yield a text, or what a link means if it is one."""
    yield from text_of_link(text) if _IS_LINK.match(text) else (text,)


def _decoded(data: bytes) -> str:
    return unescape(_TAGS.sub(" ", data.decode("utf-8", "replace")))


_READERS: dict[str, Callable[[str], Iterable[str]]] = {
    "text": lambda text: plain_text(text[:_LONGEST_REMARK]),
    "link": text_of_link,
    "place": lambda place: (_NUMBER_OF_A_PAGE.sub("", place),),
    "formula": texts_of_formula,
    "format": text_of_format,
}


def _searches() -> Iterator[tuple[re.Pattern[bytes], bytes, Callable[[str], Iterable[str]]]]:
    """Yield a pattern, bytes without which it finds nothing, and how to read what it finds."""
    for kind, names in _ATTRIBUTES.items():
        for name in names.split():
            key = name.encode() + b"="
            yield re.compile(rb"[\s:]" + key + rb"(?:\"([^\"<>]+)\"|'([^'<>]+)')"), key, _READERS[kind]
    for kind, names in _ELEMENTS.items():
        for name in names.split():
            key = name.encode()
            inside = (
                rb"([^<>]+)" if kind == "formula" else rb"([^<]*(?:<(?!/?(?:[\w-]+:)?%b[\s>])[^<]*)*)" % key
            )
            end = rb"</(?:[\w-]+:)?" + key + rb">"
            pattern = re.compile(rb"<(?:[\w-]+:)?" + key + rb"(?:\s[^<>]*)?(?<!/)>" + inside + end)
            yield pattern, key + b">", _READERS[kind]
    for name in _NAMED.split():
        key = name.encode() + b" "
        yield re.compile(rb"<(?:[\w-]+:)?" + name.encode() + _WORDS), key, plain_text
    for key in (b"number:text", b"svg:title"):
        yield re.compile(b"<" + key + rb"\b[^<>]*>([^<>]*)<"), key, plain_text
    yield _OUTSIDE, b"External", text_of_link


_SEARCHES = tuple(_searches())
