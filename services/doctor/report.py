"""The report of an examination: one line per thing examined."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict

State = Literal["ok", "warning", "fault"]


@dataclass(frozen=True)
class Line:
    """One thing examined: its topic, its state, what was found, and what to do about it (empty if ok)."""

    topic: str
    state: State
    message: str
    remedy: str = ""


class LineSummary(TypedDict):
    """A line for programs."""

    topic: str
    state: State
    message: str
    remedy: str


class Report(TypedDict):
    """All lines for programs; `ok` is False if one is a fault."""

    ok: bool
    lines: list[LineSummary]


def as_json(lines: Sequence[Line]) -> Report:
    """Return the lines for programs."""
    return {
        "ok": not has_fault(lines),
        "lines": [
            {"topic": line.topic, "state": line.state, "message": line.message, "remedy": line.remedy}
            for line in lines
        ],
    }


def has_fault(lines: Sequence[Line]) -> bool:
    """Return whether one of the lines is a fault."""
    return any(line.state == "fault" for line in lines)
