"""Files are checked, and plan files upgraded, without a database."""

import json
from pathlib import Path

import pytest

from cli.main import main
from plans.reading import DEFAULT_PLAN, read_plan

DRIVE = Path(__file__).parents[2] / "data" / "sample" / "drive"
OLD_PLAN = """\
# a comment that is kept
code: X
"""


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHITIEU_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CHITIEU_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")


def test_validate_gives_the_verdict_on_each_sheet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = DRIVE / "CAT" / "BC 02-2020 01_02.xlsx"
    assert main(["validate", str(file), "--out", str(tmp_path / "checked"), "--json"]) == 0
    out, err = capsys.readouterr()
    result = json.loads(out)
    verdicts = [(s["form_code"], s["period_code"], s["status"]) for s in result["sheets"]]
    assert verdicts == [("01-PCMD", "2020-M02", "accepted"), ("02-PCMD", "2020-M02", "rejected")]
    assert [f["code"] for f in result["sheets"][1]["findings"]] == ["COLUMN-MISSING"]
    assert [Path(name).exists() for name in result["annotated"]] == [True]
    assert "earlier reports were left out" in err


def test_validate_takes_the_body_from_an_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = (DRIVE / "CAT" / "BC 02-2020 01_02.xlsx").read_bytes()
    (tmp_path / "report.xlsx").write_bytes(content)
    assert main(["validate", str(tmp_path / "report.xlsx"), "--body", "CAT"]) == 0
    assert "01-PCMD 2020-M02: accepted" in capsys.readouterr().out
    assert main(["validate", str(tmp_path / "report.xlsx"), "--body", "SYT"]) == 0
    assert "rejected" in capsys.readouterr().out
    assert main(["validate", str(tmp_path / "report.xlsx")]) == 2  # the folder is no body's


def test_plan_upgrade_leaves_a_current_file_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(DEFAULT_PLAN.read_text(encoding="utf-8"), encoding="utf-8")
    before = plan.stat()
    assert main(["plan", "upgrade", str(plan)]) == 0
    assert "unchanged" in capsys.readouterr().out
    assert (plan.stat().st_ino, plan.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_plan_upgrade_rewrites_an_old_file_in_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = DEFAULT_PLAN.read_text(encoding="utf-8")
    old = "# a comment that is kept\n" + text.replace("format: 2", "format: 1").replace(
        "frequency:", "every:"
    )
    for new_key, old_key in (
        ("label_vi:", "vi:"),
        ("label_en:", "en:"),
        ("reported_levels:", "scopes:"),
        ("breakdown_levels:", "shown_by:"),
        ("last_day:", "valid_to:"),
    ):
        old = old.replace(new_key, old_key)
    plan = tmp_path / "plan.yaml"
    plan.write_text(old, encoding="utf-8")
    plan.chmod(0o640)
    assert main(["plan", "upgrade", str(plan), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"file": str(plan), "changed": True}
    assert plan.read_text(encoding="utf-8").startswith("# a comment that is kept\n")
    assert read_plan(plan) == read_plan(DEFAULT_PLAN)
    assert plan.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.glob(".plan*")) == []


def test_plan_upgrade_leaves_an_invalid_file_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(OLD_PLAN, encoding="utf-8")
    assert main(["plan", "upgrade", str(plan)]) == 2
    assert str(plan) in capsys.readouterr().err
    assert plan.read_text(encoding="utf-8") == OLD_PLAN
