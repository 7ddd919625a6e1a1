"""The commands that write for people: the pages, and blank forms."""

import argparse
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

from cli import console
from plans.model import Plan
from plans.reporting_calendar import Period, scheduled_periods
from publishing.blank_forms.files import template_files
from services.context import check_period, open_context, read_checked_plan
from services.publish import publish_to
from services.settings import Settings, SettingsError, present, read_settings
from warehouse.quality.checkpoint import refuse_broken, run_checkpoint


def publish(asked: argparse.Namespace) -> None:
    """Write the pages for auditors and clerks."""
    work = open_context()
    out = Path(asked.out).absolute() if asked.out else work.settings.home / "published"
    console.say(f"Writing the pages to {out}")
    done = publish_to(work, out)
    for problem in done.problems:
        console.say(problem)
    if asked.json:
        return console.print_json({"out": str(out), "changed": done.changed, "handed_out": done.handed_out})
    print(
        f"{out / 'index.html'}: {len(done.changed)} files are new or changed,"
        f" {len(done.handed_out)} were put into outboxes"
    )
    return None


def check(asked: argparse.Namespace) -> None:
    """Hold the warehouse against what must be. Raises CheckpointError where something critical is not so."""
    work = open_context()
    console.say("Checking the warehouse with Great Expectations")
    outcomes = run_checkpoint(work.engine, work.plan, work.now).outcomes
    broken = [
        {
            "severity": o.expectation.severity,
            "id": o.expectation.id,
            "wrong": o.wrong,
            "vi": o.expectation.label_vi,
            "en": o.expectation.label_en,
            "rows": o.rows,
        }
        for o in outcomes
        if not o.holds
    ]
    if asked.json:
        console.print_json({"expectations": len(outcomes), "broken": broken})
    else:
        columns = (("severity", "Severity"), ("id", "Expectation"), ("wrong", "Wrong"), ("vi", "What"))
        if broken:
            console.print_table(columns, broken, work.zone, "Not as expected")
        print(f"{len(outcomes) - len(broken)} of {len(outcomes)} expectations hold")
    refuse_broken(outcomes)


def templates(asked: argparse.Namespace) -> None:
    """Write the blank forms of one body or of all for a period."""
    settings = read_settings()
    plan = read_checked_plan(settings)
    if asked.body and asked.body not in plan.bodies_by_code:
        raise SettingsError(f"The plan {plan.code} has no body {asked.body}.")
    periods = [check_period(plan, asked.period)] if asked.period else _open_today(settings, plan)
    out = Path(asked.out).absolute() if asked.out else settings.home / "templates"
    console.say(f"Writing the blank forms for {', '.join(p.code for p in periods)} to {out}")
    bodies = [asked.body] if asked.body else [body.code for body in plan.all_bodies]
    written: list[str] = []
    with console.progress_bar() as progress:
        for number, (body, period) in enumerate(product(bodies, periods), 1):
            progress("Writing", number, len(bodies) * len(periods))
            for name, content in template_files(plan, [body], period):
                (out / name).parent.mkdir(parents=True, exist_ok=True)
                (out / name).write_bytes(content)
                written.append(name)
    if asked.body and not written:
        raise SettingsError(f"{asked.body} owes no form for {', '.join(p.code for p in periods)}.")
    if asked.json:
        return console.print_json({"out": str(out), "files": written})
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
