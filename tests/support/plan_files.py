"""Plan files for tests."""

from pathlib import Path

from plans.reading import DEFAULT_PLAN


def write_raised_plan(file: Path) -> Path:
    """Write the shipped plan with the threshold of T1 raised from 30 to 60; returns the file."""
    original = DEFAULT_PLAN.read_text(encoding="utf-8")
    raised = original.replace("at_least: 30\n", "at_least: 60\n", 1)
    assert raised != original
    file.write_text(raised, encoding="utf-8")
    return file
