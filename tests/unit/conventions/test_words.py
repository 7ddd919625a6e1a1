"""Code, comments and documentation use plain technical English."""

import re

from tests.support.repository import product_modules, text_of, tracked_files

# Words of the project's former dialect. A few uses are plain English ("standalone" is not counted).
DIALECT = re.compile(
    r"\b(told|said|says|reckon\w*|stands?|anew|mend(s|ed|ing)?|held against|hold .{1,30} against)\b",
    re.IGNORECASE,
)
MOST_LINES = 60
# Names that were replaced; a renamed thing keeps one name everywhere.
RENAMED = (
    "told_anew", "instead_of", "level_told", "shown_by", "take_plan", "note_causes", "tell_planner", "in_portions",
    "one_at_a_time", "witnessed_head", "tied_counts", "return_marks", "return_copies_of", "template_looks",
    "hand_out", "why_no_report", "leads_out", "revising_body", "person_target", "area_reader", "target_part",
    "verdict_turned", "period_before", "is_called_correction", "told_period",
)  # fmt: skip


def read_by_people() -> list[str]:
    return [
        n
        for n in tracked_files()
        if (n.endswith((".py", ".md", ".sql", ".j2", ".html")) or n == "Makefile")
        and not n.startswith(("tests/", "CHANGELOG"))
    ]


def test_the_former_dialect_is_gone() -> None:
    lines = [
        f"{name}:{number}: {line.strip()}"
        for name in read_by_people()
        for number, line in enumerate(text_of(name).splitlines(), 1)
        if DIALECT.search(line)
    ]
    assert len(lines) <= MOST_LINES, "\n".join(lines)


def test_renamed_things_have_one_name() -> None:
    pattern = re.compile(rf"\b({'|'.join(RENAMED)})\b")
    used = {
        f"{name}: {found[1]}"
        for name in product_modules()
        if not name.startswith("plans/") and "migrations/versions" not in name
        for found in pattern.finditer(text_of(name))
    }
    assert used == set()
