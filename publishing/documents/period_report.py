"""Word report of a closed period, laid out as Nghị định 30/2020/NĐ-CP, phụ lục I, prescribes."""

import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from plans.model import Plan
from plans.reporting_calendar import Period
from publishing.documents.docx_parts import (
    CENTRE,
    LEFT,
    add_heading,
    add_paragraph,
    add_table,
    blank_document,
    fill_lines,
    side_by_side,
    write_text,
)
from publishing.documents.period_figures import (
    FormFigures,
    Frozen,
    FrozenFigure,
    form_figures,
    frozen,
    shown_measures,
)
from publishing.documents.period_workbook import RESTRICTED
from publishing.documents.report_drawings import add_chart, add_map, has_map, why_no_map
from publishing.documents.report_prose import (
    figure_with_unit,
    own_figures,
    proposals,
    results,
    shortcomings,
    summary,
)
from publishing.i18n import MOTTO, format_number, labels
from publishing.sql import statement
from publishing.workbook_files import stable_zip
from schemas.declaration import MeasureType
from schemas.form_set import FormSet
from transforms.text.sentences import in_sentence

_KIND = re.compile("^(Tỉnh|Thành phố) ")
_RULE = "_" * 10
_MOST_PLACES = 40  # areas of a level that are listed; of more, those of each status are counted
_LABELS = labels("vi")
_TARGET_HEAD = (
    "Mã", "Chỉ tiêu", "Kết quả", "Chỉ tiêu năm", "Mức phải đạt đến kỳ", "Đánh giá", "So với chỉ tiêu năm",
    "Tỷ lệ báo cáo đã nhận (%)",
)  # fmt: skip
_LATE = {"missing": "chưa nộp", "rejected": "bị trả lại và chưa nộp lại", "late": "nộp muộn"}


def period_report(connection: Connection, plan: Plan, period: Period, now: datetime) -> bytes:
    """Build the .docx of a closed period; the same snapshot always gives the same bytes.

    Raises ValueError for a period that is open at `now`. The People's Committee may see small counts of
    persons: they are not suppressed here as they are for BI.
    """
    known = frozen(connection, plan, period, now)
    document = blank_document(plan, period)
    _letterhead(document, plan, known)
    add_heading(document, "I. KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU")
    _targets(document, plan, known)
    _drawings(document, plan, known)
    add_heading(document, "II. KẾT QUẢ THEO NỘI DUNG CỦA KẾ HOẠCH")
    for number, figures in enumerate(form_figures(connection, plan, known), 1):
        _form(document, number, figures)
    add_heading(document, "III. BÁO CÁO CÒN THIẾU")
    _missing(document, plan, known)
    _add_list(
        document, "IV. TỒN TẠI, NGUYÊN NHÂN", shortcomings(plan, known, _faults(connection, plan, known))
    )
    _add_list(document, "V. KIẾN NGHỊ", proposals(plan, known))
    add_heading(document, "VI. GHI CHÚ")
    _notes(document, known)
    _signature(document)
    saved = io.BytesIO()
    document.save(saved)
    return stable_zip(saved.getvalue())


def _letterhead(document: Any, plan: Plan, known: Frozen) -> None:
    area, day, period = plan.areas_by_code[plan.area].name, known.closed_at, known.period
    month = (
        f"{day.month:02}" if day.month < 3 else day.month
    )  # the decree: a leading zero keeps 1 from being changed to 11
    when = f"{_KIND.sub('', area)}, ngày {day:%d} tháng {month} năm {day.year}"
    left, right = side_by_side(document, (58, 106))
    issuer = (("ỦY BAN NHÂN DÂN", 13, "b"), (area.upper(), 13, "b"), (_RULE, 8, ""))
    fill_lines(left, CENTRE, *issuer, ("Số: …/BC-UBND", 13, ""))
    motto = ((MOTTO[0], 12, "b"), (MOTTO[1], 13, "bu"))
    fill_lines(right, CENTRE, *motto, ("", 8, ""), (when, 13, "i"))
    for line in ("", "BÁO CÁO", f"Kết quả thực hiện {plan.title}", period.name_vi):
        write_text(document.add_paragraph(), line, bold=True, align=CENTRE)
    write_text(document.add_paragraph(), _RULE, 8, align=CENTRE)
    window = f"từ ngày {period.window_start:%d/%m/%Y} đến ngày {period.window_end:%d/%m/%Y}"
    opening = f"Ủy ban nhân dân {area[:1].lower()}{area[1:]} báo cáo kết quả thực hiện {plan.title}"
    add_paragraph(document, f"{opening}, {period.name_vi}, số liệu {window}, như sau:")


def _targets(document: Any, plan: Plan, known: Frozen) -> None:
    """Describe the results; write the figures of the area and of those below it, or count them by status."""
    add_paragraph(document, summary(plan, known))
    for sentence in results(plan, known):
        add_paragraph(document, f"- {sentence}")
    named = {target.code: target.label_vi for target in plan.targets}
    of_level: dict[str, list[FrozenFigure]] = {level: [] for level in plan.levels_by_key}
    for row in known.figures:
        of_level[row["area_level"]].append(row)
    rows: list[Sequence[object]] = [_TARGET_HEAD]
    own, *lower = (level for level in of_level if of_level[level] or level == _own_level(plan))
    for row in of_level[own]:
        unit = row["unit"]
        rows.append(
            (
                row["target_code"],
                named.get(row["target_code"], ""),
                figure_with_unit(row["value"], unit, known.form_set),
                figure_with_unit(row["target_value"], unit, known.form_set),
                figure_with_unit(row["expected_value"], unit, known.form_set),
                _LABELS[row["status"]],
                _LABELS[row["verdict"]],
                None if row["completeness_pct"] is None else format_number(row["completeness_pct"], 1, "vi"),
            )
        )
    whole = "toàn tỉnh" if plan.areas_by_code[plan.area].name.startswith("Tỉnh") else "toàn địa bàn"
    add_paragraph(document, f"Kết quả của {whole}, lũy kế từ đầu năm kế hoạch đến cuối kỳ:")
    add_table(document, (11, 44, 19, 19, 19, 18, 18, 16), rows)
    for level in lower:
        words = plan.levels_by_key[level].label_vi
        if len({row["area_code"] for row in of_level[level]}) <= _MOST_PLACES:
            add_paragraph(document, f"Kết quả theo địa bàn {words}:")
            _by_place(document, of_level[level], known.form_set)
            continue
        for code, group in groupby(of_level[level], key=lambda row: row["target_code"]):
            states = Counter(row["status"] for row in group)
            counted = "; ".join(f"{_LABELS[state]}: {states[state]}" for state in _LABELS if state in states)
            add_paragraph(document, f"{code}. {named.get(code, '')}, theo số đơn vị {words}: {counted}.")


def _drawings(document: Any, plan: Plan, known: Frozen) -> None:
    """Draw the chart of all targets, and the map of the first target that all districts report on."""
    add_heading(document, "Biểu đồ: tỷ lệ thực hiện so với chỉ tiêu năm (màu nhạt: mức phải đạt đến kỳ)")
    add_chart(document, own_figures(plan, known), known.form_set)
    for target in plan.targets:
        rows = [row for row in known.figures if row["target_code"] == target.code]
        if has_map(plan, rows):
            add_heading(document, f"Bản đồ: {target.code}. {target.label_vi}, theo địa bàn")
            add_map(document, plan, rows, known.form_set)
            return
    if reason := why_no_map(plan):
        add_paragraph(document, reason)


def _add_list(document: Any, heading: str, sentences: Iterable[str]) -> None:
    add_heading(document, heading)
    for number, sentence in enumerate(sentences, 1):
        add_paragraph(document, f"{number}. {sentence}")


def _faults(connection: Connection, plan: Plan, known: Frozen) -> list[tuple[str, int]]:
    """Count the codes of errors for which reports of the period were rejected before the closing."""
    parameters = {
        "plan": plan.code,
        "last": known.last_submission,
        "start": known.period.window_start,
        "end": known.period.window_end,
    }
    return [(row[0], row[1]) for row in connection.execute(statement("faults_at_close"), parameters)]


def _own_level(plan: Plan) -> str:
    return plan.areas_by_code[plan.area].level


def _by_place(document: Any, local: Sequence[FrozenFigure], form_set: FormSet) -> None:
    codes = list(dict.fromkeys(row["target_code"] for row in local))
    cells = {(row["area_code"], row["target_code"]): row for row in local}
    rows: list[Sequence[object]] = [("Địa bàn", *codes)]
    for area, name in {row["area_code"]: row["area_name"] for row in local}.items():
        rows.append((name, *(_with_status(cells.get((area, code)), form_set) for code in codes)))
    add_table(document, (44, *[116 / len(codes)] * len(codes)), rows)


def _with_status(row: FrozenFigure | None, form_set: FormSet) -> str:
    if row is None:
        return ""
    return f"{figure_with_unit(row['value'], row['unit'], form_set)} ({_LABELS[row['status']]})".strip()


def _form(document: Any, number: int, figures: FormFigures) -> None:
    """Write the totals of a form, one column per block."""
    form, blocks = figures.form, figures.blocks
    mark = f" ({RESTRICTED})" if form.sensitive else ""
    add_heading(document, f"{number}. {form.title.capitalize()} (Biểu số {form.code}){mark}")
    columns = [(block.title, block.total) for block in blocks]
    if figures.total is not None:
        columns.append(("Tổng cộng", figures.total))
    rows: list[Sequence[object]] = [("Nội dung", "Đơn vị tính", *(title for title, _ in columns))]
    for measure in shown_measures(form):
        label = f"{measure.group}: {measure.label_vi}" if measure.group else measure.label_vi
        unit = {MeasureType.FLAG: "số nơi ghi Có", MeasureType.SCORE: "bình quân"}.get(
            measure.kind, measure.unit.label_vi
        )
        rows.append((label, unit, *(total.get(measure.key) for _, total in columns)))
    if blocks:
        add_table(document, (56, 20, *[84 / len(columns)] * len(columns)), rows)
    else:
        add_paragraph(document, "Trong kỳ không có báo cáo theo biểu này và không có báo cáo nào đến hạn.")


def _missing(document: Any, plan: Plan, known: Frozen) -> None:
    """List reports of the period that were missing, rejected or late when it was closed."""
    inside = [duty for duty in known.duties if duty["is_inside"] and duty["status"] in _LATE]
    owed = sum(duty["is_inside"] and duty["status"] != "waived" for duty in known.duties)
    counts = Counter(duty["status"] for duty in inside)
    summary = "; ".join(f"{counts[state]} {label}" for state, label in _LATE.items())
    add_paragraph(document, f"Trong {owed} báo cáo của kỳ, tính đến lúc chốt số liệu: {summary}.")
    order = {body.code: number for number, body in enumerate(plan.all_bodies)}
    by_report: dict[tuple[str, str, str], dict[str, list[str]]] = {}
    for duty in sorted(inside, key=lambda d: (order.get(d["body_code"], len(order)), d["body_code"])):
        key = (duty["body_code"], in_sentence(duty["body_name"]), duty["form_code"])
        by_report.setdefault(key, {}).setdefault(duty["status"], []).append(duty["period_name"])
    rows: list[Sequence[object]] = [("TT", "Cơ quan, địa phương", "Biểu", "Tình trạng")]
    for number, ((_, body, form), states) in enumerate(by_report.items(), 1):
        parts = (f"{_LATE[s]}: {', '.join(states[s])}" for s in _LATE if s in states)
        rows.append((number, body, form, "; ".join(parts)))
    if by_report:
        add_table(document, (11, 60, 22, 67), rows)


def _notes(document: Any, known: Frozen) -> None:
    """Write which figures may still change, what is missing of earlier periods, and the chain's head."""
    not_final = dict.fromkeys(row["target_code"] for row in known.figures if not row["is_final"])
    before = sum(d["status"] in ("missing", "rejected") for d in known.duties if not d["is_inside"])
    notes = [
        f"Chưa đủ báo cáo, số liệu còn có thể thay đổi: {', '.join(not_final) or 'không có chỉ tiêu nào'}.",
        f"Số báo cáo của các kỳ trước trong năm còn thiếu: {before}.",
        "Ô trống trong bảng: chưa có số liệu, hoặc số liệu không cộng được.",
        f"Số liệu được chốt lúc {known.closed_at:%H:%M ngày %d/%m/%Y}; báo cáo nộp sau không làm thay đổi văn"
        f" bản này. Mã băm mới nhất của chuỗi kiểm toán khi chốt: {known.head}.",
    ]
    for number, note in enumerate(notes, 1):
        # Keep the signature off a page of its own.
        add_paragraph(document, f"{number}. {note}").paragraph_format.keep_with_next = number > 2


def _signature(document: Any) -> None:
    document.add_paragraph().paragraph_format.keep_with_next = True
    left, right = side_by_side(document, (82, 82))
    receivers = ("- Các sở, ban, ngành, đoàn thể;", "- Ủy ban nhân dân các địa phương;", "- Lưu: VT.")
    fill_lines(left, LEFT, ("Nơi nhận:", 12, "bi"), *((line, 11, "") for line in receivers))
    signed = ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "", "", "", "")
    fill_lines(right, CENTRE, *((line, 14, "b") for line in signed))
    # A document ends with a paragraph: after a table it would fill a page of its own.
    write_text(document.add_paragraph(), "", 1)
