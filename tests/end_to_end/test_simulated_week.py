"""A week of a province with a clock that is set: each duty of prefect.yaml at its time, two alarms, two repairs.

Each duty runs the services of its flow. A dead-man monitor on loopback alarms when no heartbeat arrives; the messages
of Prefect's automations are tested in test_killed_runs.py. The week has two due days (17 and 19 March 2020) and the
closing day of a month and a quarter (23 March).
"""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from prefect.server.schemas.schedules import CronSchedule
from sqlalchemy import text

from cli.main import main
from plans.model import Plan
from plans.reading import read_plan
from services import audit_checks, monitoring, scheduled_jobs
from services.context import open_contexts
from services.due_days import further_ingests
from services.publish import publish_plans
from services.recompute import recompute
from services.settings import read_settings
from tests.support.paths import ROOT
from tests.support.small_plans import plan_file, put_sheet, target
from tests.support.web_server import web_server
from warehouse.blocking_readers import exclusively
from warehouse.database import connect

pytestmark = pytest.mark.long

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST, LAST = datetime(2020, 3, 17, tzinfo=ZONE), datetime(2020, 3, 24, tzinfo=ZONE)
BROKEN, REPAIRED, CRASHED = (datetime(2020, 3, *when, tzinfo=ZONE) for when in ((18, 9), (18, 15), (20, 10)))
SCHEDULES = {
    duty["name"]: duty.get("schedules", [])
    for duty in yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
}
MONTHLY = [{"form": "01-PCMD", "bodies": ["CAT"], "frequency": "M"}]
MONTHLY += [{"form": "02-PCMD", "bodies": ["district"], "frequency": "M"}]
OFFICES = {"CAT": "north", "UBND-731": "south", "UBND-732": "south"}
DISTRICTS = {"UBND-731": ["Thành phố Biên Hòa"], "UBND-732": ["Thành phố Long Khánh"]}


@dataclass
class Week:
    """The drives, the reports still to come (moment, body, month), and what was run and closed."""

    folder: Path
    plan: Plan
    setenv: Callable[[str, str], None]
    arrivals: list[tuple[datetime, str, int]]
    pings: list[str]
    ran: list[str] = field(default_factory=list)
    closed: dict[str, str] = field(default_factory=dict)

    def set_clock(self, moment: datetime) -> None:
        """Set the clock, and put into the drives what has arrived by then."""
        self.setenv("CHITIEU_NOW", moment.isoformat())
        while self.arrivals and self.arrivals[0][0] <= moment:
            received, body, month = self.arrivals.pop(0)
            drive = next(p for p in self.folder.glob(f"{OFFICES[body]}*"))
            form = "01-PCMD" if body == "CAT" else "02-PCMD"
            places = DISTRICTS.get(body, [name for names in DISTRICTS.values() for name in names])
            rows: dict[str, dict[str, object]] = {name: {} for name in places}
            put_sheet(drive, self.plan, form, body, f"Tháng {month} năm 2020", rows, received=received)

    def ingest(self) -> bool:
        """Ingest; returns whether the dead-man monitor got its heartbeat."""
        before = len(self.pings)
        main(["ingest"])
        return len(self.pings) > before

    def close(self, kind: str) -> None:
        for context in open_contexts():
            result = scheduled_jobs.close_due(context, kind)
            assert result.problems == []
            self.closed |= dict.fromkeys(result.closed, context.now.astimezone(ZONE).date().isoformat())


def publish() -> None:
    contexts = open_contexts(purpose="read")
    settings = contexts[0].settings
    published = publish_plans(contexts, settings.home / "published")
    monitoring.after_publication(settings, len(published.changed))


def remind() -> None:
    contexts = open_contexts(purpose="read")
    scheduled_jobs.remind_of_plans(contexts, contexts[0].settings.sources)


def verify() -> None:
    assert audit_checks.verify(audit_checks.open_unchanged(read_settings())) == []


def plan_ingests() -> None:
    settings = read_settings()
    assert settings.now is not None
    is_due = settings.now.astimezone(ZONE).day in (17, 19)
    assert len(further_ingests(settings)) == (88 if is_due else 0)


def duties(week: Week) -> dict[str, Callable[[], Any]]:
    """What each deployment of prefect.yaml runs; backfill has no schedule."""
    kinds = {"month": "M", "quarter": "Q", "half": "H", "year": "Y"}
    return {
        "ingest": week.ingest,
        "plan-ingests": plan_ingests,
        "materialize": lambda: recompute(read_settings(), []),
        **{f"close-{name}": partial(week.close, kind) for name, kind in kinds.items()},
        "remind": remind,
        "publish": publish,
        "verify": verify,
    }


def occurrences(name: str) -> list[datetime]:
    """When a deployment runs in the week, by its schedules."""
    schedules = [CronSchedule(**entry) for entry in SCHEDULES[name]]
    dates = (asyncio.run(each.get_dates(500, FIRST, LAST)) for each in schedules)
    return sorted(moment.astimezone(ZONE) for found in dates for moment in found)


def arrivals() -> list[tuple[datetime, str, int]]:
    """The reports of earlier months on the first morning; those of March over the week, the last one late."""
    early = [(FIRST, body, month) for month in (1, 2) for body in OFFICES]
    days = zip(OFFICES, (17, 18, 20), strict=True)
    return early + [(FIRST.replace(day=day, hour=10), body, 3) for body, day in days]


def timetable(week: Week) -> list[tuple[datetime, str]]:
    """The week's runs; of the ingests those that follow an arrival, a fault or a repair, and the first of each day."""
    moments = occurrences("ingest")
    causes = {report[0] for report in week.arrivals} | {BROKEN, REPAIRED, CRASHED}
    causes |= {FIRST + timedelta(days=day) for day in range(7)}
    ingests = {next(moment for moment in moments if moment >= cause) for cause in causes}
    others = [(moment, name) for name in SCHEDULES if name != "ingest" for moment in occurrences(name)]
    return sorted(others + [(moment, "ingest") for moment in ingests])


def guide(heading: str) -> str:
    """A section of the operations guide."""
    sections = (ROOT / "docs/operations.md").read_text("utf-8").split("\n### ")
    return next(section for section in sections if section.startswith(f"{heading}\n"))


def kill_an_ingest(url: str) -> None:
    """Kill an ingest while it waits for its turn; no heartbeat is sent."""
    engine = connect(url)
    command = [sys.executable, "-m", "cli.main", "ingest"]
    with exclusively(engine, "ingest"):
        process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        assert any("Waiting for another ingest" in line for line in process.stderr)
        process.kill()
        assert process.wait() == -signal.SIGKILL
    engine.dispose()


def test_a_week(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = plan_file(
        tmp_path / "plan", obligations=MONTHLY, targets=[target("A", "sum(enforcement.cases_prosecuted)")]
    )
    pings: list[str] = []
    week = Week(tmp_path, read_plan(file), monkeypatch.setenv, arrivals(), pings)
    for name in ("north", "south"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("CHITIEU_PLAN", str(file))
    monkeypatch.setenv("CHITIEU_DATABASE_URL", database_url)
    monkeypatch.setenv("CHITIEU_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CHITIEU_SOURCES", f"{(tmp_path / 'north').as_uri()} {(tmp_path / 'south').as_uri()}")
    run = duties(week)
    assert set(run) == {name for name, schedules in SCHEDULES.items() if schedules}
    with web_server(lambda path, _: pings.append(path)) as monitor:
        monkeypatch.setenv("CHITIEU_HEARTBEAT_URL", monitor)
        week.set_clock(FIRST)
        assert main(["init"]) == 0
        for moment, name in timetable(week):
            week.set_clock(moment)
            week.ran.append(name)
            if name != "ingest":
                run[name]()
                continue
            if moment == BROKEN:
                (tmp_path / "south").rename(tmp_path / "south-away")
            if moment == REPAIRED:
                repair_the_drive(tmp_path, capsys)
            if moment == CRASHED:
                before = len(pings)
                kill_an_ingest(database_url)
                assert len(pings) == before  # the alarm
                assert "There is nothing to repair" in guide("A run crashed or was killed")
            assert week.ingest() == (not BROKEN <= moment < REPAIRED), moment
        assert set(week.ran) == set(run)
        assert week.arrivals == []
        assert main(["check"]) == 0
    check_week(database_url, week.closed)
    assert (tmp_path / "home/published/index.html").exists()
    assert (tmp_path / "south/UBND-732/_tra_lai/nhac_bao_cao.txt").exists()


def repair_the_drive(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Follow the guide from the missing heartbeat to the drive."""
    assert "`chitieu doctor`" in guide("The heartbeat is missing")
    capsys.readouterr()
    main(["doctor"])
    fault = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("FAULT"))
    assert "drives" in fault
    assert f"{folder}/south" in fault
    assert "Check mount" in guide("The drive cannot be read")
    (folder / "south-away").rename(folder / "south")


def check_week(url: str, closed: dict[str, str]) -> None:
    """What was due in the week was closed on its day; the reports are loaded, each once, one of them as late."""
    assert closed.pop("2020-M03") == closed.pop("2020-Q1") == "2020-03-23"
    assert closed == dict.fromkeys(["2020-M01", "2020-M02"], "2020-03-17")  # their days were missed
    with connect(url).connect() as connection:
        statuses = text("SELECT body_code, status FROM mart.reporting_status WHERE period_code = '2020-M03'")
        found = dict(connection.execute(statuses).tuples().all())
        assert found == {"CAT": "on_time", "UBND-731": "on_time", "UBND-732": "late"}
        assert connection.scalar(text("SELECT count(*) FROM audit.submission")) == 9
        frozen = text(
            "SELECT count(*) FROM mart.target_snapshot WHERE snapshot_code = '2020-M03' AND is_final"
        )
        assert connection.scalar(frozen)
