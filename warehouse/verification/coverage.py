"""What the verification does not cover, declared with its reason: the documentation shows the same list."""

from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).with_name("not_covered.yaml")


@cache
def not_covered() -> dict[tuple[str, str], str]:
    """The reason for each column that is not covered, by table and column; "*" means the whole table."""
    entries = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {
        (entry["table"], column): entry["reason"]
        for entry in entries
        for column in entry.get("columns", ["*"])
    }
