"""The habits of whoever fills in a sheet: where the table starts, how its header and total row look."""

from dataclasses import dataclass
from random import Random

EXTRA_LABELS = ("Ghi chú", "Diễn giải", "Ghi chú khác")
OTHER_EXTRA = "Notes"  # in other languages, which fall back to English


@dataclass(frozen=True)
class Style:
    """How one sheet looks. `order`: "form", "shuffled" (measures) or "mixed" (keys too)."""

    top: int = 0
    left: int = 0
    ordinal: str = "TT"
    two_rows: bool = True
    number_row: bool = False
    order: str = "form"
    extra: str = ""
    blank_column: bool = False
    blank_rows: float = 0.0
    one_place: bool = False
    total: str = ""
    total_under_ordinal: bool = False
    window_line: bool = True
    title_below: bool = False
    dirt: float = 0.0


def draw_style(rng: Random, mess: float, merges: bool) -> Style:
    """The habits of one sheet; `merges`: whether the file can merge cells."""

    def messy(share: float) -> bool:
        return rng.random() < share * mess

    order = rng.choice(("shuffled", "shuffled", "mixed")) if messy(0.4) else "form"
    return Style(
        top=rng.randint(1, 4) if messy(0.4) else 0,
        left=rng.randint(1, 3) if messy(0.4) else 0,
        ordinal="" if messy(0.15) else rng.choice(("TT", "STT")),
        two_rows=rng.random() < 0.6,
        number_row=rng.random() < 0.4,
        order=order,
        extra=rng.choice(EXTRA_LABELS) if messy(0.35) else "",
        blank_column=messy(0.15),
        blank_rows=0.08 if messy(0.3) else 0.0,
        one_place=merges and messy(0.6),
        total=("top" if messy(0.15) else "bottom") if rng.random() < 0.45 else "",
        total_under_ordinal=merges and messy(0.15),
        window_line=not messy(0.4),
        title_below=messy(0.3),
        dirt=0.0 if rng.random() > 1.4 * mess else mess * rng.random(),
    )
