"""Parse every TOML file that git tracks; a syntax error names the file and the line."""

import subprocess
import sys
import tomllib
from pathlib import Path


def main() -> int:
    """Return the number of files that are not valid TOML."""
    listed = subprocess.run(["git", "ls-files", "*.toml"], capture_output=True, text=True, check=True)  # noqa: S607
    faults = 0
    for name in listed.stdout.splitlines():
        try:
            tomllib.loads(Path(name).read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            faults += 1
            print(f"{name}: {error}", file=sys.stderr)
    return faults


if __name__ == "__main__":
    sys.exit(main())
