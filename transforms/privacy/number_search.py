"""Find identity, phone and account numbers and e-mail addresses in a line of text."""

import re
from collections.abc import Iterator

from transforms.privacy.evidence import PersonalKind, Span
from transforms.privacy.identity_numbers import (
    is_citizen_number,
    is_identifying_figure,
    is_mobile_without_zero,
    is_old_card_number,
    is_phone_number,
    is_phone_with_country,
)

_EMAIL = re.compile(r"(?<![\w.+-])([\w.+-]{1,64})@([\w-]+(?:\.[\w-]+)+)")
# Mailboxes of offices: letters of an office's name, at a domain of the state.
_OFFICE_MAILBOX = re.compile(
    r"(?:ubnd|hdnd|sldtbxh|sld|ldtbxh|pldtbxh|so|phong|ban|vp|vanphong|vanthu|vt|tonghop|congan|ca|pc\d+|ccptnxh|tnxh|"
    r"info|lienhe|contact|hopthu|bbt|banbientap|baocao|thongke|tinh|huyen|xa|tp|p|h|x|t|dongnai|dn|[._-]|\d{1,4})+"
)
_STATE_DOMAIN = re.compile(r"(?:[\w-]+\.)*gov\.vn")
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
    r"(?:^|\W)(?:sđt|đt|đtdđ|điện thoại|di động|số máy|máy|tel|phone|mobile|hotline|zalo|viber|"
    r"liên hệ|gọi)\W{0,3}(?:số\W{0,3})?$"
)
_ACCOUNT_WORD = re.compile(r"(?:^|\W)(?:stk|tài khoản|tk|account)(?: ngân hàng)?\W{0,3}(?:số\W{0,3})?$")
_OTHER_NUMBER_WORD = re.compile(
    r"(?:mã số thuế|mst|giấy phép|gpkd|đăng ký kinh doanh|"
    r"mã số doanh nghiệp|mã đơn vị|số hiệu|mã hồ sơ|mã vạch|mã qhns|tax code)"
    r"\W{0,3}(?:số\W{0,3})?$"
)
_MONEY_WORD = re.compile(
    r"(?:kinh phí|số tiền|phạt tiền|phạt|doanh thu|tổng thu|tổng chi|ngân sách|"
    r"trị giá|giá trị|thành tiền|dân số)\W{0,3}(?:là\W{0,3})?$"
)
_UNIT_AFTER = re.compile(
    r" ?(?:đ|đồng|vnđ|vnd|usd|người|vụ|lượt|cơ sở|m2|m²|ha|km|kg|tấn|"
    r"triệu|tỷ|nghìn|ngàn|%|sản phẩm|tờ)(?!\w)",
    re.IGNORECASE,
)


def may_hold_number(line: str) -> bool:
    """Whether a line has digits enough for a number of a person, or the sign of an e-mail address."""
    return "@" in line or (len(line) > 6 and sum(map(line.count, "0123456789")) > 6)


def number_spans(text: str) -> Iterator[tuple[PersonalKind, Span]]:
    """Yield kind and place of each number or address that identifies a person."""
    if "@" in text:
        for address in _EMAIL.finditer(text):
            is_office = _OFFICE_MAILBOX.fullmatch(address[1].lower()) and _STATE_DOMAIN.fullmatch(
                address[2].lower()
            )
            if not is_office:
                yield "email", address.span()
    if sum(map(text.count, "0123456789")) < 7:
        return
    yield from (("identity_number", number.span()) for number in _PASSPORT.finditer(text))
    for run in _DIGITS.finditer(text):
        before = text[max(0, run.start() - 30) : run.start()].lower()
        # "123456789/QĐ-UBND" is the number of a document, "271234567 đồng" an amount.
        if not _IDENTITY_WORD.search(before) and _is_other_number(text, run.end(), before):
            continue
        if kind := _kind_of_run(run[0], before, bool(_MORE_DIGITS.match(text, run.end()))):
            yield kind, run.span()


def _is_other_number(text: str, end: int, before: str) -> bool:
    return (
        text.startswith("/", end)
        or bool(_OTHER_NUMBER_WORD.search(before))
        or bool(_MONEY_WORD.search(before))
        or (bool(_UNIT_AFTER.match(text, end)) and not _PHONE_WORD.search(before))
    )


def _kind_of_run(run: str, before: str, cut: bool) -> PersonalKind | None:
    """Return what a run of digit groups holds: one number in groups, or several, a space apart.

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


def _kind_of_number(written: str, before: str) -> PersonalKind | None:
    """Return the kind of an identity, phone or account number; None for an amount or another number."""
    groups = re.findall("[0-9]+", written)
    digits = "".join(groups)
    if _IDENTITY_WORD.search(before) and len(digits) in (9, 12):
        return "identity_number"
    if _ACCOUNT_WORD.search(before) and 8 <= len(digits) <= 19:
        return "bank_account"
    if (_PHONE_WORD.search(before) and 7 <= len(digits) <= 12) or _is_phone(written):
        return "phone"
    if digits.endswith("000"):
        return None
    if not (is_citizen_number(digits) or is_old_card_number(digits) or is_mobile_without_zero(digits)):
        is_short = len(groups) == 1 and len(digits) == 11 and digits[0] != "0"
        return "identity_number" if is_short and is_identifying_figure(digits) else None
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
        return is_phone_with_country(digits.replace("840", "84", 1))
    if is_phone_with_country(digits):
        return "." not in written and not digits.endswith("000")
    # A phone number is grouped after its 3 to 5 digits of area or carrier; "02 03 05 06 08" are five numbers.
    return is_phone_number(digits) and (len(groups) == 1 or 3 <= len(groups[0]) <= 5)
