"""What pages and documents say, in Vietnamese and English; numbers as each language writes them."""

from typing import Literal

from schemas.forms import FORM_SET

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")
MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")

_UNITS = {u.key: (u.label_vi, u.key.replace("_", " ")) for u in FORM_SET.units.values()}
_UNITS["percent"] = ("%", "%")

_WORDS = {
    # statuses of targets, reports, submissions and findings
    "met": ("đạt", "met"),
    "on_track": ("đúng tiến độ", "on track"),
    "behind": ("chậm", "behind"),
    "missed": ("không đạt", "missed"),
    "no_data": ("chưa có số liệu", "no data"),
    "not_met": ("chưa đạt mức cả năm", "the year's mark not reached"),
    "undecided": ("chưa rõ, còn thiếu báo cáo", "undecided, reports are missing"),
    "on_time": ("đúng hạn", "on time"),
    "late": ("muộn", "late"),
    "missing": ("chưa gửi", "missing"),
    "rejected": ("bị trả lại", "refused"),
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
    "gone": ("đã sửa", "mended"),
    # the frame of all pages
    "skip": ("Đến nội dung", "To the content"),
    "other_language": ("English", "Tiếng Việt"),
    "made_at": ("Lập lúc", "Made at"),
    "chain_head": ("Mã đầu chuỗi kiểm toán", "Head of the audit chain"),
    # the start page
    "targets": ("Chỉ tiêu", "Targets"),
    "target": ("Chỉ tiêu", "Target"),
    "code": ("Mã", "Code"),
    "figure": ("Kết quả", "Figure"),
    "to_reach": ("Chỉ tiêu giao", "To reach"),
    "progress": ("So với chỉ tiêu", "Of the target"),
    "expected": ("Phải đạt đến nay", "Expected by now"),
    "status": ("Đánh giá", "Status"),
    "bounds": ("Khoảng có thể", "Bounds"),
    "complete": ("Đủ báo cáo", "Complete"),
    "not_final": ("chưa đủ", "not final"),
    "attention": ("Cần chú ý", "Needs attention"),
    "refused_reports": ("Báo cáo đang bị trả lại", "Refused and not yet mended"),
    "none_refused": ("Không có báo cáo nào đang bị trả lại.", "No report stands refused."),
    "unknown_form": ("tệp không rõ biểu", "file of no known form"),
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
        "✔ on time, ◷ late, ✘ missing, ⚠ refused, ○ not due, – waived; “+1”: revised once.",
    ),
    "body": ("Đơn vị", "Body"),
    # a body
    "reports_of_body": ("Báo cáo của đơn vị", "Reports of the body"),
    "form": ("Biểu", "Form"),
    "due": ("Hạn", "Due"),
    "when_received": ("Nhận lúc", "Received"),
    "revisions": ("Số lần sửa", "Revisions"),
    "submission": ("Lần gửi", "Submission"),
    "return_file": ("Tệp trả lại, đã đánh dấu ô cần sửa", "Returned file, the cells to mend marked"),
    # a submission
    "file": ("tệp", "file"),
    "sheet": ("trang", "sheet"),
    "not_read": ("không đọc", "not read"),
    "replaces": ("Thay cho lần gửi", "Replaces submission"),
    "replaced_by": ("Đã được thay bằng lần gửi", "Replaced by submission"),
    "findings": ("Kết quả kiểm tra", "Findings"),
    "nothing_found": ("Không có lỗi hay cảnh báo.", "Nothing was found wrong."),
    "severity": ("Mức", "Severity"),
    "cell": ("Ô", "Cell"),
    "what": ("Nội dung", "What"),
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
    "sum": ("Cộng lại", "Added up"),
    # the chain
    "chain": ("Chuỗi kiểm toán", "Audit chain"),
    "chain_told": (
        "Mỗi sự kiện mang mã băm của sự kiện trước. Lệnh “chitieu audit verify --head” với mã ghi ở chân"
        " một trang cho biết có gì bị sửa hay bị cắt.",
        "Each event carries the hash of the one before. “chitieu audit verify --head” with the hash at the"
        " foot of a page tells whether anything was changed or cut off.",
    ),
    # the checks
    "checks": ("Kiểm tra kho dữ liệu", "Checks"),
    "checks_told": (
        "Trước mỗi lần công bố, Great Expectations đối chiếu các bảng: khóa, danh mục, số liệu giữa các kỳ,"
        " giữa các cơ quan, và chỉ tiêu so với dữ liệu gốc. Sai một điều nghiêm trọng thì không công bố.",
        "Before each publication Great Expectations holds the tables against what must be: keys, code lists,"
        " figures across periods and bodies, targets against the facts. Where a critical one fails nothing"
        " is published.",
    ),
    "relation": ("Bảng", "Table"),
    "expectations": ("Số điều kiểm tra", "Expectations"),
    "not_holding": ("Chưa đúng", "Not as expected"),
    "all_hold": ("Tất cả đều đúng.", "All is as expected."),
    "critical": ("nghiêm trọng", "critical"),
    "number": ("Số", "Number"),
    "at": ("Lúc", "At"),
    "event": ("Việc", "Event"),
    "about": ("Về", "About"),
}  # fmt: skip


def words(language: Language) -> dict[str, str]:
    """All words in one language."""
    place = LANGUAGES.index(language)
    return {key: both[place] for key, both in _WORDS.items()}


def unit_said(unit: str) -> tuple[str, str]:
    """The word of a unit in Vietnamese and English; % for percent."""
    return _UNITS.get(unit, (unit, unit))


def number_said(value: float, digits: int, language: Language) -> str:
    """A number with so many digits after the mark, or with none where it is whole then."""
    text = f"{float(value):,.{digits}f}".removesuffix(f".{'0' * digits}")
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text
