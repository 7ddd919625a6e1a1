"""What writes to the warehouse ends the sessions of readers that block it."""

import re

import pytest

from tests.support.repository import product_modules, text_of

# Modules that begin transactions of their own: those of an ingest, which is watched as a whole, scratch databases of
# a replay, which have no readers, and modules whose functions are inside `exclusively`.
WATCHED_OUTSIDE = {"services/ingest.py", "services/intake.py", "services/audit_checks.py"}
EDGES = [name for name in product_modules() if name.split("/")[0] in ("cli", "flows", "services")]


@pytest.mark.parametrize("name", EDGES)
def test_commands_end_readers_that_block_them(name: str) -> None:
    text = text_of(name)
    assert "advisory_lock" not in text, "use exclusively"
    if re.search(r"\bengine\.begin\(\)", text) and name not in WATCHED_OUTSIDE:
        assert "exclusively(" in text, "use begin_writing"
