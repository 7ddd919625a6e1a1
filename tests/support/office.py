"""An office in a folder: plan files, drives, and the commands that are run on them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from cli.main import main
from plans.reading import DEFAULT_PLAN
from warehouse.database import connect


@dataclass(frozen=True)
class Result:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Office:
    """A folder with plan files and drives, and the commands that are run on it."""

    def __init__(self, folder: Path, url: str, setenv: Callable[[str, str], None], read: Callable[[], Any]):
        self.folder, self.url, self._setenv, self._read = folder, url, setenv, read
        setenv("CHITIEU_HOME", str(folder))
        setenv("CHITIEU_DATABASE_URL", url)

    def plan(self, name: str, *changes: tuple[str, str], source: Path = DEFAULT_PLAN) -> Path:
        """Write a plan file with some words replaced."""
        content = source.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in content, old
            content = content.replace(old, new, 1)
        file = self.folder / f"{name}.yaml"
        file.write_text(content, encoding="utf-8")
        return file

    def put(self, path: str, content: bytes) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def use(self, *plans: Path, now: str) -> None:
        self._setenv("CHITIEU_PLAN", ":".join(map(str, plans)))
        self._setenv("CHITIEU_NOW", f"{now}T08:00:00+07:00")

    def sources(self, drive: str) -> None:
        self._setenv("CHITIEU_SOURCES", (self.folder / drive).as_uri())

    def run(self, line: str) -> Result:
        self._read()
        status = main(line.split())
        printed = self._read()
        return Result(status, printed.out, printed.err)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        engine = connect(self.url)
        with engine.connect() as connection:
            found = [tuple(row) for row in connection.execute(text(query))]
        engine.dispose()
        return found
