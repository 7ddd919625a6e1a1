"""Which columns a table has, in which order and place, under which labels."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from random import Random

from plans.languages.catalog import DEFAULT
from sampledata.heads import text_of
from sampledata.mess import label_words
from sampledata.sheet import Sheet
from sampledata.style import EXTRA_LABELS, OTHER_EXTRA, Style
from schemas.declaration import Dimension, Measure


@dataclass(frozen=True)
class Column:
    """A printed column at the grid column `at`; `source` is the form's column, None for added ones."""

    key: str
    label: str
    group: str = ""
    source: Dimension | Measure | None = None
    at: int = 0


def draw_columns(sheet: Sheet, style: Style, rng: Random) -> list[Column]:
    """The printed columns from left to right; keys "ordinal" and "note" are not the form's."""
    keys = [_column(d, style, rng) for d in sheet.printed.dimensions if d.key != sheet.missing_column]
    measures = [_column(m, style, rng) for m in sheet.printed.measures if m.key != sheet.missing_column]
    blocks = _blocks(measures, keep_groups=style.two_rows)
    if style.order == "mixed":
        blocks += [[key] for key in keys]
        keys = []
    if style.order != "form":
        rng.shuffle(blocks)
    columns = keys + [column for block in blocks for column in block]
    if sheet.doubled_column:
        at = next(i for i, c in enumerate(columns) if c.key == sheet.doubled_column)
        columns.insert(at + 1, columns[at])
    if style.ordinal:
        columns.insert(0, Column("ordinal", _ordinal(sheet, style)))
    extra = style.extra or (EXTRA_LABELS[0] if sheet.note else "")
    if extra:
        columns.append(Column("note", extra if sheet.plan.language == DEFAULT else OTHER_EXTRA))
    gap = bool(style.ordinal) + len(keys) if style.blank_column else len(columns)
    return [replace(c, at=style.left + i + (i >= gap)) for i, c in enumerate(columns)]


def _column(source: Dimension | Measure, style: Style, rng: Random) -> Column:
    group = source.group if isinstance(source, Measure) else ""
    return Column(source.key, label_words(source.label_vi, source.aliases, rng, style.dirt), group, source)


def _ordinal(sheet: Sheet, style: Style) -> str:
    return style.ordinal if sheet.plan.language == DEFAULT else text_of(sheet.plan.language, "ordinal")


def _blocks(columns: Sequence[Column], *, keep_groups: bool) -> list[list[Column]]:
    """What moves as one when columns are reordered: a group under its merged cell, else each by itself."""
    if not keep_groups:
        return [[column] for column in columns]
    blocks: list[list[Column]] = []
    for group, run in groupby(columns, key=lambda c: c.group):
        members = list(run)
        blocks += [members] if group else [[c] for c in members]
    return blocks
