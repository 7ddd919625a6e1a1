"""Print results on stdout: JSON, tables for a terminal, plain lines where the output is piped."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from cli import texts
from services.progress import Progress

# Columns whose values are words of a fixed list.
_WORDS = ("status", "verdict", "severity", "state", "unit")
_WIDE = 240  # columns of a table that is piped
_COLOURS = {
    **dict.fromkeys(("met", "accepted", "on_time", "on_track"), "green"),
    **dict.fromkeys(("behind", "late", "accepted_with_warnings", "warning"), "yellow"),
    **dict.fromkeys(("missed", "not_met", "rejected", "missing", "error"), "red"),
    **dict.fromkeys(("no_data", "not_due", "waived", "undecided", "duplicate", "ignored"), "dim"),
}


def print_json(result: Any) -> None:
    """Print a result for programs."""
    print(json.dumps(result, ensure_ascii=False, default=_json_value))


def _json_value(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{type(value)} has no JSON form")


def print_table(
    columns: Sequence[tuple[str, str]], rows: Sequence[Mapping[str, Any]], zone: tzinfo, title: str = ""
) -> None:
    """Print rows; `columns` are pairs of the row's key and the heading, `zone` is that of moments."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console() if sys.stdout.isatty() else Console(width=_WIDE, color_system=None)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for key, heading in columns:
        is_numeric = any(isinstance(row.get(key), int | float | Decimal) for row in rows)
        table.add_column(
            texts.translated(heading), justify="right" if is_numeric else "left", overflow="fold"
        )
    for row in rows:
        # Text, not markup: values come from files and must not be read as control sequences.
        cells = [Text(_cell(row, key, zone), _COLOURS.get(str(row.get(key)), "")) for key, _ in columns]
        table.add_row(*cells)
    if title:
        print(title)
    with console.capture() as drawn:
        console.print(table)
    print("\n".join(line.rstrip() for line in drawn.get().splitlines()).rstrip())


def _cell(row: Mapping[str, Any], key: str, zone: tzinfo) -> str:
    """Return a cell: a text of the reader's language where the column has one in each, else the value."""
    if f"{key}_en" in row:
        return shown(texts.in_language(row, key), zone)
    value = row.get(key)
    return texts.translated(str(value)) if key in _WORDS and value is not None else shown(value, zone)


def words(status: str) -> str:
    """Return a status in words."""
    text = texts.translated(status)
    return text if text != status else status.replace("_", " ")


def shown(value: object, zone: tzinfo | None = None) -> str:
    """Return a value for people, with figures and dates of their language and no control characters."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return texts.say("yes" if value else "no")
    if isinstance(value, datetime):
        return texts.moment(value, zone)
    if isinstance(value, date):
        return texts.day(value)
    if isinstance(value, int | float | Decimal):
        return texts.number(float(value))
    return "".join(c if c.isprintable() else " " for c in str(value))


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Show a bar on stderr during long work; nothing where stderr is not a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bar = Bar(*columns, console=console, transient=True, disable=not console.is_terminal)
    tasks: dict[str, Any] = {}

    def progress(step: str, done: int, total: int) -> None:
        if step not in tasks:
            tasks[step] = bar.add_task(step, total=total)
        bar.update(tasks[step], completed=done, total=total)

    with bar:
        yield progress
