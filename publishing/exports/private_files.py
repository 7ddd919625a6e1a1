"""Files of an export: complete once they have their name, and closed to other accounts of the host."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

FILE_MODE = 0o640  # exports have figures that not every account of the host may read
FOLDER_MODE = 0o750


def make_folder(folder: Path) -> None:
    """Create a folder that other accounts of the host cannot enter; one that exists stays as it is."""
    if not folder.is_dir():
        folder.mkdir(parents=True)
        folder.chmod(FOLDER_MODE)


def write_file(path: Path, write: Callable[[Path], object]) -> Path:
    """Let `write` fill a file beside the path, then move it there; returns the path."""
    make_folder(path.parent)
    part = path.with_name(f"{path.name}.part")
    part.touch(FILE_MODE)
    part.chmod(FILE_MODE)
    write(part)
    part.replace(path)
    return path


def write_text(path: Path, text: str) -> Path:
    """Write a text as UTF-8, with its line ends as they are."""
    return write_file(path, lambda part: part.write_bytes(text.encode()))


def write_json(path: Path, document: Any) -> Path:
    """Write a document as JSON."""
    return write_text(path, json.dumps(document, ensure_ascii=False, indent=1) + "\n")
