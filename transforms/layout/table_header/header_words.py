"""The words of a header cell: a label of the form, its group, and what brackets add to it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from schemas.declaration import Form, Measure
from schemas.reserved_labels import is_total
from transforms.layout.cells.stated_units import StatedUnit, nouns_of, read_unit
from transforms.text.normalise import ascii_key, match_key

_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_COLUMN_NUMBER = re.compile(r"^[(\[]?(?:c[oộ]t |col )?(\d{1,2})[)\]]?(?: ?= ?[\d()\[\]+\-:/x*%., ]+)?$")
_OTHER_PERIOD = (
    r"luy (?:ke|tien)|cong don|lk|ke hoach|kh|du kien|uoc|cung ky|(?:ky|nam|thang|quy) truoc|nam ngoai"
    r"|duoc giao|(?:den|tinh den) (?:het|cuoi)|giao(?: dau nam)?$"
    r"|so sanh|so voi|tu dau nam|dau nam den|den nay|binh quan|du toan|muc tieu|ca nam"
    r"|chi tieu (?:giao|ke hoach|nam|duoc giao)"
)
_OTHER_PERSONS = "nu|nu gioi|nam gioi|tre em|nguoi chua thanh nien"
_OTHER_QUANTITY = re.compile(
    rf"\b(?:{_OTHER_PERIOD}|ty le|tang giam|chi tieu|trong do|nhiem vu|{_OTHER_PERSONS})\b"
)
_OTHER_ABOVE = re.compile(
    rf"(?:so (?:lieu |nguoi )?)?(?:(?:tang |giam )?(?:{_OTHER_PERIOD})|t[yi] le|tang|giam|{_OTHER_PERSONS})\b"
)
# Above labels "Trong đó" and "Chỉ tiêu" leave them as they are; these words do not.
_CHANGES_QUANTITY = re.compile(
    rf"\b(?:{_OTHER_PERIOD}|t[yi] le|tang giam|{_OTHER_PERSONS}|tam tinh|so bo|uoc tinh|chua day du)\b"
)
_PLAIN_ABOVE = re.compile(
    r"(?:cac )?(?:chi tieu|noi dung|so lieu|so luong|ket qua|thong tin|tinh hinh|hoat dong|cong tac"
    r"|chia ra|trong do|chia theo|phan theo|bao gom|gom|tong hop|thong ke)\b"
)
_LONGEST_OVER = 6  # words in a row above all labels that name a quantity; a longer line is a sentence
_LONGEST_GROUP = 4  # words of an unknown text there that is taken for a group of columns
_THIS_PERIOD = re.compile(
    r"(?:so )?(?:thuc hien |phat sinh |ket qua )?(?:trong )?ky(?: nay| bao cao| bc)?|nam nay"
    r"|trong ky(?: bao cao)?|thuc hien(?: duoc)?|th|phat sinh|so lieu trong ky|so trong ky"
    r"|(?:so )?thuc te|(?:so )?ket qua(?: thuc hien)?|(?:so )?dat(?: duoc)?"
)
# Words of a part of the year, which is the report's own or another: "trong quý", "Tháng 2", "Q4/2019".
_PART_OF_YEAR = re.compile(
    r"(?:thuc hien |phat sinh |ket qua |so lieu )?(?:trong )?(?:6 thang|thang|quy|nam)(?: nay| bao cao)?"
    r"|(?:thuc hien |ket qua |so lieu )?(?:trong )?"
    r"(?:(?:thang|quy|qui|nam) ?[0-9ivx]{1,4}|[tq] ?\d{1,2})(?: (?:nam )?\d{4})?"
    r"|(?:thuc hien |ket qua |so lieu )?6 thang (?:dau|cuoi) nam(?: \d{4})?"
)
_PLAIN_REMARKS = ("neu co", "ghi ", "theo ", "bao gom", "tong hop")
_SHORTEST_MISTYPED = 8  # letters of a label typed with other marks ("Số ngưòi tham dự")
_LIST_MARK = re.compile(r"(?:c[ộo]t )?[(\[]?\d{1,2}[.)\]/:\-]+ ?|[a-hđ][.)] ?")
_NUMBER_OF = re.compile(r"^(?:số lượng|so luong|sl) ")  # "Số lượng người" for "Số người"
_LONGEST_LABEL = 500  # characters
_LAST_PAUSE = re.compile(r"[,;:\-–] ?(?=[^,;:/\-–]+$)")  # "/người" is a share, no unit
_PUNCTUATION = re.compile(r"[^\w%]+")
_WORD_END = re.compile(r"(?<=[^\W_)])(?=[\s,:;/\-–])")
_SUM_OF_PARTS = frozenset({"cong", "tong", "tong so", "tong cong"})
_UNIT_AT_END = re.compile(
    r"[\s,:;/\-–]*(?:(?:đvt|đơn vị tính)[: ]*)?"
    r"((?:1\.000|1000|trăm|nghìn|ngàn|triệu|tr|tỷ|tỉ)[. ]?(?:đồng|đ|vnđ|vnd|người|lượt)?|đồng|vnđ|vnd)\.?$"
)


@dataclass(frozen=True, slots=True)
class HeaderWords:
    """A header cell taken apart.

    `words` is the comparison key without brackets; `unit` the unit stated; `other_quantity` the words that
    make it another quantity than the label's ("lũy kế từ đầu năm"); `part_of_year` the words of a period,
    which may be the report's ("quý I"); `remark` what is added otherwise.
    """

    words: str
    unit: StatedUnit | None = None
    other_quantity: str = ""
    remark: str = ""
    part_of_year: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """The labels of a form: by (group, label) and by label alone, each with the columns it may mean."""

    grouped: dict[tuple[str, str], str]
    plain: dict[str, tuple[str, ...]]
    groups: frozenset[str]
    without_marks: dict[str, str]
    without_punctuation: dict[str, str]
    nouns: frozenset[str]  # see stated_units.nouns_of
    title: frozenset[str]  # the words of the form's title, without diacritics


@lru_cache
def labels_of(form: Form, area_headings: tuple[str, ...] = ()) -> Labels:
    """The labels and aliases of a form's columns as comparison keys; of its area column, the plan's too."""
    grouped: dict[tuple[str, str], str] = {}
    plain: dict[str, list[str]] = {}
    groups = set()
    for column in form.columns.values():
        above = (column.group, *column.group_aliases) if isinstance(column, Measure) else ("",)
        groups_of = [match_key(group) for group in above]
        groups.update(groups_of)
        more = area_headings if column is form.area_dimension else ()
        for label in (column.label_vi, *column.aliases, *more):
            words = match_key(label)
            grouped.update(((group, words), column.key) for group in groups_of)
            if column.key not in plain.setdefault(words, []):
                plain[words].append(column.key)
    named = (*plain, *(groups - {""}))
    columns = {words: tuple(keys) for words, keys in plain.items()}
    alike = (_spelled_alike(named, ascii_key), _spelled_alike(named, _without_punctuation))
    title = frozenset(ascii_key(form.title).split())
    return Labels(grouped, columns, frozenset(groups - {""}), *alike, nouns_of(form), title)


def _spelled_alike(labels: Sequence[str], key: Callable[[str], str]) -> dict[str, str]:
    """The labels by a key that leaves out some of their spelling, where only one has it."""
    found: dict[str, set[str]] = {}
    for words in labels:
        found.setdefault(key(words), set()).add(words)
    return {spelling: next(iter(words)) for spelling, words in found.items() if len(words) == 1}


def _without_punctuation(words: str) -> str:
    return _PUNCTUATION.sub("", words)


_NO_WORDS = HeaderWords("")


def header_words(value: object, labels: Labels) -> HeaderWords:
    """Take a header cell apart; a cell without text gives empty words."""
    return _words_of(value, labels) if isinstance(value, str) else _NO_WORDS


@lru_cache(maxsize=16384)
def _words_of(text: str, labels: Labels) -> HeaderWords:
    words = match_key(text).rstrip(".: *")
    if is_label(words, labels) or not words:
        return HeaderWords(words)
    added = _BRACKETS.findall(words)
    grouped = f"{_BRACKETS.sub('', words, count=1).strip()} {added[0]}" if added else ""
    if is_label(grouped, labels):
        return HeaderWords(grouped)  # "Trẻ đẻ ra sống (Nam)" is the column "Nam" of its group
    bare = _BRACKETS.sub("", words).strip(" .:*") or words
    found = _known(bare, labels)
    if not found and (unit := _UNIT_AT_END.search(bare)):
        found = _known(bare[: unit.start()].rstrip(" .:,-"), labels)
        added += [unit[1]] if found else []
    if not found:
        found, behind = _split_label(bare, labels)
        added += [behind] if found else []
    return _with_added(found or bare, added, labels.nouns)


def _known(bare: str, labels: Labels) -> str:
    """The label that the words are, also with "số lượng" in place of "số"; "" for none."""
    counted = _NUMBER_OF.sub("số ", bare)
    return _label_of(counted, labels) or (_label_of(bare, labels) if counted != bare else "")


def _label_of(bare: str, labels: Labels) -> str:
    """The label that the words are, typed with a number before it or without diacritics; "" for none."""
    for words in (bare, _LIST_MARK.sub("", bare, count=1)):
        if is_label(words, labels):
            return words
        if "%" in words or not (words.isascii() or len(words) >= _SHORTEST_MISTYPED):
            continue
        if label := labels.without_marks.get(ascii_key(words)):
            return label
    plain = _without_punctuation(bare)
    return labels.without_punctuation.get(plain) or labels.without_punctuation.get(
        plain.removeprefix("tổng"), ""
    )


def _split_label(bare: str, labels: Labels) -> tuple[str, str]:
    """The label and the words behind it that speak of a period or another quantity; "" for none."""
    for found in _WORD_END.finditer(bare) if len(bare) <= _LONGEST_LABEL else ():
        behind = bare[found.end() :].lstrip(" -–,:;/")
        plain = ascii_key(behind)
        speaks = _OTHER_QUANTITY.match(plain) or _THIS_PERIOD.fullmatch(plain) or _part_of_year(behind)
        if speaks and (label := _known(bare[: found.start()].rstrip(" -–,:;/"), labels)):
            return label, behind
    return _split_unit(bare, labels)


def _split_unit(bare: str, labels: Labels) -> tuple[str, str]:
    """The label and the unit behind a comma or a dash ("Số người, người"); "" for none."""
    found = _LAST_PAUSE.search(bare)
    if found is None or read_unit(bare[found.end() :], labels.nouns) is None:
        return "", ""
    label = _known(bare[: found.start()].rstrip(), labels)
    return (label, bare[found.end() :]) if label else ("", "")


def _with_added(words: str, added: Sequence[str], nouns: frozenset[str]) -> HeaderWords:
    unit: StatedUnit | None = None
    other = remark = part = ""
    for inner in added:
        if (stated := read_unit(inner, nouns)) is not None:
            unit = stated
        elif _part_of_year(inner):
            part = inner
        elif _OTHER_QUANTITY.search(ascii_key(inner)) or "%" in inner or _is_male(inner):
            other = inner
        elif not _is_plain_remark(inner, nouns):
            remark = inner
    return HeaderWords(words, unit, other, remark, part)


def _is_male(words: str) -> bool:
    """Whether words are "nam" (male), which is not "năm" (year)."""
    return words == "nam"


def _part_of_year(words: str) -> bool:
    plain = ascii_key(words)
    return _PART_OF_YEAR.fullmatch(plain) is not None and plain != "nam nay" and not _is_male(words)


def _is_plain_remark(inner: str, nouns: frozenset[str]) -> bool:
    """Whether words in brackets leave the quantity as it is: numbers, marks, "trong kỳ", "nếu có"."""
    plain = ascii_key(inner)
    return (
        not plain
        or len(plain) == 1
        or plain.isdigit()
        or bool(_THIS_PERIOD.fullmatch(plain))
        or bool(_COLUMN_NUMBER.match(inner))
        or plain.startswith(_PLAIN_REMARKS)
        or all(read_unit(part, nouns) is not None for part in re.split(r"[,;/]", inner))
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


def group_above(above: Sequence[str], labels: Labels) -> str:
    """The group that the cells above a column name, the nearest first: two rows together, or one alone."""
    joined = [" - ".join(reversed(above))] if len(above) > 1 and all(above) else []
    return next((words for words in map(match_key, (*joined, *above)) if words in labels.groups), "")


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
    """What a sub-column is, "" for none.

    "this" for the period itself ("Trong kỳ"), "part" for words of a part of the year, "sum" for "Tổng số",
    "other" for "Lũy kế".
    """
    plain = ascii_key(words)
    if _is_male(words):
        return "other"
    if _THIS_PERIOD.fullmatch(plain):
        return "this"
    if _part_of_year(words):
        return "part"
    if plain in _SUM_OF_PARTS:
        return "sum"
    starts_other = _OTHER_QUANTITY.match(plain) is not None or words.startswith("%")
    return "other" if starts_other else ""


@lru_cache(maxsize=4096)
def quantity_above(text: str) -> str:
    """The quantity that a cell above labels names: "other" (as "Lũy kế"), "part" of the year, else ""."""
    words = match_key(text).strip(" .:*()")
    if _OTHER_ABOVE.match(ascii_key(words)) or words.startswith("%") or _is_male(words):
        return "other"
    return "part" if _part_of_year(words) else ""


def quantity_over(text: str) -> str:
    """As `quantity_above`, for a row above all labels, where a line of the sheet's heading may be as well."""
    return quantity_above(text) if len(text.split()) <= _LONGEST_OVER else ""


def may_be_group(text: str) -> bool:
    """Whether a text above all labels looks like one of a header, not like a line of the heading."""
    words = text.strip()
    return (
        len(words.split()) <= _LONGEST_GROUP
        and not words.isupper()
        and not any(letter.isdigit() or letter in ":()" for letter in words)
    )


@lru_cache(maxsize=4096)
def is_plain_above(text: str, labels: Labels) -> bool:
    """Whether a cell above labels leaves them as they are: "Trong kỳ", "Kết quả", words of the title."""
    words = match_key(text).strip(" .:*()")
    plain = ascii_key(words)
    if not plain or is_label(header_words(text, labels).words, labels) or is_total(text):
        return True
    if "%" in words or _CHANGES_QUANTITY.search(plain):
        return False
    return bool(
        _THIS_PERIOD.fullmatch(plain)
        or _PLAIN_ABOVE.match(plain)
        or _part_of_year(words)
        or is_column_number(words)
        or labels.title.issuperset(plain.split())
    )


def is_column_number(words: str) -> bool:
    """Whether header words only number the column: "(5)", "[5]", "Cột 5", "(5)=(3)+(4)"."""
    return _COLUMN_NUMBER.match(words) is not None
