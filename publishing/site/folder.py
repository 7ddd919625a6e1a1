"""A published folder: written whole beside the last one; what is as it was stays."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

_MANIFEST = ".manifest.json"


@dataclass
class SiteFolder:
    """Files by name, each with a key that says what it was made from.

    Where the key is that of the last time the file is not made again: a page keeps the chain's head that it
    bears, which was the head when its content last changed.
    """

    out: Path
    making: Path
    old: dict[str, str]
    new: dict[str, str] = field(default_factory=dict)

    def write(self, name: str, key: str, make: Callable[[], bytes]) -> None:
        """Have the file of this name there, made anew where its key is another than before."""
        self.new[name] = key
        if self.old.get(name) == key and (self.out / name).is_file():
            return
        path = self.making / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(make())

    def put(self, name: str, content: bytes) -> None:
        """Have the file of this name and content there."""
        self.write(name, sha256(content).hexdigest(), lambda: content)

    def digest(self) -> str:
        """What the whole site was made from, in hex."""
        return sha256(json.dumps(self.new, sort_keys=True).encode()).hexdigest()

    def finish(self) -> list[str]:
        """Put the new files in place and take away those that are no more; returns what changed, by name."""
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
    """Begin to write into a folder that may be there already."""
    making = out.with_name(f"{out.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    out.mkdir(parents=True, exist_ok=True)
    try:
        old = json.loads((out / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # none yet, or damaged: everything is made again
        old = {}
    return SiteFolder(out, making, old)
