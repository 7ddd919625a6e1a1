"""Results on a terminal: tables that are pleasant to read, plain lines where the output is piped."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from services.progress import Progress as ProgressFunction
from warehouse.queries import Row

_WIDE = 240  # columns of a table that nobody looks at on a terminal
_COLOURS = {
    **dict.fromkeys(("met", "accepted", "on_time", "on_track"), "green"),
    **dict.fromkeys(("behind", "late", "accepted_with_warnings", "warning"), "yellow"),
    **dict.fromkeys(("missed", "not_met", "rejected", "missing", "error"), "red"),
    **dict.fromkeys(("no_data", "not_due", "waived", "undecided", "duplicate", "ignored"), "dim"),
}


def say(words: str) -> None:
    """Tell on stderr what is being done."""
    print(words, file=sys.stderr, flush=True)


def print_json(result: Any) -> None:
    """Print a result on stdout for machines."""
    print(json.dumps(result, ensure_ascii=False, default=_plain))


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{type(value)} has no place in JSON")


def print_table(
    columns: Sequence[tuple[str, str]], rows: Sequence[Row], zone: tzinfo, title: str = ""
) -> None:
    """Print rows on stdout; `columns` are pairs of the row's key and the heading, `zone` that of moments."""
    console = Console() if sys.stdout.isatty() else Console(width=_WIDE, color_system=None)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for key, heading in columns:
        figures = any(isinstance(row.get(key), int | float | Decimal) for row in rows)
        table.add_column(heading, justify="right" if figures else "left", overflow="fold")
    for row in rows:
        # Text, not markup: what comes from files must not be taken for instructions to the terminal.
        table.add_row(
            *(Text(shown(row.get(key), zone), _COLOURS.get(str(row.get(key)), "")) for key, _ in columns)
        )
    if title:
        print(title)
    with console.capture() as drawn:
        console.print(table)
    print("\n".join(line.rstrip() for line in drawn.get().splitlines()).rstrip())


def shown(value: object, zone: tzinfo | None = None) -> str:
    """A value as people read it: figures the Vietnamese way, days before months, control characters gone."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, int | float | Decimal):
        text = f"{round(float(value), 1):,.1f}".removesuffix(".0")
        return text.translate(str.maketrans(",.", ".,"))
    return "".join(c if c.isprintable() else " " for c in str(value))


@contextmanager
def progress_bar() -> Iterator[ProgressFunction]:
    """A bar on stderr for long work; nothing where nobody looks."""
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=console, transient=True, disable=not console.is_terminal,
    )  # fmt: skip
    tasks: dict[str, Any] = {}

    def progress(what: str, done: int, of: int) -> None:
        if what not in tasks:
            tasks[what] = bar.add_task(what, total=of)
        bar.update(tasks[what], completed=done, total=of)

    with bar:
        yield progress
