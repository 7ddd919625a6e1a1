"""Words that mean the same in every report, so that no declared label may be one of them (small letters)."""

import unicodedata
from functools import lru_cache

ORDINAL_LABELS = frozenset({"tt", "stt", "s.t.t", "t.t", "số tt", "số thứ tự", "so tt", "no", "#"})
NOTE_LABELS = frozenset({"ghi chú", "ghi chú khác", "chú thích", "ghi chu"})
UNIT_LABELS = frozenset({"đvt", "đơn vị tính", "đv tính", "đ.v.t", "dvt", "don vi tinh"})
BELOW = " – "  # between a label and the one below it
TOTAL_LABELS = frozenset({"tổng cộng", "tổng số", "tổng", "cộng", "total"})
_COLUMNS = {
    "ordinals": ORDINAL_LABELS,
    "notes": NOTE_LABELS,
    "units": UNIT_LABELS,
}


def column_meant(label: str) -> str:
    """Return which column of every report a label names: ordinals, notes or units; "" for none."""
    return next((column for column, labels in _COLUMNS.items() if _folded(label) in labels), "")


@lru_cache(maxsize=4096)
def is_total(label: str) -> bool:
    """Whether a label, or the one above it, is that of a total."""
    return _folded(label.partition(BELOW)[0]) in TOTAL_LABELS


def _folded(label: str) -> str:
    return " ".join(unicodedata.normalize("NFC", label).casefold().split()).rstrip(".: ")
