"""A sheet before it is laid out: what the body means, what it prints, and the one fault put into it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from plans.model import Body, Plan
from plans.reporting_calendar import Period
from sampledata.drawn_figures import Row
from schemas.declaration import Form
from schemas.printed_form import printed_form, printed_key

Entry = dict[str, Any]


class Exactly(NamedTuple):
    """A cell value to print unchanged, without mess."""

    value: str | int | float


class Mark(NamedTuple):
    """Where a fault sits: a row of the table by number, or "total", "note", "loose"; and the column's key."""

    row: int | str
    column: str = ""


@dataclass(eq=False)
class Sheet:
    """One form of one body and period. `rows` are the intended figures, `shown` what is printed.

    `words` replaces parts of the head: "form", "body", "period", "window"; an empty text leaves the line out.
    `corrected_later`: an accepted sheet that a later file revises.
    `mark` is the cell of the fault `code`, None where it is in no single cell.
    """

    plan: Plan
    body: Body
    form: Form
    period: Period
    rows: list[Row]
    revision: int = 0
    corrected_later: bool = False
    shown: list[dict[str, Any]] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)
    missing_column: str = ""
    doubled_column: str = ""
    wrong_total: str = ""
    note: tuple[int, str] | None = None
    loose: str = ""
    notes_sheet: str = ""
    code: str | None = None
    mark: Mark | None = None

    def __post_init__(self) -> None:
        self.shown = printed_rows(self.form, self.rows)

    @property
    def printed(self) -> Form:
        """The form as printed, whose columns `shown` has."""
        return printed_form(self.form)


def printed_rows(form: Form, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return rows as the form prints them: those that differ in spread dimensions alone become one."""
    if not form.across:
        return [dict(row) for row in rows]
    keys = [dimension.key for dimension in printed_form(form).dimensions]
    printed: dict[tuple[object, ...], dict[str, Any]] = {}
    for row in rows:
        named = {key: row[key] for key in keys}
        codes = [row[dimension.key] for dimension in form.across]
        figures = {printed_key(measure.key, codes): row[measure.key] for measure in form.measures}
        printed.setdefault(tuple(named.values()), named).update(figures)
    return list(printed.values())


def entry_of(sheet: Sheet, path: str, name: str | None, cell: str | None) -> Entry:
    """The line of the truth about a sheet in the file `path` (below the drive's root)."""
    entry: Entry = {
        "path": path,
        "sheet": name,
        "body": sheet.body.code,
        "form": sheet.form.code,
        "period": sheet.period.code,
        "expect": "rejected" if sheet.code else "accepted",
        "code": sheet.code,
        "cell": cell,
        "rows": sheet.rows,
    }
    return entry | ({"revision": sheet.revision} if sheet.revision else {})
