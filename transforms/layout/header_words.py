"""The words of a header cell: a label of the form, its group, and what brackets add to it."""

import re
from dataclasses import dataclass
from functools import lru_cache

from schemas.declaration import Form, Measure
from transforms.layout.stated_units import StatedUnit, read_unit
from transforms.text.normalise import ascii_key, match_key

ORDINAL_LABELS = frozenset({"tt", "stt", "số tt", "số thứ tự"})
NOTE_LABELS = frozenset({"ghi chú", "ghi chú khác", "chú thích"})
_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_COLUMN_NUMBER = re.compile(r"^[(\[]?(?:c[oộ]t |col )?(\d{1,2})[)\]]?(?: ?= ?[\d()\[\]+\-:/x*%., ]+)?$")
_OTHER_QUANTITY = re.compile(
    r"\b(?:luy ke|cong don|ke hoach|du kien|uoc|cung ky|(?:ky|nam|thang|quy) truoc|so sanh|so voi|ty le"
    r"|tang giam|tu dau nam|chi tieu|trong do|binh quan|du toan|nhiem vu|muc tieu|ca nam|nam ngoai"
    r"|nu|nu gioi|nam gioi|tre em|nguoi chua thanh nien)\b"
)
_PLAIN_REMARKS = ("neu co", "ghi ", "theo ", "tinh den", "tinh tu", "bao gom", "tong hop", "don vi")
_THIS_PERIOD = re.compile(
    r"(?:so )?(?:thuc hien |phat sinh |ket qua )?(?:trong )?(?:ky|thang|quy|nam|6 thang)(?: nay| bao cao)?"
    r"|trong ky(?: bao cao)?|thuc hien|phat sinh|so lieu trong ky|so trong ky"
)
_UNIT_AT_END = re.compile(
    r"[\s,:;/\-–]*(?:(?:đvt|đơn vị tính)[: ]*)?"
    r"((?:1\.000|1000|trăm|nghìn|ngàn|triệu|tr|tỷ|tỉ)[. ]?(?:đồng|đ|vnđ|vnd|người|lượt)?|đồng|vnđ|vnd)\.?$"
)


@dataclass(frozen=True, slots=True)
class HeaderWords:
    """A header cell taken apart.

    `words` is the comparison key without brackets; `unit` the unit stated; `other_quantity` the words that
    make it another quantity than the label's ("lũy kế từ đầu năm"); `remark` what brackets add otherwise.
    """

    words: str
    unit: StatedUnit | None = None
    other_quantity: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """The labels of a form: by (group, label) and by label alone, each with the columns it may mean."""

    grouped: dict[tuple[str, str], str]
    plain: dict[str, tuple[str, ...]]
    groups: frozenset[str]


@lru_cache
def labels_of(form: Form, area_headings: tuple[str, ...] = ()) -> Labels:
    """The labels and aliases of a form's columns as comparison keys; of its area column, the plan's too."""
    grouped: dict[tuple[str, str], str] = {}
    plain: dict[str, list[str]] = {}
    groups = set()
    for column in form.columns.values():
        group = match_key(column.group) if isinstance(column, Measure) else ""
        groups.add(group)
        more = area_headings if column is form.area_dimension else ()
        for label in (column.label_vi, *column.aliases, *more):
            words = match_key(label)
            grouped[group, words] = column.key
            if column.key not in plain.setdefault(words, []):
                plain[words].append(column.key)
    return Labels(grouped, {w: tuple(keys) for w, keys in plain.items()}, frozenset(groups - {""}))


_NO_WORDS = HeaderWords("")


def header_words(value: object, labels: Labels) -> HeaderWords:
    """Take a header cell apart; a cell without text gives empty words."""
    return _words_of(value, labels) if isinstance(value, str) else _NO_WORDS


@lru_cache(maxsize=16384)
def _words_of(text: str, labels: Labels) -> HeaderWords:
    words = match_key(text).rstrip(".: *")
    if is_label(words, labels) or not words:
        return HeaderWords(words)
    unit: StatedUnit | None = None
    other = remark = ""
    bare = words
    for inner in _BRACKETS.findall(words):
        if (stated := read_unit(inner)) is not None:
            unit = stated
        elif _OTHER_QUANTITY.search(ascii_key(inner)) or "%" in inner:
            other = inner
        elif not _is_plain_remark(inner):
            remark = inner
    bare = _BRACKETS.sub("", words).strip(" .:*") or words
    if not is_label(bare, labels) and (found := _UNIT_AT_END.search(bare)):
        shorter = bare[: found.start()].rstrip(" .:,-")
        if is_label(shorter, labels):
            return HeaderWords(shorter, read_unit(found[1]) or unit, other, remark)
    return HeaderWords(bare, unit, other, remark)


def _is_plain_remark(inner: str) -> bool:
    """Whether words in brackets leave the quantity as it is: numbers, marks, "trong kỳ", "nếu có"."""
    plain = ascii_key(inner)
    return (
        not plain
        or len(plain) == 1
        or plain.isdigit()
        or bool(_THIS_PERIOD.fullmatch(plain))
        or bool(_COLUMN_NUMBER.match(inner))
        or plain.startswith(
            ("neu co", "ghi ", "theo ", "tinh den", "tinh tu", "bao gom", "tong hop", "don vi")
        )
        or all(read_unit(part) is not None for part in re.split(r"[,;/]", inner))
    )


def is_label(words: str, labels: Labels) -> bool:
    """Whether the words are a label or a group of the form, or a group with a label behind it."""
    return words in labels.plain or words in labels.groups or split_group(words, labels) is not None


@lru_cache(maxsize=16384)
def split_group(words: str, labels: Labels) -> tuple[str, str] | None:
    """The group and the label of words like "kiểm tra-số lượt kiểm tra", or None."""
    for group in labels.groups:
        if words.startswith(group):
            rest = words[len(group) :].lstrip(" -–:/.")
            if (group, rest) in labels.grouped:
                return group, rest
    return None


def column_of(words: str, group: str, previous_group: str, labels: Labels) -> str | None:
    """The form's column for header words; a label of several groups goes with its neighbour's group."""
    if (group, words) in labels.grouped:
        return labels.grouped[group, words]
    if split := split_group(words, labels):
        return labels.grouped[split]
    keys = labels.plain.get(words, ())
    if len(keys) == 1:
        return keys[0]
    return labels.grouped.get((previous_group, words)) if keys else None


@lru_cache(maxsize=4096)
def sub_column(words: str) -> str:
    """ "this" for a sub-column of the period itself ("Trong kỳ"), "other" for "Lũy kế", "" for none."""
    plain = ascii_key(words)
    if _THIS_PERIOD.fullmatch(plain):
        return "this"
    starts_other = _OTHER_QUANTITY.match(plain) is not None or words.startswith("%")
    return "other" if starts_other else ""


def is_column_number(words: str) -> bool:
    """Whether header words only number the column: "(5)", "[5]", "Cột 5", "(5)=(3)+(4)"."""
    return _COLUMN_NUMBER.match(words) is not None
