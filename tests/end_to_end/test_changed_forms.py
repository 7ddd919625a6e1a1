"""A changed form is followed by init, and by no ordinary start, in processes of their own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

import schemas
from plans.reading import DEFAULT_PLAN
from warehouse.database import connect

ROOT = Path(schemas.__file__).parents[1]
NEW_MEASURE = """
  - key: certificates
    label_vi: "Số giấy chứng nhận"
    unit: person
    type: flow
rules:
"""
Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def chitieu(warehouse_url: str, tmp_path: Path) -> Command:
    """Runs a command with the declarations of the forms below the temporary folder."""
    shutil.copytree(ROOT / "schemas", tmp_path / "code" / "schemas")

    def run(*arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        environment = (
            os.environ
            | settings
            | {
                "CHITIEU_DATABASE_URL": warehouse_url,
                "CHITIEU_HOME": str(tmp_path),
                "PYTHONPATH": f"{tmp_path / 'code'}{os.pathsep}{ROOT}",
            }
        )
        command = [sys.executable, "-P", "-m", "cli.main", *arguments]
        return subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)

    return run


def change_form(folder: Path, old: str, new: str) -> None:
    file = folder / "code/schemas/sets/pcmd/forms/training.yaml"
    content = file.read_text(encoding="utf-8")
    assert old in content
    file.write_text(content.replace(old, new), encoding="utf-8")


def shape(url: str) -> tuple[list[str], list[str]]:
    """The columns and checks of the form's fact table."""
    with connect(url).connect() as connection:
        columns = connection.execute(text("SELECT * FROM dw.fact_training LIMIT 0")).keys()
        checks = connection.execute(
            text(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE conrelid = 'dw.fact_training'::regclass AND contype = 'c'"
            )
        )
        return list(columns), list(checks.scalars())


def test_init_adds_a_measure_and_exchanges_a_check(
    chitieu: Command, warehouse_url: str, tmp_path: Path
) -> None:
    change_form(tmp_path, "\nrules:\n", NEW_MEASURE)
    change_form(tmp_path, "trainees_female <= trainees", "trainees_female <= trainees + 1")
    done = chitieu("init")
    assert done.returncode == 0, done.stderr
    columns, checks = shape(warehouse_url)
    assert "certificates" in columns
    assert any("trainees + 1" in check for check in checks)
    with connect(warehouse_url).connect() as connection:
        shown = list(connection.execute(text("SELECT * FROM mart.training LIMIT 0")).keys())
    assert "certificates" in shown


def test_init_rejects_a_measure_that_disappeared(
    chitieu: Command, warehouse_url: str, tmp_path: Path
) -> None:
    before = shape(warehouse_url)
    change_form(tmp_path, "key: courses", "key: lessons")
    change_form(tmp_path, "courses == 0", "lessons == 0")
    done = chitieu("init")
    assert done.returncode == 1
    assert "no longer declares the column courses" in done.stderr
    assert "Traceback" not in done.stderr
    assert shape(warehouse_url) == before


def test_init_rejects_a_form_set_that_lost_a_form(chitieu: Command, tmp_path: Path) -> None:
    """Its obligations and targets are gone from the plan too; nothing but the form of the past is missing."""
    (tmp_path / "code/schemas/sets/pcmd/forms/border_control.yaml").unlink()
    plan = DEFAULT_PLAN.read_text(encoding="utf-8")
    plan = "".join(line for line in plan.splitlines(keepends=True) if "11-PCMD" not in line)
    (tmp_path / "plan.yaml").write_text(plan, encoding="utf-8")
    done = chitieu("init", CHITIEU_PLAN=str(tmp_path / "plan.yaml"))
    assert done.returncode == 1
    assert "no longer has the form forms/border_control.yaml" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("other_change", [False, True])
def test_a_plan_follows_a_renamed_measure(
    other_change: bool, chitieu: Command, warehouse_url: str, tmp_path: Path
) -> None:
    """Its file is edited with the form; with another change in it, the applied plan follows all the same."""
    form = tmp_path / "code/schemas/sets/pcmd/forms/commune_status.yaml"
    declared = form.read_text(encoding="utf-8").replace("plan_deployed", "plan_in_force")
    form.write_text(
        declared.replace("key: plan_in_force\n", "key: plan_in_force\n    renamed_from: plan_deployed\n"),
        encoding="utf-8",
    )
    (tmp_path / "code/schemas/sets/pcmd/sample.yaml").unlink()
    plan = DEFAULT_PLAN.read_text(encoding="utf-8").replace("plan_deployed", "plan_in_force")
    if other_change:
        plan = plan.replace("at_least: 30", "at_least: 31", 1)
        assert "at_least: 31" in plan
    (tmp_path / "plan.yaml").write_text(plan, encoding="utf-8")
    done = chitieu("init", CHITIEU_PLAN=str(tmp_path / "plan.yaml"))
    assert done.returncode == 0, done.stderr
    assert ("differs from the applied plan" in done.stderr) == other_change
    for command in (["targets"], ["check"], ["audit", "verify"]):
        done = chitieu(*command, CHITIEU_PLAN=str(tmp_path / "plan.yaml"))
        assert done.returncode == 0, (command, done.stderr)
    compared = chitieu("plan", "diff", CHITIEU_PLAN=str(tmp_path / "plan.yaml"))
    assert compared.returncode == other_change, compared.stderr


def test_an_ordinary_start_compares_no_tables(chitieu: Command, warehouse_url: str, tmp_path: Path) -> None:
    assert chitieu("init").returncode == 0
    with connect(warehouse_url).begin() as connection:
        connection.execute(text("ALTER TABLE dw.fact_training ADD COLUMN by_hand int"))
    assert chitieu("status", "--json").returncode == 0  # a comparison would reject the column
