"""A published folder: new files are written beside it and moved in together; unchanged files stay."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

_MANIFEST = ".manifest.json"


@dataclass
class SiteFolder:
    """Files by name, each with a key that represents what it was made from.

    A file whose key has not changed is not written again: a page keeps the chain's head of the time when its
    content last changed.
    """

    out: Path
    making: Path
    old: dict[str, str]
    new: dict[str, str] = field(default_factory=dict)

    def write(self, name: str, key: str, make: Callable[[], bytes]) -> None:
        """Write the file if its key has changed; `make` returns its content."""
        self.new[name] = key
        if self.old.get(name) == key and (self.out / name).is_file():
            return
        path = self.making / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(make())

    def put(self, name: str, content: bytes) -> None:
        """Write the file if its content has changed."""
        self.write(name, sha256(content).hexdigest(), lambda: content)

    def digest(self) -> str:
        """Return a digest of all keys, in hex."""
        return sha256(json.dumps(self.new, sort_keys=True).encode()).hexdigest()

    def finish(self) -> list[str]:
        """Move the new files into place and delete obsolete ones; return the names of changed files."""
        changed = sorted(
            path.relative_to(self.making).as_posix() for path in self.making.rglob("*") if path.is_file()
        )
        for name in changed:
            target = self.out / name
            target.parent.mkdir(parents=True, exist_ok=True)
            (self.making / name).replace(target)
        for name in set(self.old) - set(self.new):
            (self.out / name).unlink(missing_ok=True)
        manifest = self.making / _MANIFEST
        manifest.write_text(json.dumps(self.new, sort_keys=True), encoding="utf-8")
        manifest.replace(self.out / _MANIFEST)
        shutil.rmtree(self.making)
        return changed


def open_site(out: Path) -> SiteFolder:
    """Prepare to write into a folder, which may exist already."""
    making = out.with_name(f"{out.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    out.mkdir(parents=True, exist_ok=True)
    try:
        old = json.loads((out / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # missing or damaged: write everything again
        old = {}
    return SiteFolder(out, making, old)
