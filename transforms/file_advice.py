"""What a file that cannot be read is, and what its sender can do: the texts `file.*` of the languages."""

import re

from plans.languages.catalog import DEFAULT, texts
from schemas.findings import Words

# The kinds of such files, which `UnreadableFile` names.
ADVICE = tuple(key[5:-7] for key in texts(DEFAULT, "findings") if re.fullmatch(r"file\..*\.reason", key))


def advice_of(detail: str) -> dict[str, Words]:
    """Return the details of a finding for that of an `UnreadableFile`: the reason, and what to do instead."""
    known = detail if detail in ADVICE else "damaged"
    return {part: Words(f"file.{known}.{part}") for part in ("reason", "todo")}
