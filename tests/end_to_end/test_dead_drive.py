"""A drive that cannot be listed does not stop the others."""

import json
import os
import shutil
from pathlib import Path

import pytest
from sqlalchemy import RowMapping, text

from cli.main import main
from drives.listing import DriveError
from services.ingest import ingest
from tests.support.paths import SAMPLE
from tests.support.pipeline import work
from warehouse.database import connect

DEAD = "sftp://user:geheim@127.0.0.1:9/nowhere"


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    shutil.copytree(SAMPLE / "drive", tmp_path / "drive")
    return tmp_path / "drive"


def freshness(url: str) -> list[RowMapping]:
    with connect(url).connect() as connection:
        rows = connection.execute(text("SELECT * FROM mart.drive_freshness ORDER BY is_listed, listed_at"))
        return list(rows.mappings())


def test_the_other_drives_are_ingested_and_the_exit_code_is_1(
    warehouse_url: str,
    tmp_path: Path,
    drive: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CHITIEU_DATABASE_URL", warehouse_url)
    monkeypatch.setenv("CHITIEU_HOME", str(tmp_path / "home"))
    (drive / "UBND-731" / "~$open.xlsx").write_bytes(b"lock of an office program")
    assert main(["-v", "ingest", DEAD, str(drive), "--json"]) == 1
    out, err = capsys.readouterr()
    result = json.loads(out)
    assert (result["files"], result["rows_loaded"]) == (38, 372)
    assert [state["listed"] for state in result["drives"]] == [False, True]
    assert result["drives"][0]["drive"] == "sftp://127.0.0.1:9/nowhere"
    assert result["drives"][1]["files"] == 38
    assert len(result["problems"]) == 1
    assert "sftp://127.0.0.1:9/nowhere cannot be read" in result["problems"][0]
    assert result["problems"][0] in err
    lock = next(file for file in result["skipped"] if file["path"] == "UBND-731/~$open.xlsx")
    assert lock["reason"]
    assert f"/UBND-731/~$open.xlsx: {lock['reason']}" in err
    assert "geheim" not in out + err

    dead, living = freshness(warehouse_url)
    assert dead["drive"] == "sftp://127.0.0.1:9/nowhere"
    assert (dead["is_listed"], dead["listed_at"], dead["files"]) == (False, None, None)
    assert (living["is_listed"], living["files"]) == (True, 38)
    assert living["newest_file_at"].isoformat() == result["drives"][1]["newest"]

    assert main(["ingest", str(drive)]) == 0
    out, err = capsys.readouterr()
    assert freshness(warehouse_url)[1]["listed_at"] > living["listed_at"]
    assert f"{len(result['skipped'])} skipped" in out
    assert "~$open" not in out + err


def test_where_no_drive_can_be_listed_the_ingest_fails(warehouse_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "missing"
    context = work(warehouse_url, tmp_path)
    folder.mkdir()
    ingest(context, [os.fspath(folder)])
    folder.rmdir()
    with pytest.raises(DriveError) as failure:
        ingest(context, [DEAD, os.fspath(folder)])
    gone = freshness(warehouse_url)[0]
    assert (gone["is_listed"], gone["files"]) == (False, 0)
    assert gone["attempted_at"] > gone["listed_at"]  # what was known last is kept
    assert failure.value.retryable
    assert "127.0.0.1:9/nowhere" in str(failure.value)
    assert "missing" in str(failure.value)
    assert "geheim" not in str(failure.value)
