"""A published folder is not readable by every account of the host."""

import os
from pathlib import Path

from publishing.site.folder import open_site


def test_pages_and_folders_are_closed_to_others(tmp_path: Path) -> None:
    former = os.umask(0)
    try:
        site = open_site(tmp_path / "new" / "out")
        site.put("figures/index.html", b"<p>4</p>")
        assert site.finish() == ["figures/index.html"]
    finally:
        os.umask(former)
    modes = {
        path.relative_to(tmp_path).as_posix(): path.stat().st_mode & 0o777
        for path in (tmp_path / "new").rglob("*")
    }
    assert modes == {
        "new/out": 0o750,
        "new/out/figures": 0o750,
        "new/out/figures/index.html": 0o640,
        "new/out/.manifest.json": 0o640,
    }


def test_an_existing_folder_keeps_its_permissions(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    out.chmod(0o755)
    open_site(out).finish()
    assert out.stat().st_mode & 0o777 == 0o755
