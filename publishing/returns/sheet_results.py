"""What became of each sheet of a returned file, in words for the clerk."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class SheetResult:
    """A submission of a returned file; `sheet_name` is empty for a text table, `due` the report's due day."""

    sheet_name: str
    form_code: str
    period_name: str
    status: str
    errors: int
    warnings: int
    due: date | None

    @property
    def is_rejected(self) -> bool:
        """Whether the sheet has to be sent again."""
        return self.status == "rejected"

    @property
    def text(self) -> str:
        """The result with what to do."""
        match self.status:
            case "rejected":
                until = f"; hạn nộp {self.due:%d/%m/%Y}, quá hạn thì nộp ngay" if self.due else ""
                return f"Không được nhận ({self.errors} lỗi): sửa rồi nộp lại{until}"
            case "accepted_with_warnings":
                return f"Đã nhận, có {self.warnings} cảnh báo: xem lại, nếu sai thì sửa rồi nộp lại"
            case "duplicate":
                return "Trùng với báo cáo đã nhận: không phải nộp lại"
            case _:
                return "Đã nhận: không phải nộp lại"
