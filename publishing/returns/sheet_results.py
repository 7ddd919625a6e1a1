"""What became of each sheet of a returned file, in words for the clerk."""

from dataclasses import dataclass
from datetime import date

from publishing.i18n import body_text


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

    def text(self, language: str) -> str:
        """The result with what to do."""
        match self.status:
            case "rejected":
                until = body_text(language, "result.until", due=self.due) if self.due else ""
                return body_text(language, "result.rejected", errors=self.errors, until=until)
            case "accepted_with_warnings":
                return body_text(language, "result.warnings", warnings=self.warnings)
            case "duplicate":
                return body_text(language, "result.duplicate")
            case _:
                return body_text(language, "result.accepted")
