"""Find identity, phone and account numbers and e-mail addresses in a line of text."""

import re
from collections.abc import Iterator

from transforms.privacy.evidence import PersonalKind, Span
from transforms.privacy.identity_numbers import (
    is_citizen_number,
    is_former_landline,
    is_identifying_figure,
    is_mobile_without_zero,
    is_old_card_number,
    is_phone_number,
    is_phone_with_country,
)

_EMAIL = re.compile(r"(?<![\w.+-])([\w.+-]{1,64})@([\w-]+(?:\.[\w-]+)+)")
_HIDDEN_AT = ("[at]", "(at)")
# "lan @ gmail.com", "lan[at]gmail.com": written so that no program finds it.
_HIDDEN_EMAIL = re.compile(
    r"(?<![\w.+-])([\w.+-]{1,64}) ?(?:@|\[at\]|\(at\)) ?([\w-]+(?:\.[\w-]+)*\.[a-z]{2,})(?!\w)", re.IGNORECASE
)
# Mailboxes of offices: letters of an office's name, at a domain of the state.
_OFFICE_WORDS = (
    "ubnd", "hdnd", "sldtbxh", "sld", "ldtbxh", "pldtbxh", "so", "phong", "ban", "vp", "vanphong", "vanthu",
    "vt", "tonghop", "congan", "ca", "ccptnxh", "tnxh", "info", "lienhe", "contact", "hopthu", "bbt",
    "banbientap", "baocao", "thongke", "tinh", "huyen", "xa", "tp", "p", "h", "x", "t", "dongnai", "dn",
    ".", "_", "-", *(f"{word}{digit}" for word in ("", "pc") for digit in range(10)),
)  # fmt: skip
_STATE_DOMAIN = re.compile(r"(?:[\w-]+\.)*gov\.vn")
_PASSPORT = re.compile(r"(?<!\w)[A-Z][0-9]{7,8}[A-Z]?(?!\w)")
_LABELLED_PASSPORT = re.compile(
    r"(?<!\w)(?i:hộ chiếu|passport|visa|thị thực|hc|pp)\W{0,3}(?:số\W{0,3})?"
    r"([A-Z]{1,2} ?[0-9]{7,8}[A-Z]?)(?!\w)"
)
_LETTERED_ACCOUNT = re.compile(
    r"(?<!\w)(?i:stk|tài khoản|tk|account)(?i: ngân hàng)?\W{0,3}(?:số\W{0,3})?"
    r"([0-9]{2,4}[A-Z][0-9]{6,})(?!\w)"
)
# Digits in a row or in groups set off by one sign; not the tail of a number or a code, nor the head of one.
_DIGITS = re.compile(
    r"(?<![\w/])(?<![0-9][,.])\+?\(?[0-9]+(?:\)?(?: ?[.-] ?| ?\(|\)| )\(?[0-9]+)*\)?(?!\w|,[0-9])"
)
_LONGEST_LABEL = 48  # characters before a number in which the words that name its kind are searched
_MORE_DIGITS = re.compile("[ .-]?[0-9]")
# "0912345678/0987654321", "0912345678/79": a second number, not the year or the office of a document.
_OTHER_PHONE_AFTER = re.compile(r" ?/ ?(?:[0-9]{1,3}(?![\w/-])|[0-9+(][0-9 .)-]{7,})")
_IDENTITY_WORD = re.compile(
    r"(?:cmnd|cmt|cmtnd|cccd|chứng minh(?: nhân dân| thư)?|căn cước(?: công dân)?"
    r"|định danh(?: cá nhân)?|hộ chiếu|passport|gplx|giấy phép lái xe|bằng lái(?: xe)?|bhxh|bảo hiểm xã hội"
    r"|bhyt|bảo hiểm y tế|(?:mã số thuế|mst) cá nhân)\W{0,3}(?:số\W{0,3})?$"
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
_DOCUMENT_WORD = re.compile(  # "QĐ xử phạt số 271234567"
    r"(?:^|\W)(?:qđ|quyết định|biên bản|bb|công văn|cv|hóa đơn|hđ|hợp đồng|phiếu|biên lai|chứng từ|thông báo|"
    r"tờ trình|giấy mời|vận đơn)(?: (?:xử phạt|vi phạm hành chính|vi phạm|vphc|xpvphc|xphc|hành chính|"
    r"kiểm tra|làm việc|thu tiền|bán hàng|giá trị gia tăng|gtgt|nhập kho|xuất kho))* (?:số|no)\W{0,3}$"
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


# How the twelve digits of a citizen number are grouped; "010120-310320" are two dates.
_GROUPED_CITIZEN_NUMBERS = ([12], [3, 3, 3, 3], [4, 4, 4], [3, 3, 6], [3, 1, 2, 6], [3, 9])


def may_hold_number(line: str) -> bool:
    """Whether a line has digits enough for a number of a person, or the sign of an e-mail address."""
    if "@" in line or (len(line) > 6 and sum(map(line.count, "0123456789")) > 6):
        return True
    return any(map(line.__contains__, _HIDDEN_AT))


def _is_of_office(mailbox: str) -> bool:
    """Whether a mailbox is made of words of offices alone, in one pass over its at most 64 characters."""
    ends = {0}  # of what is made of such words
    for start in range(len(mailbox)):
        if start in ends:
            ends |= {start + len(word) for word in _OFFICE_WORDS if mailbox.startswith(word, start)}
    return len(mailbox) in ends


def number_spans(text: str) -> Iterator[tuple[PersonalKind, Span]]:
    """Yield kind and place of each number or address that identifies a person."""
    if "@" in text:
        for address in _EMAIL.finditer(text):
            domain = _STATE_DOMAIN.fullmatch(address[2].lower())
            if domain is None or not _is_of_office(address[1].lower()):
                yield "email", address.span()
    if any(map(text.__contains__, (*_HIDDEN_AT, " @", "@ "))):
        yield from (("email", address.span()) for address in _HIDDEN_EMAIL.finditer(text))
    if sum(map(text.count, "0123456789")) < 7:
        return
    yield from (("identity_number", number.span()) for number in _PASSPORT.finditer(text))
    yield from (("identity_number", number.span(1)) for number in _LABELLED_PASSPORT.finditer(text))
    yield from (("bank_account", number.span(1)) for number in _LETTERED_ACCOUNT.finditer(text))
    for run in _DIGITS.finditer(text):
        before = text[max(0, run.start() - _LONGEST_LABEL) : run.start()].lower()
        # "123456789/QĐ-UBND" is the number of a document, "271234567 đồng" an amount.
        if not _IDENTITY_WORD.search(before) and _is_other_number(text, run.end(), before):
            continue
        if kind := _kind_of_run(run[0], before, bool(_MORE_DIGITS.match(text, run.end()))):
            yield kind, run.span()


def _is_other_number(text: str, end: int, before: str) -> bool:
    return (
        (text.startswith("/", end) and not _OTHER_PHONE_AFTER.match(text, end))
        or bool(_OTHER_NUMBER_WORD.search(before))
        or bool(_DOCUMENT_WORD.search(before))
        or bool(_MONEY_WORD.search(before))
        or (bool(_UNIT_AFTER.match(text, end)) and not _PHONE_WORD.search(before))
    )


def _kind_of_run(run: str, before: str, cut: bool) -> PersonalKind | None:
    """Return what a run of digit groups holds: one number in groups, or several, a space apart.

    `cut`: more digits follow that belong to something else ("271 234 567 890đ").
    """
    if not cut and (kind := _kind_of_number(run, before)):
        return kind
    if all(len(re.sub("[^0-9]", "", part)) > 8 for part in run.split("-")):  # whole numbers
        for part in run.split("-"):
            if _is_phone(part.strip()):
                return "phone"
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
    if _IDENTITY_WORD.search(before) and len(digits) in (9, 10, 12):
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
    sizes = [len(group) for group in groups]
    if len(digits) == 12:
        return "identity_number" if sizes in _GROUPED_CITIZEN_NUMBERS else None
    in_threes = sizes == [3, 3, 3] and (digits[0] == "0" or "." not in written)
    return "identity_number" if len(sizes) == 1 or in_threes else None


def _is_phone(written: str) -> bool:
    groups = re.findall("[0-9]+", written)
    digits = "".join(groups)
    if digits.startswith("0084"):
        return is_phone_with_country(digits[2:].replace("840", "84", 1))
    if written.startswith("+"):
        return is_phone_with_country(digits.replace("840", "84", 1))
    if is_phone_with_country(digits):
        return "." not in written and not digits.endswith("000")
    # A phone number is grouped after its 3 to 5 digits of area or carrier; "02 03 05 06 08" are five numbers.
    if is_phone_number(digits):
        return len(groups) == 1 or 3 <= len(groups[0]) <= 5
    return len(groups) > 1 and is_former_landline(groups[0], "".join(groups[1:]))
