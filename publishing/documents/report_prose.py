"""Sentences of the report on a closed period, generated from its frozen figures and owed reports."""

from collections import Counter
from collections.abc import Iterator, Sequence
from math import ceil

from plans.model import Plan
from publishing.documents.period_figures import Duty, Frozen, FrozenFigure
from publishing.i18n import format_number, labels, unit_labels
from schemas.form_set import FormSet
from transforms.text.sentences import in_sentence

_LABELS = labels("vi")
_MOST_BODIES = 5  # that a sentence names
_LACKING = ("missing", "rejected")
# Kinds of faults by the beginning of the finding code; codes of rules have none of these.
_FAULTS = {
    "FILE-": "tệp không đọc được hoặc không hợp lệ",
    "FORM-": "mã biểu ghi sai",
    "BODY-": "tên đơn vị ghi sai",
    "PERIOD-": "kỳ báo cáo ghi sai",
    "COLUMN-": "thiếu hoặc thừa cột",
    "UNIT-": "đơn vị tính ghi sai",
    "VALUE-": "ô số liệu ghi sai",
    "NUMBER-": "ô số liệu ghi sai",
    "CELL-": "ô ngoài mẫu biểu, ô ẩn hoặc ô gộp",
    "AREA-": "địa bàn ghi sai",
    "ROW-": "thừa hoặc thiếu dòng",
    "TOTAL-": "dòng tổng không khớp",
    "PII-": "có thông tin cá nhân",
}
_RULE = "số liệu giữa các cột không khớp"


def figure_with_unit(value: float | None, unit: str, forms: FormSet) -> str:
    """Format a figure with its unit; counts are rounded up. Spaces inside do not break."""
    if value is None:
        return ""
    label = unit_labels(unit, forms)[0]
    number = format_number(value, 1, "vi") if label == "%" else format_number(ceil(value), 0, "vi")
    return f"{number}%" if label == "%" else f"{number}\u00a0{label}"


def own_figures(plan: Plan, known: Frozen) -> list[FrozenFigure]:
    """Return the figures of the plan's own area."""
    return [row for row in known.figures if row["area_code"] == plan.area]


def summary(plan: Plan, known: Frozen) -> str:
    """Count the targets by status."""
    rows = own_figures(plan, known)
    counts = Counter(row["status"] for row in rows)
    parts = (f"{counts[status]} {_LABELS[status]}" for status in _LABELS if status in counts)
    return f"Đến hết {_period(known)}, trong {len(rows)} chỉ tiêu của kế hoạch có: {'; '.join(parts)}."


def results(plan: Plan, known: Frozen) -> Iterator[str]:
    """Describe each target: its figure beside the year's target and the expected level."""
    named = {target.code: target.label_vi for target in plan.targets}
    for row in own_figures(plan, known):
        code, unit = row["target_code"], row["unit"]
        name = f"{code}. {named.get(code, '')}"
        if row["value"] is None:
            yield f"{name}: chưa có số liệu."
            continue
        expected = figure_with_unit(row["expected_value"], unit, known.form_set)
        target = figure_with_unit(row["target_value"], unit, known.form_set)
        sentence = f"{name}: {figure_with_unit(row['value'], unit, known.form_set)}, {_LABELS[row['status']]}"
        sentence += f" (chỉ tiêu năm {target}, mức phải đạt đến kỳ {expected})."
        if not row["is_final"] and row["completeness_pct"] is not None:
            received = format_number(row["completeness_pct"], 1, "vi")
            sentence += f" Số liệu chưa đủ: mới nhận {received}% số báo cáo."
        yield sentence


def shortcomings(plan: Plan, known: Frozen, faults: Sequence[tuple[str, int]]) -> Iterator[str]:
    """Describe what is behind and why: targets, reports that are lacking or late, faults of rejected ones.

    `faults` are finding codes with the number of rejected submissions that had them.
    """
    behind = [r["target_code"] for r in own_figures(plan, known) if r["status"] in ("behind", "missed")]
    if behind:
        yield f"Các chỉ tiêu thấp hơn mức phải đạt đến kỳ: {', '.join(behind)}."
    inside = [duty for duty in known.duties if duty["is_inside"]]
    lacking = [duty for duty in inside if duty["status"] in _LACKING]
    if lacking:
        yield f"Còn thiếu {len(lacking)} báo cáo của kỳ, nhiều nhất là {_most(lacking)}."
    late = [duty for duty in inside if duty["status"] == "late"]
    if late:
        yield f"Có {len(late)} báo cáo nộp muộn, nhiều nhất là {_most(late)}."
    if faults:
        kinds: Counter[str] = Counter()
        for code, count in faults:
            kinds[next((k for start, k in _FAULTS.items() if code.startswith(start)), _RULE)] += count
        listed = "; ".join(f"{kind} ({count} lần)" for kind, count in kinds.most_common(3))
        yield f"Nguyên nhân báo cáo bị trả lại chủ yếu là: {listed}."
    if not (behind or lacking or late or faults):
        yield "Không có chỉ tiêu chậm tiến độ; các báo cáo đều nộp đủ và đúng hạn."


def proposals(plan: Plan, known: Frozen) -> Iterator[str]:
    """Propose what follows from the shortcomings."""
    duties = known.duties
    missing = [duty for duty in duties if duty["status"] == "missing"]
    if missing:
        yield f"Đề nghị {_most(missing, everyone=True)} nộp ngay các báo cáo còn thiếu."
    rejected = [duty for duty in duties if duty["status"] == "rejected"]
    if rejected:
        yield f"Đề nghị {_most(rejected, everyone=True)} sửa các ô đã đánh dấu và nộp lại báo cáo bị trả lại."
    for row in own_figures(plan, known):
        value, expected = row["value"], row["expected_value"]
        if row["status"] in ("behind", "missed") and value is not None and expected is not None:
            unit = row["unit"]
            gap = figure_with_unit(abs(expected - value), unit, known.form_set)
            gap = gap.replace("%", " điểm phần trăm") if gap.endswith("%") else gap
            yield f"Tập trung thực hiện chỉ tiêu {row['target_code']}: còn cách mức phải đạt đến kỳ {gap}."
    yield "Các đơn vị tiếp tục báo cáo đúng mẫu biểu và đúng hạn."


def _period(known: Frozen) -> str:
    name = known.period.name_vi
    return f"{name[:1].lower()}{name[1:]}"


def _most(duties: Sequence[Duty], *, everyone: bool = False) -> str:
    """Name the bodies with the most of these reports, each with their number."""
    counts = Counter(in_sentence(duty["body_name"]) for duty in duties)
    listed = counts.most_common(None if everyone else _MOST_BODIES)
    named = ", ".join(f"{name} ({count})" for name, count in listed[: 2 * _MOST_BODIES])
    more = len(listed) - 2 * _MOST_BODIES
    return f"{named} và {more} đơn vị khác" if more > 0 else named
