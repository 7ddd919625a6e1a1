"""Plans are applied on purpose: `plan diff` and `plan apply`, and what the other commands do before."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from cli.main import main
from plans.reading import DEFAULT_PLAN
from tests.support.paths import DATA
from tests.support.plan_files import write_raised_plan
from warehouse.database import connect

WRITING = (
    "materialize",
    "close 2020-Q1",
    "backfill --from 2020-M01 --to 2020-M02 --plan",
    "waive UBND-734 02-PCMD 2020-M01 --reason x",
    "ingest /no/such/drive",
)
READING = (
    "status --period 2020-Q1",
    "report 1",
    "trace T1 --period 2020-Q1",
    "finding list",
    "dictionary",
    "audit verify",
    "moved 1 D11",
)


@dataclass(frozen=True)
class Result:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process, on the database and at the moment of the environment."""
    monkeypatch.setenv("CHITIEU_HOME", str(tmp_path))
    monkeypatch.setenv("CHITIEU_PLAN", str(tmp_path / "plan.yaml"))
    monkeypatch.setenv("CHITIEU_NOW", "2026-03-02T08:00:00+07:00")
    (tmp_path / "plan.yaml").write_text(DEFAULT_PLAN.read_text(encoding="utf-8"), encoding="utf-8")

    def command(line: str) -> Result:
        capsys.readouterr()
        status = main(line.split())
        printed = capsys.readouterr()
        return Result(status, printed.out, printed.err)

    return command


def contents(engine: Engine) -> dict[str, str]:
    """A digest of the rows of each table."""
    with engine.connect() as connection:
        tables = connection.execute(
            text(
                "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname ~ '^(dw|mart|audit)$'"
            )
        ).scalars()
        digest = (
            "SELECT count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {} t"
        )
        return {table: connection.scalar(text(digest.format(table))) for table in list(tables)}


def threshold(run: Run) -> tuple[Any, str]:
    """The threshold of T1 that `targets` prints, and the warnings."""
    result = run("targets --period 2020-Q1 --json")
    assert result.status == 0, result.err
    return next(row["target_value"] for row in result.json if row["target_code"] == "T1"), result.err


@pytest.mark.long
def test_a_changed_plan_is_looked_at_applied_and_taken_back(
    run: Run, sample_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHITIEU_DATABASE_URL", sample_url)
    engine = connect(sample_url)
    assert run("init").status == 0  # also records which objects it created
    assert run("plan diff").status == 0
    write_raised_plan(tmp_path / "plan.yaml")
    before = contents(engine)
    assert len(before) > 30

    shown = run("plan diff")
    assert shown.status == 1, shown.err
    assert "targets T1: changed" in shown.out
    assert "at_least: 30.0 -> 60.0" in shown.out
    assert "30 -> 60" in shown.out
    difference = run("plan diff --json")
    assert difference.status == 1
    assert difference.json["drift"] == "plan"
    assert [(part["kind"], part["key"]) for part in difference.json["parts"]] == [("targets", "T1")]
    figures = difference.json["figures"]
    assert {figure["target_code"] for figure in figures} == {"T1"}
    assert {(f["was"]["target_value"], f["becomes"]["target_value"]) for f in figures} == {(30, 60)}
    assert contents(engine) == before

    value, warnings = threshold(run)
    assert value == 30
    assert "differs from the applied plan DN-2020" in warnings
    for line in READING:
        result = run(line)
        assert result.status == 0, (line, result.err)
        assert "differs from the applied plan DN-2020" in result.err, line
    for line in WRITING:
        result = run(line)
        assert result.status == 1, (line, result.err)
        assert "differs from the applied plan DN-2020. Run chitieu plan diff" in result.err, line
        assert result.out == ""
    ready = run("init --json")
    assert ready.status == 0
    assert any("Run chitieu plan diff, then chitieu plan apply." in line for line in ready.json["warnings"])
    assert contents(engine) == before

    applied = run("plan apply --json")
    assert applied.status == 0, applied.err
    assert applied.json == {**difference.json, "applied": True}
    assert threshold(run) == (60, "")
    assert run("plan diff --json").json["figures"] == []
    with engine.connect() as connection:
        event = connection.execute(
            text(
                "SELECT e.payload, e.role_name = session_user FROM audit.event e WHERE kind = 'plan' ORDER BY event_id DESC"
            )
        ).first()
        kept = connection.execute(text("SELECT sha256 FROM audit.plan_document")).scalars().all()
    assert event is not None
    assert event[1]
    assert event[0]["sha256"] in kept
    assert len(kept) == 2
    after = contents(engine)
    again = run("plan apply")
    assert (again.status, again.out) == (0, "The plan DN-2020 was applied before: nothing changed\n")
    assert contents(engine) == after

    monkeypatch.setenv("CHITIEU_NOW", "2026-03-03T08:00:00+07:00")
    back = run(f"plan apply {DEFAULT_PLAN}")
    assert back.status == 0, back.err
    assert "at_least: 60.0 -> 30.0" in back.out
    assert threshold(run)[0] == 30
    assert "differs" in run("status").err  # CHITIEU_PLAN still names the file with 60
    monkeypatch.setenv("CHITIEU_PLAN", str(DEFAULT_PLAN))
    assert run("audit verify").status == 0
    assert run("materialize").status == 0


def test_a_plan_that_was_never_applied(
    run: Run, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHITIEU_DATABASE_URL", database_url)
    for line in ("plan diff", *READING, "check", *WRITING[:-1]):
        empty = run(line)
        assert empty.status == 1, line
        assert "chitieu init" in empty.err, line
        assert empty.out == "", line
    assert contents(connect(database_url)) == {}

    assert "/no/such/drive" in run("ingest /no/such/drive").err
    assert run("plan diff").status == 0  # the ingest has prepared the empty database
    assert run("init").status == 0
    assert run("plan diff").status == 0
    second = DATA / "plan_second.yaml"
    before = contents(connect(database_url))
    never = run(f"plan diff {second} --json")
    assert (never.status, never.json["drift"]) == (1, "never_applied")
    monkeypatch.setenv("CHITIEU_PLAN", str(second))
    for line in (*READING, "check", *WRITING):
        if line not in ("audit verify", "dictionary"):
            refused = run(line)
            assert (refused.status, refused.out) == (1, ""), line
            assert "The plan TN-2023 was never applied. Run chitieu init." in refused.err, line
    monkeypatch.setenv("CHITIEU_PLAN", f"{tmp_path / 'plan.yaml'}:{second}")
    for line in ("dictionary", "finding list", "status --plan-code DN-2020"):
        assert run(line).status == 0, line
    assert contents(connect(database_url)) == before
    monkeypatch.setenv("CHITIEU_PLAN", str(tmp_path / "plan.yaml"))
    assert run(f"plan apply {second}").status == 0
    assert run(f"plan diff {second}").status == 0
    assert run("plan diff").status == 0  # the first plan is as it was

    write_raised_plan(tmp_path / "plan.yaml")
    monkeypatch.setenv("CHITIEU_PLAN", str(second))
    assert run("init --json").json["warnings"] == []  # of the plan in use, nothing differs


def test_changed_forms_alone_are_applied_by_init(
    run: Run, warehouse_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHITIEU_DATABASE_URL", warehouse_url)
    with connect(warehouse_url).begin() as connection:  # as applied by a release with other forms
        connection.execute(text("UPDATE dw.dim_plan SET definition_sha256 = repeat('0', 64)"))
    shown = run("plan diff")
    assert shown.status == 1
    assert "The forms changed\n" in shown.out
    refused = run("materialize")
    assert refused.status == 1
    assert "The forms changed since the plan DN-2020 was applied. Run chitieu init" in refused.err
    assert "The forms changed" in run("status").err
    assert run("init --json").json["warnings"] == []
    assert run("plan diff").status == 0
    assert run("materialize").status == 0
