"""Keep of a lock file only the packages that another lock file does not have: what developers add."""

import re
import sys
from pathlib import Path

_PACKAGE = re.compile(r"^\S+==.*?(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


def main(whole: str, runtime: str, out: str) -> None:
    """Write the packages of `whole` that are not in `runtime`, with their hashes, to `out`."""
    known = set(_PACKAGE.findall(Path(runtime).read_text()))
    added = [block for block in _PACKAGE.findall(Path(whole).read_text()) if block not in known]
    Path(out).write_text("".join(added))


if __name__ == "__main__":
    main(*sys.argv[1:])
