"""Check the subject of a commit message: at most 72 characters, no full stop, a blank line after it."""

import sys
from pathlib import Path

LONGEST = 72


def faults(message: str) -> list[str]:
    """Return what is wrong with a commit message; comment lines do not count."""
    lines = [line for line in message.splitlines() if not line.startswith("#")]
    subject = lines[0] if lines else ""
    found = []
    if not subject.strip():
        found.append("The subject is empty.")
    if len(subject) > LONGEST:
        found.append(f"The subject has {len(subject)} characters; at most {LONGEST} are allowed.")
    if subject.endswith("."):
        found.append("The subject ends with a full stop.")
    if len(lines) > 1 and lines[1].strip():
        found.append("The line after the subject is not blank.")
    return found


if __name__ == "__main__":
    found = faults(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print("\n".join(found), file=sys.stderr)
    sys.exit(bool(found))
