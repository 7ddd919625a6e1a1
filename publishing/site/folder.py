"""A published folder: new files are written beside it and moved in together; unchanged files stay."""

import json
import shutil
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

_MANIFEST = ".manifest.json"
_FILE_MODE = 0o640  # pages have figures that not every account of the host may read
_FOLDER_MODE = 0o750
OnFile = Callable[[int, int], None]  # files so far, files in all: at least those of the last publication


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
    coming: dict[str, Future[bytes]] = field(default_factory=dict)
    on_file: OnFile | None = None

    def write(self, name: str, key: str, make: Callable[[], bytes]) -> None:
        """Write the file if its key has changed; `make` returns its content."""
        if self.is_due(name, key):
            self._store(name, make())

    def is_due(self, name: str, key: str) -> bool:
        """Take a file into the folder; return whether its key has changed and it must be written."""
        self.new[name] = key
        if self.on_file:
            self.on_file(len(self.new), max(len(self.new), len(self.old)))
        return self.old.get(name) != key or not (self.out / name).is_file()

    def write_later(self, name: str, content: Future[bytes]) -> None:
        """Write a file that is due when its content, which another process makes, is needed."""
        self.coming[name] = content

    def _store(self, name: str, content: bytes) -> None:
        path = self.making / name
        _make_folder(path.parent)
        path.write_bytes(content)
        path.chmod(_FILE_MODE)

    def put(self, name: str, content: bytes) -> None:
        """Write the file if its content has changed."""
        self.write(name, sha256(content).hexdigest(), lambda: content)

    def note(self, what: str, state: str) -> None:
        """Note a state that the files were made in; not the name of a file."""
        self.new[what] = state

    def keep(self, names: Iterable[str]) -> None:
        """Keep files as they are."""
        self.new |= {name: self.old[name] for name in names}

    def digest(self) -> str:
        """Return a digest of all keys, in hex."""
        return sha256(json.dumps(self.new, sort_keys=True).encode()).hexdigest()

    def finish(self) -> list[str]:
        """Move the new files into place and delete obsolete ones; return the names of changed files.

        Raises what making a file in another process raises.
        """
        for name, content in self.coming.items():
            self._store(name, content.result())
        changed = sorted(
            path.relative_to(self.making).as_posix() for path in self.making.rglob("*") if path.is_file()
        )
        for name in changed:
            target = self.out / name
            _make_folder(target.parent)
            (self.making / name).replace(target)
        _remove(self.out, set(self.old) - set(self.new))
        manifest = self.making / _MANIFEST
        manifest.write_text(json.dumps(self.new, sort_keys=True), encoding="utf-8")
        manifest.chmod(_FILE_MODE)
        manifest.replace(self.out / _MANIFEST)
        shutil.rmtree(self.making)
        return changed


def open_site(out: Path, on_file: OnFile | None = None) -> SiteFolder:
    """Prepare to write into a folder, which may exist already; `on_file` is called for each file."""
    making = out.with_name(f"{out.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    _make_folder(making)
    _make_folder(out)
    return SiteFolder(out, making, read_manifest(out), on_file=on_file)


def read_manifest(out: Path) -> dict[str, str]:
    """Return the key of each file of a published folder by name, and the noted states."""
    try:
        manifest: dict[str, str] = json.loads((out / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # missing or damaged: write everything again
        return {}
    return manifest


def remove_other_sites(out: Path, kept: Collection[str]) -> list[str]:
    """Remove the sites in subfolders of a published folder but those kept; returns the names of the removed.

    Files that no publication wrote stay.
    """
    removed = sorted(file.parent.name for file in out.glob(f"*/{_MANIFEST}") if file.parent.name not in kept)
    for name in removed:
        _remove(out / name, read_manifest(out / name))
        _remove(out, [f"{name}/{_MANIFEST}"])
    return removed


def _remove(folder: Path, names: Iterable[str]) -> None:
    """Remove files in a folder, and the subfolders that are empty then."""
    for name in names:
        file = folder / name
        file.unlink(missing_ok=True)
        for parent in file.relative_to(folder).parents:
            if parent == Path() or not (folder / parent).is_dir() or any((folder / parent).iterdir()):
                break
            (folder / parent).rmdir()


def _make_folder(folder: Path) -> None:
    """Create a folder with the missing ones above it; an existing one keeps its permissions."""
    for missing in reversed([part for part in (folder, *folder.parents) if not part.exists()]):
        missing.mkdir(exist_ok=True)
        missing.chmod(_FOLDER_MODE)
