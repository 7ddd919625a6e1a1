"""After each kind of form change, old sheets are read again from the archive, withdrawn and verified."""

import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.ingest import IngestContext, ingest
from tests.support.pipeline import NOW, work
from tests.support.reports import PLAN, default_rows, workbook

ROOT = Path(__file__).parents[2]
FORM = "schemas/sets/pcmd/forms/training.yaml"
CERTIFICATES = """
  - key: certificates
    label_vi: "Số giấy chứng nhận"
    unit: person
    type: flow
{}rules:
"""
FEMALE = '    aliases: ["Nữ"]\n    unit: person\n    type: flow\n'
RENAMED = [("key: courses\n", "key: lessons\n    renamed_from: courses\n"), ("courses == 0", "lessons == 0")]
# The change of the form's file, and whether its old sheets are valid afterwards.
CHANGES: dict[str, tuple[list[tuple[str, str]], bool]] = {
    "a measure for all sheets": ([("\nrules:\n", CERTIFICATES.format(""))], False),
    "a measure for later sheets": (
        [("\nrules:\n", CERTIFICATES.format("    introduced_on: 2020-06-15\n"))],
        True,
    ),
    "a retired measure": ([(FEMALE, f"{FEMALE}    retired_on: 2020-01-01\n")], True),
    "a renamed measure": (RENAMED, True),
    "a stricter rule": ([("trainees_female <= trainees", "trainees_female < trainees")], False),
}
# Runs commands in one process: most of the time of a command is its start.
PROGRAM = """
import json, sys
from cli.main import main
print(json.dumps([main(arguments) for arguments in json.loads(sys.argv[1])]))
"""


def report(trainees: int, **columns: object) -> bytes:
    rows = default_rows("07-PCMD")
    rows[0] |= {"courses": 2, "trainees": trainees, "trainees_female": trainees, **columns}
    return workbook("07-PCMD", "SLDTBXH", "6 tháng đầu năm 2020", rows)


def run_all(url: str, folder: Path, *commands: str) -> tuple[list[int], list[Any]]:
    """Run commands under the changed declarations; returns their exit codes and results."""
    environment = os.environ | {
        "CHITIEU_DATABASE_URL": url,
        "CHITIEU_HOME": str(folder),
        "CHITIEU_NOW": (NOW + timedelta(days=5)).isoformat(),
        "PYTHONPATH": f"{folder / 'code'}{os.pathsep}{ROOT}",
    }
    arguments = json.dumps([[*command.split(), "--json"] for command in commands])
    done = subprocess.run(
        [sys.executable, "-P", "-c", PROGRAM, arguments],
        env=environment, cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    decoder, results, rest = json.JSONDecoder(), [], done.stdout.strip()
    while rest:
        result, end = decoder.raw_decode(rest)
        results.append(result)
        rest = rest[end:].lstrip()
    return results[-1], results[:-1]


@pytest.mark.long
@pytest.mark.parametrize("change", CHANGES)
def test_old_sheets_after_a_change_of_their_form(change: str, warehouse_url: str, tmp_path: Path) -> None:
    drive = tmp_path / "drive" / "SLDTBXH"
    drive.mkdir(parents=True)
    context = work(warehouse_url, tmp_path)
    for days, trainees in enumerate((30, 40)):
        (drive / f"{trainees}.xlsx").write_bytes(report(trainees))
        then = IngestContext(context.engine, PLAN, NOW + timedelta(days=days), context.archive)
        assert ingest(then, [str(tmp_path / "drive")]).submissions == {"accepted": 1}
    shutil.copytree(ROOT / "schemas", tmp_path / "code" / "schemas")
    file = tmp_path / "code" / FORM
    replacements, stays_valid = CHANGES[change]
    for old, new in replacements:
        content = file.read_text(encoding="utf-8")
        assert old in content
        file.write_text(content.replace(old, new), encoding="utf-8")

    codes, (_, again, withdrawn, verified) = run_all(
        warehouse_url,
        tmp_path,
        "init",
        "backfill --from 2020-H1 --to 2020-H1",
        "withdraw 2 --reason wrong",
        "audit verify",
    )
    assert codes == [0, 0, 0, 0]
    assert (again["files"], again["reports"]) == (2, [])  # the rows in force stay as they are
    kept = "SLDTBXH 07-PCMD 2020-H1: no archived file is valid now; the rows in force are kept."
    assert again["problems"] == ([] if stays_valid else [kept])
    assert withdrawn["restored"] == 1
    assert verified["wrong"] == []
