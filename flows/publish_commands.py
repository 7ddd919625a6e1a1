"""The commands that write for people: the pages, and blank forms."""

import argparse
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

from drives import archive
from drives.listing import DriveError
from drives.outbox import hand_out
from flows import showing
from flows.commands import Work, check_period, read_checked_plan, start
from flows.settings import Settings, SettingsError, present, read_settings
from plans.model import Plan
from publishing.returns import ENDING as RETURNED
from publishing.site import publish as write_site
from publishing.templates import template_files
from transforms.calendar import Period, scheduled_periods
from warehouse.checkpoint import refuse_broken, run_checkpoint
from warehouse.database import one_at_a_time
from warehouse.events import append_event


def publish(asked: argparse.Namespace) -> None:
    """Write the pages for auditors and clerks."""
    work = start()
    out = Path(asked.out).absolute() if asked.out else work.settings.home / "published"
    showing.say(f"Writing the pages to {out}")
    done = publish_to(work, out)
    for problem in done.problems:
        showing.say(problem)
    if asked.json:
        return showing.print_json({"out": str(out), "changed": done.changed, "handed_out": done.handed_out})
    print(
        f"{out / 'index.html'}: {len(done.changed)} files are new or changed,"
        f" {len(done.handed_out)} were put into outboxes"
    )
    return None


def check(asked: argparse.Namespace) -> None:
    """Hold the warehouse against what must be. Raises CheckpointError where something critical is not so."""
    work = start()
    showing.say("Checking the warehouse with Great Expectations")
    outcomes = run_checkpoint(work.engine, work.plan, work.now).outcomes
    broken = [
        {
            "severity": o.expectation.severity,
            "id": o.expectation.id,
            "wrong": o.wrong,
            "vi": o.expectation.vi,
            "en": o.expectation.en,
            "rows": o.rows,
        }
        for o in outcomes
        if not o.holds
    ]
    if asked.json:
        showing.print_json({"expectations": len(outcomes), "broken": broken})
    else:
        columns = (("severity", "Severity"), ("id", "Expectation"), ("wrong", "Wrong"), ("vi", "What"))
        if broken:
            showing.print_table(columns, broken, work.zone, "Not as expected")
        print(f"{len(outcomes) - len(broken)} of {len(outcomes)} expectations hold")
    refuse_broken(outcomes)


@dataclass(frozen=True)
class Done:
    """What a publication changed, what it put into the outboxes of the drives, and what went wrong there."""

    changed: list[str]
    handed_out: list[str]
    problems: list[str]


def publish_to(work: Work, out: Path) -> Done:
    """Write the site of the work's plan into a folder and hand the returned files out on the drives.

    A publication that changed something is an event of the audit chain. Raises CheckpointError, the last
    good pages untouched, where the warehouse is not as it must be.
    """

    def load(sha256: str) -> bytes | None:
        try:
            return archive.load(work.settings.archive, sha256)
        except archive.ArchiveError:
            return None

    with one_at_a_time(work.engine, "publish"):
        checked = run_checkpoint(work.engine, work.plan, work.now)
        refuse_broken(checked.outcomes)
        with work.engine.connect() as connection:
            published = write_site(connection, work.plan, load, out, work.now, checked)
        if published.changed:
            told = {"files": len(published.changed), "sha256": published.digest}
            with work.engine.begin() as connection:
                append_event(connection, "publish", work.plan.code, told, work.now)
        returned = {(f.body_code, f.name): (out / place).read_bytes() for f, place in published.returned}
        handed_out: list[str] = []
        problems: list[str] = []
        for url in work.settings.sources:
            try:
                handed_out += hand_out(url, returned, RETURNED)
            except DriveError as error:
                problems.append(str(error))
    return Done(published.changed, handed_out, problems)


def templates(asked: argparse.Namespace) -> None:
    """Write the blank forms of one body or of all for a period."""
    settings = read_settings()
    plan = read_checked_plan(settings)
    if asked.body and asked.body not in plan.bodies_by_code:
        raise SettingsError(f"The plan {plan.code} has no body {asked.body}.")
    periods = [check_period(plan, asked.period)] if asked.period else _open_today(settings, plan)
    out = Path(asked.out).absolute() if asked.out else settings.home / "templates"
    showing.say(f"Writing the blank forms for {', '.join(p.code for p in periods)} to {out}")
    bodies = [asked.body] if asked.body else [body.code for body in plan.all_bodies]
    written: list[str] = []
    with showing.progress_bar() as progress:
        for number, (body, period) in enumerate(product(bodies, periods), 1):
            progress("Writing", number, len(bodies) * len(periods))
            for name, content in template_files(plan, [body], period):
                (out / name).parent.mkdir(parents=True, exist_ok=True)
                (out / name).write_bytes(content)
                written.append(name)
    if asked.body and not written:
        raise SettingsError(f"{asked.body} owes no form for {', '.join(p.code for p in periods)}.")
    if asked.json:
        return showing.print_json({"out": str(out), "files": written})
    print(f"{out}: {len(written)} files")
    return None


def _open_today(settings: Settings, plan: Plan) -> list[Period]:
    """The periods whose window is open now. Raises SettingsError where none is."""
    zone = plan.calendar.timezone
    today = present(settings, zone).astimezone(ZoneInfo(zone)).date()
    every = scheduled_periods(plan.year, plan.calendar)
    periods = [period for period in every if period.window_start <= today <= period.window_end]
    if not periods:
        raise SettingsError(f"No period of the plan {plan.code} is open today: name one with --period.")
    return periods
