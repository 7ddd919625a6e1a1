"""What can be wrong with a submission: the finding codes with their texts in Vietnamese and English.

A finding is a value, not an exception. Every text names the fault and what would be right.
"""

from dataclasses import dataclass, field
from typing import Any, TypedDict

from schemas.declaration import Form, Rule, Severity


@dataclass(frozen=True, slots=True)
class FindingText:
    """The severity and the message templates of a code; templates use the finding's details by name."""

    severity: Severity
    label_vi: str
    label_en: str


class FindingRow(TypedDict):
    """A finding with the columns of `audit.finding`."""

    severity: str
    code: str
    sheet_name: str
    cell: str
    column_key: str
    value_shown: str
    message_vi: str
    message_en: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: its code, its place (A1 cell, column key) and the value seen there.

    `severity_override` replaces the severity of the code, for codes that are an error only where a figure
    could change. The detail `related_cells` names the other cells that take part, in A1 notation. A finding
    with texts of its own has them as `wording`; that of a form's rule has those of `rule_of`.
    """

    code: str
    sheet_name: str = ""
    cell: str = ""
    column_key: str = ""
    value_shown: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    severity_override: Severity | None = None
    wording: FindingText | None = None

    @property
    def text(self) -> FindingText:
        """The severity and the templates of the code."""
        return self.wording or TEXTS[self.code]

    @property
    def severity(self) -> Severity:
        """Error or warning: that of the code unless the finding has its own."""
        return self.severity_override or self.text.severity

    @property
    def message_vi(self) -> str:
        """The finding in Vietnamese."""
        return _fill(self.text.label_vi, self) + str(self.details.get("advice_vi", ""))

    @property
    def message_en(self) -> str:
        """The finding in English."""
        return _fill(self.text.label_en, self) + str(self.details.get("advice_en", ""))

    def as_row(self) -> FindingRow:
        """Return the finding with the columns of `audit.finding`."""
        return {
            "severity": self.severity.value,
            "code": self.code,
            "sheet_name": self.sheet_name,
            "cell": self.cell,
            "column_key": self.column_key,
            "value_shown": self.value_shown,
            "message_vi": self.message_vi,
            "message_en": self.message_en,
        }


def rule_text(rule: Rule) -> FindingText:
    """Return the texts of the findings of a rule."""
    vi, en = (label.replace("{", "{{").replace("}", "}}") for label in (rule.label_vi, rule.label_en))
    return FindingText(rule.severity, vi + "{arithmetic_vi}.", en + "{arithmetic_en}.")


def rule_of(form: Form, code: str) -> FindingText | None:
    """Return the texts of the form's rule that a finding code names; None for a general code."""
    return next((rule_text(rule) for rule in form.rules if rule.id == code), None)


class _Details(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def _fill(template: str, finding: Finding) -> str:
    plain = {
        "arithmetic_vi": f" (ô ghi {finding.value_shown})",
        "arithmetic_en": f" (the cell holds {finding.value_shown})",
        "todo_vi": "Hãy nhập số không có dấu phân cách hàng nghìn, dùng dấu phẩy cho phần thập phân",
        "todo_en": "Type numbers without thousands separators, with a comma before decimals",
    }
    details = plain | finding.details
    return template.format_map(_Details(details, value=finding.value_shown, cell=finding.cell))


E, W = Severity.ERROR, Severity.WARNING
TEXTS: dict[str, FindingText] = {
    "FILE-UNREADABLE": FindingText(
        E,
        "Không đọc được tệp: {reason_vi}. {todo_vi}.",
        "The file cannot be read: {reason_en}. {todo_en}.",
    ),
    "FILE-TOO-LARGE": FindingText(
        E,
        "Tệp quá lớn hoặc có ô ở quá xa bảng. Hãy sao chép bảng sang một tệp mới rồi gửi lại.",
        "The file is too large or has cells far outside the table. Copy the table into a new file and send that.",
    ),
    "FILE-MACRO": FindingText(
        E,
        "Tệp có chứa macro. Hãy lưu lại dạng .xlsx (không macro) rồi gửi lại.",
        "The file carries macros. Save it as .xlsx (without macros) and send it again.",
    ),
    "FORM-UNKNOWN": FindingText(
        E,
        "Không có mã biểu hợp lệ (thấy: “{value}”). Hãy ghi “Biểu số: {example}” phía trên bảng.",
        "There is no known form code (seen: “{value}”). Write “Biểu số: {example}” above the table.",
    ),
    "FORM-NOT-OWED": FindingText(
        E,
        "Đơn vị {body} không phải báo cáo biểu {form}. Hãy kiểm tra lại mã biểu hoặc thư mục.",
        "The body {body} does not owe form {form}. Check the form code or the folder.",
    ),
    "BODY-MISMATCH": FindingText(
        E,
        "Tên đơn vị trên biểu (“{value}”) không phải đơn vị của thư mục này ({body}).",
        "The letterhead (“{value}”) names another body than that of this folder ({body}).",
    ),
    "PERIOD-MISSING": FindingText(
        E,
        "Không ghi kỳ báo cáo. Hãy ghi, ví dụ, “Kỳ báo cáo: {example}” phía trên bảng.",
        "No reporting period is given. Write for example “Kỳ báo cáo: {example}” above the table.",
    ),
    "PERIOD-INVALID": FindingText(
        E,
        "Kỳ báo cáo “{value}” không hợp lệ: {why_vi}.",
        "The period “{value}” is not valid: {why_en}.",
    ),
    "PERIOD-WINDOW": FindingText(
        E,
        "Thời gian số liệu ghi là {value}; kỳ này phải từ {start} đến {end}.",
        "The window stated is {value}; that of this period is {start} to {end}.",
    ),
    "COLUMN-MISSING": FindingText(
        E,
        "Thiếu cột “{label}”. Hãy giữ đủ các cột của mẫu biểu.",
        "The column “{label}” is missing. Keep all columns of the form.",
    ),
    "COLUMN-DUPLICATE": FindingText(
        E, "Cột “{label}” có hai lần. Hãy bỏ bớt một cột.", "The column “{label}” is there twice. Remove one."
    ),
    "COLUMN-UNKNOWN": FindingText(
        W,
        "Cột “{value}” không có trong mẫu biểu nên không được đọc.",
        "The column “{value}” is not on the form and was not read.",
    ),
    "VALUE-BLANK": FindingText(
        W,
        "Ô “{label}” để trống, được hiểu là 0. Hãy ghi 0 nếu không có.",
        "The cell “{label}” is blank and was taken as 0. Write 0 for none.",
    ),
    "VALUE-MISSING": FindingText(E, "Ô “{label}” phải có giá trị.", "The cell “{label}” must have a value."),
    "VALUE-TYPE": FindingText(
        E,
        "Ô “{label}” ghi “{value}”; phải là {expected_vi}.",
        "The cell “{label}” holds “{value}”; it must be {expected_en}.",
    ),
    "VALUE-NEGATIVE": FindingText(
        E,
        "Ô “{label}” ghi {value}; không được nhỏ hơn 0.",
        "The cell “{label}” holds {value}; it may not be below 0.",
    ),
    "VALUE-RANGE": FindingText(
        E,
        "Ô “{label}” ghi {value}; phải là số {whole_vi}từ 0 đến {largest}.",
        "The cell “{label}” holds {value}; it must be a {whole_en}number from 0 to {largest}.",
    ),
    "VALUE-CODE": FindingText(
        E,
        "Ô “{label}” ghi “{value}”, không có trong danh mục. Hãy chọn một trong: {choices}.",
        "The cell “{label}” holds “{value}”, which is not in the list. Choose one of: {choices}.",
    ),
    "AREA-UNKNOWN": FindingText(
        E,
        "Không tìm thấy địa bàn “{value}”. {hint_vi}",
        "The place “{value}” is not known. {hint_en}",
    ),
    "AREA-OUTSIDE": FindingText(
        E,
        "“{value}” không thuộc địa bàn của đơn vị báo cáo.",
        "“{value}” does not lie in the area of the reporting body.",
    ),
    "AREA-AMBIGUOUS": FindingText(
        E,
        "“{value}” có thể là nhiều địa bàn: {choices}. Hãy ghi đủ tên.",
        "“{value}” fits several places: {choices}. Write the full name.",
    ),
    "ROW-DUPLICATE": FindingText(
        E, "Dòng này trùng với dòng {other}. Mỗi dòng chỉ được ghi một lần.", "This row repeats row {other}."
    ),
    "ROW-MISSING": FindingText(E, "Thiếu dòng: {missing}.", "Rows are missing: {missing}."),
    "COM-01": FindingText(
        E,
        "Mỗi xã, phường, thị trấn phải có một dòng; còn thiếu: {missing}.",
        "Every commune must have one row; missing: {missing}.",
    ),
    "TOTAL-MISMATCH": FindingText(
        E,
        "Dòng tổng ghi {value} ở cột “{label}”, nhưng các dòng cộng lại là {terms}{sum}.",
        "The total row has {value} under “{label}”, but the rows add up to {terms}{sum}.",
    ),
    "PII-SUSPECTED": FindingText(
        E,
        "Nghi có thông tin cá nhân ({kind_vi}). Báo cáo chỉ được có số liệu: hãy xóa rồi gửi lại. "
        "Nội dung tệp không được lưu giữ.",
        "Personal data is suspected ({kind_en}). Reports hold counts only: remove it and send the file again. "
        "The file's content was not kept.",
    ),
    "OUTLIER": FindingText(
        W,
        "Ô “{label}” ghi {value}, khác xa các kỳ trước (thường từ {low} đến {high}). Hãy kiểm tra lại.",
        "The cell “{label}” holds {value}, far from earlier periods (mostly {low} to {high}). Please check.",
    ),
    "SHARE-ABOVE-100": FindingText(
        W,
        "Chỉ tiêu {target} vượt 100%: lũy kế {numerator} trên {denominator} là {share}%. "
        "Hãy kiểm tra lại số liệu.",
        "Target {target} exceeds 100 %: {numerator} of {denominator} over the year so far is {share} %. "
        "Please check the figures.",
    ),
    "REVISION-CLOSED": FindingText(
        W,
        "Kỳ {period} đã chốt số liệu; lần nộp này không làm thay đổi số đã chốt.",
        "The period {period} is closed; this revision does not change the frozen figures.",
    ),
    "REVISION-LOSES-ROWS": FindingText(
        W,
        "Bản gửi lại không còn {count} dòng đã có trong bản trước: {missing}. Số liệu của các dòng này không còn "
        "hiệu lực; nếu vẫn cần, hãy gửi lại báo cáo đủ các dòng.",
        "The revision lacks {count} rows of the former one: {missing}. Their figures are no longer in force; "
        "send the report again with all rows if they still apply.",
    ),
    "UNIT-MISMATCH": FindingText(
        E,
        "Cột “{label}” phải tính bằng {expected_vi}; biểu ghi “{value}”{reason_vi}.",
        "The column “{label}” must be in {expected_en}; the sheet has “{value}”{reason_en}.",
    ),
    "FORMULA-UNCALCULATED": FindingText(
        E,
        "Ô này có công thức chưa được tính hoặc chưa lưu kết quả. Hãy mở tệp bằng Excel, bấm F9 để tính lại, "
        "lưu rồi gửi lại.",
        "This cell has a formula that was never calculated or has no saved value. Open the file in Excel, press "
        "F9 to recalculate, save it and send it again.",
    ),
    "CELL-UNACCOUNTED": FindingText(
        E,
        "Ô này ghi “{value}”, {where_vi} nên không rõ thuộc dòng, cột nào của mẫu biểu. {advice_cell_vi}",
        "This cell holds “{value}”, {where_en}, so it belongs to no row or column of the form. {advice_cell_en}",
    ),
    "CELL-HIDDEN": FindingText(
        E,
        "Phần đang bị ẩn hoặc bị lọc nhưng có số liệu: {hidden_vi}. Hãy bỏ ẩn, bỏ lọc hoặc xóa hẳn, kiểm tra lại "
        "rồi gửi lại.",
        "Hidden or filtered out but holding figures: {hidden_en}. Show or delete what is hidden, check the sheet "
        "and send it again.",
    ),
    "CELL-MERGED": FindingText(
        E,
        "Các ô {range} của cột “{label}” bị gộp (merge), nên một số liệu ứng với nhiều ô. Hãy bỏ gộp ô và ghi "
        "số liệu cho từng ô.",
        "The cells {range} of the column “{label}” are merged, so one figure is given for several cells. Unmerge "
        "them and give a figure for each.",
    ),
    "NUMBER-AMBIGUOUS": FindingText(
        E,
        "Ô “{label}” ghi “{value}”, có thể hiểu là {first} hoặc {second}. {todo_vi}.",
        "The cell “{label}” holds “{value}”, which may mean {first} or {second}. {todo_en}.",
    ),
    "FORM-SECOND": FindingText(
        E,
        "Có thêm {other_vi} cho cùng một báo cáo; {kept_vi}. Hãy gộp số liệu vào một bảng rồi gửi lại.",
        "There is also {other_en} for the same report; {kept_en}. Put all rows into one table and send it again.",
    ),
    "DATABASE-REJECTED": FindingText(
        E,
        "Cơ sở dữ liệu không nhận số liệu của biểu này (ràng buộc {constraint}), dù các bước kiểm tra không phát "
        "hiện lỗi. Hãy báo cho bộ phận quản trị hệ thống.",
        "The database rejects the rows of this sheet (constraint {constraint}), although validation found no error. "
        "Report this to the administrators of the system.",
    ),
    "REPORT-UNRECOGNISED": FindingText(
        W,
        "“{value}” có vẻ là báo cáo nhưng không nhận ra mẫu biểu nào nên chưa được đọc. Nếu đây là báo cáo, hãy "
        "dùng mẫu biểu và ghi “Biểu số: {example}” phía trên bảng.",
        "“{value}” looks like a report but holds no known form, so it was not read. If it is a report, use the "
        "blank form and write “Biểu số: {example}” above the table.",
    ),
}
