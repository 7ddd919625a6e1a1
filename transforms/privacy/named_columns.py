"""Names that only their heading shows: "Hùng" below "Họ và tên", or to the right of "Họ và tên:".

A heading that asks for a person's name makes a name of what is below it, be it one word or in small letters.
A heading that may do so ("Đối tượng"; "Tên" beside "Năm sinh") needs known given names below it.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from transforms.privacy.names.word_lists import phrases
from transforms.privacy.vocabulary import ACCENTED, ASCII, Vocabulary
from transforms.text.normalise import ascii_key, normalise

Rows = Sequence[Sequence[object]]
Place = tuple[int, int]

_LONGEST_HEADING, _LONGEST_NAME, _MOST_WORDS = 60, 40, 5
_BLANKS_THAT_END = 3
_MOST_ROWS = 300  # below a heading that may ask for names
_ASKS_FOR_A_NAME = re.compile(
    r"(?:ghi )?(?:họ(?: và|,)? tên|ho(?: va|,)? ten)(?!\w).*|(?:họ|ho)(?:(?:,| và| va)? (?:tên |ten )?"
    r"(?:chữ |chu )?(?:đệm|dem|lót|lot))|(?:tên|ten) (?:đệm|dem|lót|lot)|(?:biệt|bí) (?:danh|hiệu)"
    r"|biet danh|bi danh|(?:tên|ten) (?:gọi khác|goi khac|thường gọi|thuong goi|tục|khai sinh)"
    r"|(?:full|first|last|given|family|person'?s) ?name|surname"
)
_NO_HEADING = re.compile(
    r"(?:số|so|ký|ky|không|khong)\b|.*(?<!chủ )\b(?:đơn vị|cơ sở|doanh nghiệp|trường|thủ tục)\b"
)
_MAY_ASK = re.compile(
    r"(?:(?:tên|ten|họ|ho) )?(?:(?:người|nguoi|đối tượng|doi tuong|bị can|bi can|bị cáo|bi cao|nạn nhân"
    r"|nan nhan|tiếp viên|tiep vien|nhân viên|nhan vien|học viên|hoc vien|hội viên|hoi vien|khách|khach)"
    r"(?: (?!.*\b(?:số|loại|nhóm|nước|dân tộc)\b)[^\W\d]+){0,4}"
    r"|chủ (?:cơ sở|quán|hộ|nhà|chứa)|chu (?:co so|quan|ho|nha|chua))"
)
_PLAIN_NAME = re.compile(r"(?:tên|ten|họ|name)")
_FACT = re.compile(
    r"(?:(?:năm|ngày|ngày tháng năm|tuổi|nơi) sinh|nam sinh|ngay sinh|tuổi|tuoi|giới tính|gioi tinh"
    r"|quê quán|que quan|quốc tịch|hộ khẩu.*|(?:nơi )?thường trú|tạm trú|chỗ ở.*|nơi ở.*"
    r"|(?:số )?(?:cmnd|cccd|cmt|căn cước).*|(?:họ )?(?:đệm|lót)|họ|date of birth|dob|nationality)"
)
_OTHER_LABEL = re.compile(
    r"(?:chức|đơn vị|điện thoại|địa chỉ|số|ngày|nơi|nghề|quê quán|e-?mail|phòng|cơ quan|ghi chú|lý do"
    r"|trình độ|dân tộc|tôn giáo|giới tính|quốc tịch|hộ khẩu|thường trú|năm sinh|chuc|don vi|dien thoai"
    r"|dia chi)(?!\w)"
)
_MARK = re.compile(r"^\W*(?:\d+\W+)?")
_NAME = re.compile(r"[^\W\d_]+(?:[ .'’-]+[^\W\d_]+)*\.?")
_ROMAN = re.compile(r"[IVX]+")
_NO_NAMES = frozenset(
    ascii_key(" ".join(phrase))
    for phrase in phrases(
        "không,không có,không rõ,không phát sinh,chưa có,chưa rõ,chưa xác định,đang cập nhật,đã ký,như trên,"
        "nt,tổng,tổng số,tổng cộng,cộng,khác,có,nil,none,total,other,ký tên,chữ ký,thường trú,tạm trú"
    )
)
# Sexes, peoples and countries; below "Họ tên" they are names as well.
_WHO_OR_WHENCE = frozenset(
    ascii_key(" ".join(phrase))
    for phrase in phrases(
        "nam,nữ,kinh,hoa,thái,mường,tày,nùng,chăm,anh,nga,mỹ,pháp,đức,lào,trung quốc,hàn quốc,"
        "thái lan,việt nam"
    )
)


class _Cell(NamedTuple):
    """What a cell may be below a heading of names."""

    ends: bool  # the list of names: another label, or another heading that surely asks for names
    is_any_name: bool
    is_given_name: bool
    is_nothing: bool  # "Không có"


def names_by_heading(
    rows: Rows, known_phrases: frozenset[str], key_columns: frozenset[int] = frozenset()
) -> Iterator[Place]:
    """Yield the places of names that a heading above them, or a label to their left, asks for.

    There are none in `key_columns`, those of places and code lists.
    """
    columns: dict[int, list[_Cell | None]] = {}  # each is looked at once, however many headings it has
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if not isinstance(value, str) or not (heading := _heading(value)):
                continue
            key = _key(heading)
            is_sure = _ASKS_FOR_A_NAME.fullmatch(key) is not None
            if is_sure and heading.endswith(":"):
                found = _to_the_right(row, r, c, known_phrases)
                yield from (place for place in found if place[1] not in key_columns)
            elif c not in key_columns and (is_sure or _may_ask(key, row, c)):
                if c not in columns:
                    columns[c] = [_cell(row[c] if c < len(row) else None, known_phrases) for row in rows]
                yield from ((below, c) for below in _below(columns[c], r, is_sure=is_sure))


def _heading(value: str) -> str:
    """Return the words of a cell that may be a heading, in small letters, "" for any other."""
    heading = "" if len(value) > _LONGEST_HEADING else normalise(value).lower()
    return "" if _NO_HEADING.match(heading) else heading


def _key(heading: str) -> str:
    return heading.rstrip(" :.*(").strip()


def _may_ask(heading: str, row: Sequence[object], column: int) -> bool:
    if _MAY_ASK.fullmatch(heading):
        return True
    others = (value for c, value in enumerate(row) if c != column and isinstance(value, str))
    return bool(_PLAIN_NAME.fullmatch(heading)) and any(
        _FACT.fullmatch(normalise(value).lower()) for value in others
    )


def _to_the_right(
    row: Sequence[object], r: int, column: int, known_phrases: frozenset[str]
) -> Iterator[Place]:
    for c in range(column + 1, len(row)):
        if row[c] is not None and row[c] != "":
            text = _written_as_name(row[c], known_phrases)
            if text and _may_be_any_name(text) and not _OTHER_LABEL.match(text.lower()):
                yield r, c
            return


def _below(cells: Sequence[_Cell | None], heading: int, *, is_sure: bool) -> list[int]:
    """Return the rows of the names below a heading, up to a gap; if it may ask for names, most are known."""
    found: list[int] = []
    others = blanks = 0
    last = len(cells) if is_sure else min(len(cells), heading + 1 + _MOST_ROWS)
    for r in range(heading + 1, last):
        cell = cells[r]
        if cell is None:
            blanks += 1
            if blanks >= _BLANKS_THAT_END:
                break
            continue
        blanks = 0
        if cell.ends:
            break
        if cell.is_any_name if is_sure else cell.is_given_name:
            found.append(r)
        else:
            others += not cell.is_nothing
    return found if is_sure or len(found) > others else []


def _cell(value: object, known_phrases: frozenset[str]) -> _Cell | None:
    """Return what a cell may be below a heading of names, None for a blank one."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        return _Cell(ends=False, is_any_name=False, is_given_name=False, is_nothing=False)
    heading = _heading(value)
    asks = not heading.endswith(":") and _ASKS_FOR_A_NAME.fullmatch(_key(heading)) is not None
    text = _written_as_name(value, known_phrases)
    return _Cell(
        # Labels one below the other have their values to the right; another heading has its own list.
        ends=asks or _OTHER_LABEL.match(normalise(value).lower()) is not None,
        is_any_name=text is not None and _may_be_any_name(text),
        is_given_name=text is not None and _is_known_given_name(text),
        is_nothing=text is None and ascii_key(value) in _NO_NAMES,
    )


def _written_as_name(value: object, known_phrases: frozenset[str]) -> str | None:
    """Return a value without its list mark where it is letters that may be a name, else None."""
    if not isinstance(value, str) or len(value) > _LONGEST_NAME:
        return None
    text = _MARK.sub("", normalise(value)).strip(" .-–•*")
    if not _NAME.fullmatch(text) or len(text.split()) > _MOST_WORDS or len(text) < 2:
        return None
    key = ascii_key(text)
    return None if key in known_phrases or key in _NO_NAMES or _ROMAN.fullmatch(text) else text


def _may_be_any_name(text: str) -> bool:
    """Whether every word has a capital letter, or the first is a known name: "Tèo sẹo", not "Chưa gửi"."""
    words = text.split()
    vocabulary = _vocabulary(text)
    known = vocabulary.given | vocabulary.people_given | vocabulary.common_families
    return all(word[0].isupper() for word in words) or words[0].lower() in known


def _is_known_given_name(text: str) -> bool:
    """Whether a text is one or two words of which all are known names, with a capital letter."""
    words = text.split()
    vocabulary = _vocabulary(text)
    known = vocabulary.given | vocabulary.middles | vocabulary.common_families | vocabulary.people_given
    keys = [word.lower() for word in words]
    ends_as_name = keys[-1] in vocabulary.given or (len(keys) == 1 and keys[0] in known)
    if ascii_key(text) in _WHO_OR_WHENCE:
        return False
    return len(words) < 3 and words[0][0].isupper() and ends_as_name and all(key in known for key in keys)


def _vocabulary(text: str) -> Vocabulary:
    return ASCII if text.isascii() else ACCENTED
