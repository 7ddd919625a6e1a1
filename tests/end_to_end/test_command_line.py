"""The command as its users run it: what it prints, how it pipes, how it fails."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.support.paths import DATA, ROOT, SAMPLE

COMMANDS = ("init", "ingest", "materialize", "targets", "status", "waive", "report", "database-url", "demo")


class Chitieu:
    def __init__(self, home: Path, url: str) -> None:
        self.environment = {
            **os.environ,
            "CHITIEU_HOME": str(home),
            "CHITIEU_DATABASE_URL": url,
            "CHITIEU_NOW": "2020-04-20T08:00:00+07:00",
        }
        self.folder = home.parent

    def __call__(self, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "cli.main", *arguments],
            env=self.environment | settings,
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )

    def json(self, *arguments: str) -> Any:
        done = self(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def chitieu(warehouse_url: str, tmp_path: Path) -> Chitieu:
    return Chitieu(tmp_path / "home", warehouse_url)


@pytest.mark.long
def test_from_an_empty_database_to_the_target_table(database_url: str, tmp_path: Path) -> None:
    chitieu = Chitieu(tmp_path / "home", database_url)
    drive = tmp_path / "drive"
    shutil.copytree(SAMPLE / "drive", drive)
    ready = chitieu.json("init")
    assert (ready["plan"], ready["bodies"], ready["areas"], ready["targets"]) == ("DN-2020", 198, 182, 8)
    assert chitieu.json("init") == ready

    done = chitieu.json("ingest", f"file://{drive}")
    assert done.pop("seconds") > 0
    assert done.pop("plans") == ["DN-2020"]
    assert len(done.pop("loads")) == 1
    assert [(state["listed"], state["files"]) for state in done.pop("drives")] == [(True, 38)]
    assert all(file["reason"] for file in done.pop("skipped"))
    assert done == {
        "files": 38,
        "submissions": {
            "accepted": 42, "accepted_with_warnings": 0, "rejected": 15, "duplicate": 0, "ignored": 0
        },
        "rows_loaded": 372,
        "unchanged": 0,
        "indicators_changed": done["indicators_changed"],
        "problems": [],
    }  # fmt: skip
    again = chitieu("ingest", CHITIEU_SOURCES=f"file://{drive}")
    assert again.returncode == 0
    assert again.stdout.startswith("0 new files (38 unchanged): nothing new; 0 rows loaded")
    assert chitieu.json("materialize", "2020-Q1") == {"periods": ["2020-Q1"], "indicators_changed": 0}

    rows = {row["target_code"]: row for row in chitieu.json("targets", "--period", "2020-Q1")}
    assert list(rows) == ["T1", "T2", "T3", "T4", "T5", "T6", "T7"]
    assert (rows["T1"]["value"], rows["T1"]["status"], rows["T1"]["is_final"]) == (16, "on_track", True)
    assert (rows["T6"]["numerator"], rows["T6"]["denominator"]) == (13, 170)
    assert (
        chitieu.json("targets", "--period", "2020-Q1", "--area", "731")[0]["area_name"]
        == "Thành phố Biên Hòa"
    )
    table = chitieu("targets").stdout
    assert "Tỉnh Đồng Nai, 2020-Q1 (to 14/03/2020)" in table
    assert "73.9" in table
    vietnamese = chitieu("targets", CHITIEU_LANG="vi").stdout
    assert "73,9" in vietnamese
    assert "(đến 14/03/2020)" in vietnamese
    assert "Kết luận" in vietnamese

    status = chitieu.json("status", "--period", "2020-M01")
    assert status["received"] <= status["owed"] == 26
    assert {row["status"] for row in status["reports"]} <= {"on_time", "late", "missing", "rejected"}
    assert "reports are in" in chitieu("status").stdout

    traced = json.loads(chitieu("trace", "T1", "--period", "2020-M01", "--json").stdout)
    source = traced["cells"][0]
    actual = chitieu("moved", str(source["submission_id"]), source["cell"].lower(), "--json")
    figures = json.loads(actual.stdout)["figures"]
    assert {
        "target_code": "T1",
        "area_code": "75",
        "period_code": "2020-M01",
        "part": source["part"],
    } in figures
    assert "T1" in chitieu("moved", str(source["submission_id"]), source["cell"]).stdout
    assert "No figure draws on A1" in chitieu("moved", str(source["submission_id"]), "A1").stdout
    assert chitieu("moved", "999999", "A1").returncode == 1
    assert "is no cell" in chitieu("moved", str(source["submission_id"]), "11D").stderr

    refused = next(row for row in status["reports"] if row["status"] == "rejected")
    report = chitieu.json("report", str(refused["submission_id"]))
    assert report["status"] == "rejected"
    assert {"code", "cell", "message_vi", "message_en"} <= set(report["findings"][0])
    assert report["findings"][0]["code"] in chitieu("report", str(refused["submission_id"])).stdout

    freed = chitieu("waive", "UBND-734", "02-PCMD", "2020-M01", "--reason", "Chưa thành lập")
    assert freed.returncode == 0
    actual = chitieu.json("status", "--period", "2020-M01")["reports"]
    assert [r["status"] for r in actual if (r["body_code"], r["form_code"]) == ("UBND-734", "02-PCMD")] == [
        "waived"
    ]
    assert chitieu("waive", "SYT", "01-PCMD", "2020-M01", "--why", "x").returncode == 1


def test_the_embedded_database_is_there_when_none_is_named(tmp_path: Path) -> None:
    from warehouse.embedded.server import stop_embedded

    home = tmp_path / "home"
    chitieu = Chitieu(home, "")
    try:
        url = chitieu("database-url").stdout.strip()
        assert url.startswith("postgresql+psycopg://")
        assert "Run chitieu init." in chitieu("targets").stderr
        (home / "empty").mkdir()
        assert chitieu("ingest", f"file://{home / 'empty'}").returncode == 0  # prepares what holds no plan
        assert chitieu("targets").stdout.startswith("There are no figures yet")
        assert chitieu("database-url").stdout.strip() == url
    finally:
        stop_embedded(home)


@pytest.mark.parametrize(
    ("settings", "arguments", "status", "expected"),
    [
        ({"CHITIEU_NOW": "gestern"}, ["targets"], 2, "CHITIEU_NOW must be an ISO timestamp"),
        ({"CHITIEU_DATABASE_URL": "mysql://x"}, ["init"], 2, "CHITIEU_DATABASE_URL must be a PostgreSQL URL"),
        ({"CHITIEU_DATABASE_URL": "postgresql://u:geheim@127.0.0.1:1/x"}, ["init"], 1, "cannot be reached"),
        ({"CHITIEU_PLAN": "no-such-plan.yaml"}, ["init"], 2, "no-such-plan.yaml cannot be read"),
        ({}, ["ingest"], 2, "No drive is named"),
        ({"CHITIEU_DASK": "2"}, ["ingest", "/no/such/drive"], 2, "PREFECT_API_URL names no server"),
        ({"CHITIEU_DASK": "tcp://127.0.0.1:9"}, ["ingest", "/x"], 2, "PREFECT_API_URL names no server"),
        ({}, ["ingest", "/no/such/drive"], 1, "The drive /no/such/drive cannot be read"),
        ({}, ["ingest", "nosuch://host/x"], 1, "nosuch"),
        ({}, ["targets", "--period", "2020-M13"], 2, "'2020-M13' is no period"),
        ({}, ["targets", "--area", "99"], 2, "no area 99"),
        ({}, ["report", "7"], 1, "There is no submission 7"),
        ({}, ["report", "seven"], 2, "should be a valid integer"),
        ({}, ["fly"], 2, "No such command 'fly'"),
    ],
)
def test_errors_are_reported_in_one_sentence(
    settings: dict[str, str], arguments: list[str], status: int, expected: str, chitieu: Chitieu
) -> None:
    done = chitieu(*arguments, **settings)
    assert done.returncode == status
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert "geheim" not in done.stderr
    assert done.stdout == ""


def test_a_plan_that_contradicts_itself_is_refused(chitieu: Chitieu, tmp_path: Path) -> None:
    good = (DATA / "plan_second.yaml").read_text(encoding="utf-8")
    for wrong, right, expected in (
        ("sum(hotspots.nothing", "last(hotspots.closing", "hotspots.nothing is no measure"),
        ("bodies: [XYZ]", "bodies: [CA]", "unknown body XYZ"),
        ("form: 99-PCMD", "form: 12-PCMD", "unknown form 99-PCMD"),
    ):
        plan = tmp_path / "plan.yaml"
        plan.write_text(good.replace(right, wrong), encoding="utf-8")
        done = chitieu("init", CHITIEU_PLAN=str(plan))
        assert (done.returncode, expected in done.stderr) == (2, True), done.stderr


def test_every_command_explains_itself() -> None:
    for command in COMMANDS:
        done = subprocess.run(
            [sys.executable, "-m", "cli.main", command, "--help"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert "--json" in done.stdout


def test_a_reader_that_has_seen_enough_is_no_error(chitieu: Chitieu) -> None:
    shell = f"{sys.executable} -m cli.main status | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", shell],
        env=chitieu.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert "Broken pipe" not in done.stderr


@pytest.mark.long
def test_leftovers_of_killed_runs_are_removed_and_reported(chitieu: Chitieu, tmp_path: Path) -> None:
    folder = tmp_path / "home" / "archive" / "ab"
    folder.mkdir(parents=True)
    (folder / ".tmp-unfinished").write_bytes(b"half")
    done = chitieu("audit", "verify", "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["sound"], result["leftovers_removed"]) == (True, 1)
    assert "Removed 1 unfinished files" in done.stderr
    assert list(folder.iterdir()) == []
    assert chitieu.json("audit", "verify")["leftovers_removed"] == 0


def test_stop_ends_the_embedded_server(tmp_path: Path) -> None:
    from warehouse.embedded.server import stop_embedded

    home = tmp_path / "home"
    chitieu = Chitieu(home, "")
    try:
        url = chitieu("database-url").stdout.strip().replace("+psycopg", "")
        psycopg.connect(url).close()
        assert chitieu.json("stop") == {"home": str(home), "running": False}
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url)
        assert chitieu("stop").returncode == 0  # nothing to do
    finally:
        stop_embedded(home)
