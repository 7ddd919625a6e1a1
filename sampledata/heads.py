"""The lines above and below the table, in the wordings in use."""

from datetime import date
from random import Random

from plans.languages.catalog import DEFAULT, texts
from plans.model import Body, Plan
from plans.reporting_calendar import Period

MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
TOTAL_LABELS = ("Tổng cộng", "Tổng số", "Cộng", "TỔNG CỘNG")
_ROMAN = ("", "I", "II", "III", "IV")
_HALF = ("", "đầu", "cuối")
_THIRDS = ("10 ngày đầu", "10 ngày giữa", "10 ngày cuối")


def text_of(language: str, key: str, **values: object) -> str:
    """A text of the blank forms in a language."""
    return str(texts(language, "forms")[key]).format(**values)


def motto(plan: Plan) -> tuple[str, str]:
    """The two lines at the right of the letterhead."""
    return MOTTO if plan.language == DEFAULT else ("", "")


def superior(plan: Plan, body: Body) -> str:
    """The first line of the letterhead: the committee above, in capitals."""
    area = plan.areas_by_code[body.area]
    above = plan.areas_by_code[area.parent] if body.level != "province" and area.parent else area
    if plan.language != DEFAULT:
        return above.name.upper()
    return f"UBND {above.name}".upper()


def body_words(body: Body, rng: Random, mess: float) -> str:
    """The body's name as its letterhead has it."""
    wordings = [body.name, body.name.upper()]
    if rng.random() < mess:
        if body.name.startswith("UBND "):
            wordings.append(body.name.replace("UBND", "Ủy ban nhân dân", 1))
            wordings.append(wordings[-1].upper())
        if body.short_name:
            wordings.append(body.short_name)
    return rng.choice(wordings)


def form_words(code: str, rng: Random, language: str = DEFAULT) -> str:
    """The form code in its line."""
    if language != DEFAULT:
        return text_of(language, "form", form=code)
    return rng.choice((f"Biểu {code}", f"BIỂU {code}", f"Biểu số: {code}", f"Biểu số {code}"))


def period_words(period: Period, rng: Random, language: str = DEFAULT) -> str:
    """The period in one of its wordings, without "Kỳ báo cáo"."""
    if language != DEFAULT:
        return period.name_vi
    number, day = period.number, period.window_end
    if period.kind in "QHY" and "-" in period.name_vi:
        return period.name_vi  # of a fiscal or school year
    year = period.year if period.kind in "QHY" else int(period.code[:4])
    match period.kind:
        case "D":
            third = _THIRDS[(number - 1) % 3]
            wordings = [period.name_vi, f"{third} tháng {day.month} năm {year}"]
        case "W":
            wordings = [period.name_vi, f"Tuần {number:02}/{year}", f"Tuần thứ {number} năm {year}"]
        case "M":
            wordings = [f"Tháng {number} năm {year}", f"Tháng {number}/{year}", f"tháng {number:02}/{year}"]
        case "Q":
            roman = _ROMAN[number]
            wordings = [f"Quý {roman} năm {year}", f"Quý {roman}/{year}", f"quý {number} năm {year}"]
        case "H":
            wordings = [f"6 tháng {_HALF[number]} năm {year}"]
        case "Y":
            wordings = [f"Năm {year}", f"năm {year}"]
        case _:
            wordings = [f"Đột xuất ngày {day:%d/%m/%Y}", f"Đột xuất ngày {day.day}/{day.month}/{day.year}"]
    return rng.choice(wordings)


def period_line(words: str, rng: Random, mess: float, language: str = DEFAULT) -> str:
    """The line of the period."""
    if language != DEFAULT:
        return text_of(language, "period", period=words)
    line = f"Kỳ báo cáo: {words}"
    return line.upper() if rng.random() < 0.1 * mess else line


def window_words(start: date, end: date, rng: Random, language: str = DEFAULT) -> str:
    """The line of the window that the figures are from."""
    if language != DEFAULT:
        return text_of(language, "window", first=start, last=end)
    text = f"Số liệu từ ngày {start:%d/%m/%Y} đến ngày {end.day}/{end.month}/{end.year}"
    return rng.choice((f"({text})", f"({text})", text))


def total_label(plan: Plan, rng: Random) -> str:
    """The label of the total row."""
    return rng.choice(TOTAL_LABELS) if plan.language == DEFAULT else text_of(plan.language, "total")


def signatures(plan: Plan, day: date) -> tuple[str, str, str]:
    """Below the table: the line above the right signature, and who signs at the left and at the right."""
    if plan.language == DEFAULT:
        return place_and_date(plan, day), "Người lập biểu", "THỦ TRƯỞNG ĐƠN VỊ"
    left, right = (
        text_of(plan.language, f"signature.{side}").strip().split("\n") for side in ("left", "right")
    )
    return f"{day:%d/%m/%Y}", left[0], right[min(1, len(right) - 1)]


def place_and_date(plan: Plan, day: date) -> str:
    """The line below the table at the right."""
    place = plan.areas_by_code[plan.area].name
    for kind in ("Tỉnh ", "Thành phố "):
        place = place.removeprefix(kind)
    return f"{place}, ngày {day.day} tháng {day.month} năm {day.year}"
