"""Labels of pages and documents in Vietnamese and English, and number formats of both languages."""

from typing import Literal

from schemas import units
from schemas.declaration import Unit

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")
MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")

_UNITS = {u.key: (u.label_vi, u.key.replace("_", " ")) for u in vars(units).values() if isinstance(u, Unit)}
_UNITS["percent"] = ("%", "%")

_LABELS = {
    # statuses of targets, reports, submissions and findings
    "met": ("đạt", "met"),
    "on_track": ("đúng tiến độ", "on track"),
    "behind": ("chậm", "behind"),
    "missed": ("không đạt", "missed"),
    "no_data": ("chưa có số liệu", "no data"),
    "not_met": ("chưa đạt mức cả năm", "year's target not reached"),
    "undecided": ("chưa rõ, còn thiếu báo cáo", "undecided, reports missing"),
    "on_time": ("đúng hạn", "on time"),
    "late": ("muộn", "late"),
    "missing": ("chưa gửi", "missing"),
    "rejected": ("bị trả lại", "rejected"),
    "not_due": ("chưa đến hạn", "not due"),
    "waived": ("được miễn", "waived"),
    "accepted": ("đã nhận", "accepted"),
    "accepted_with_warnings": ("đã nhận, có cảnh báo", "accepted with warnings"),
    "duplicate": ("trùng", "duplicate"),
    "ignored": ("bỏ qua", "ignored"),
    "error": ("lỗi", "error"),
    "warning": ("cảnh báo", "warning"),
    "open": ("chưa xử lý", "open"),
    "explained": ("đơn vị đã giải trình", "explained"),
    "finding_accepted": ("đã chấp nhận", "accepted"),
    "gone": ("đã sửa", "fixed"),
    # the frame of all pages
    "skip": ("Đến nội dung", "Skip to content"),
    "other_language": ("English", "Tiếng Việt"),
    "made_at": ("Lập lúc", "Made at"),
    "chain_head": ("Mã đầu chuỗi kiểm toán", "Audit chain head"),
    # the start page
    "targets": ("Chỉ tiêu", "Targets"),
    "target": ("Chỉ tiêu", "Target"),
    "code": ("Mã", "Code"),
    "figure": ("Kết quả", "Figure"),
    "to_reach": ("Chỉ tiêu giao", "Target"),
    "progress": ("So với chỉ tiêu", "Share of target"),
    "expected": ("Phải đạt đến nay", "Expected by now"),
    "status": ("Đánh giá", "Status"),
    "bounds": ("Khoảng có thể", "Bounds"),
    "complete": ("Đủ báo cáo", "Complete"),
    "not_final": ("chưa đủ", "not final"),
    "attention": ("Cần chú ý", "Needs attention"),
    "refused_reports": ("Báo cáo đang bị trả lại", "Rejected, not yet corrected"),
    "none_refused": ("Không có báo cáo nào đang bị trả lại.", "No rejected report is open."),
    "unknown_form": ("tệp không rõ biểu", "unknown form"),
    "open_findings": ("Cảnh báo chưa xử lý", "Open warnings"),
    "periods": ("Các kỳ báo cáo", "Reporting periods"),
    "period": ("Kỳ", "Period"),
    "owed": ("Phải gửi", "Owed"),
    "received": ("Đã nhận", "Received"),
    "timely": ("Đúng hạn", "On time"),
    "documents": ("Báo cáo tổng hợp", "Documents"),
    "workbook": ("Bảng tổng hợp", "Workbook"),
    "word_report": ("Báo cáo", "Report"),
    # the matrix of a period
    "legend": (
        "✔ đúng hạn, ◷ muộn, ✘ chưa gửi, ⚠ bị trả lại, ○ chưa đến hạn, – được miễn; “+1” là đã sửa một lần.",
        "✔ on time, ◷ late, ✘ missing, ⚠ rejected, ○ not due, – waived; “+1”: revised once.",
    ),
    "body": ("Đơn vị", "Body"),
    # a body
    "reports_of_body": ("Báo cáo của đơn vị", "Reports of the body"),
    "form": ("Biểu", "Form"),
    "due": ("Hạn", "Due"),
    "when_received": ("Nhận lúc", "Received"),
    "revisions": ("Số lần sửa", "Revisions"),
    "submission": ("Lần gửi", "Submission"),
    "return_file": ("Tệp trả lại, đã đánh dấu ô cần sửa", "Returned file with marked cells"),
    # a submission
    "file": ("tệp", "file"),
    "sheet": ("trang", "sheet"),
    "not_read": ("không đọc", "not read"),
    "replaces": ("Thay cho lần gửi", "Replaces submission"),
    "replaced_by": ("Đã được thay bằng lần gửi", "Replaced by submission"),
    "findings": ("Kết quả kiểm tra", "Findings"),
    "nothing_found": ("Không có lỗi hay cảnh báo.", "No errors or warnings."),
    "severity": ("Mức", "Severity"),
    "cell": ("Ô", "Cell"),
    "what": ("Nội dung", "Message"),
    "state": ("Xử lý", "State"),
    "since": ("từ", "since"),
    "seen_before": ("Đã gặp trước đây", "Seen before"),
    "sheet_drawn": ("Trang tính", "The sheet"),
    "withheld": (
        "Nội dung tệp không được lưu giữ hoặc không đọc được.",
        "The content of the file is not kept or cannot be read.",
    ),
    # a target
    "numerator": ("Tử số", "Numerator"),
    "denominator": ("Mẫu số", "Denominator"),
    "history": ("Diễn biến", "History"),
    "area": ("Địa bàn", "Area"),
    "cells_behind": ("Các ô số liệu gốc", "The source cells"),
    "part": ("Phần", "Part"),
    "value": ("Giá trị", "Value"),
    "measure": ("Số liệu", "Measure"),
    "sum": ("Cộng lại", "Total"),
    # the chain
    "chain": ("Chuỗi kiểm toán", "Audit chain"),
    "chain_intro": (
        "Mỗi sự kiện mang mã băm của sự kiện trước. Lệnh “chitieu audit verify --head” với mã ghi ở chân"
        " một trang cho biết có gì bị sửa hay bị cắt.",
        "Each event contains the hash of the previous one. “chitieu audit verify --head” with the hash at the"
        " bottom of a page shows whether events were changed or removed.",
    ),
    # the checks
    "checks": ("Kiểm tra kho dữ liệu", "Checks"),
    "checks_intro": (
        "Trước mỗi lần công bố, Great Expectations đối chiếu các bảng: khóa, danh mục, số liệu giữa các kỳ,"
        " giữa các cơ quan, và chỉ tiêu so với dữ liệu gốc. Sai một điều nghiêm trọng thì không công bố.",
        "Before each publication Great Expectations checks keys, codes, figures across periods and bodies,"
        " and targets against the facts. If a critical check fails, nothing is published.",
    ),
    "relation": ("Bảng", "Table"),
    "expectations": ("Số điều kiểm tra", "Expectations"),
    "not_holding": ("Chưa đúng", "Failed"),
    "all_hold": ("Tất cả đều đúng.", "All checks passed."),
    "critical": ("nghiêm trọng", "critical"),
    "number": ("Số", "Number"),
    "at": ("Lúc", "Time"),
    "event": ("Việc", "Event"),
    "about": ("Về", "Subject"),
}  # fmt: skip


def labels(language: Language) -> dict[str, str]:
    """Return all labels in one language by key."""
    index = LANGUAGES.index(language)
    return {key: pair[index] for key, pair in _LABELS.items()}


def unit_labels(unit: str) -> tuple[str, str]:
    """Return the label of a unit in Vietnamese and English; % for percent."""
    return _UNITS.get(unit, (unit, unit))


def format_number(value: float, digits: int, language: Language) -> str:
    """Format a number with `digits` decimals, or with none if they are all zero."""
    text = f"{float(value):,.{digits}f}".removesuffix(f".{'0' * digits}")
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text
