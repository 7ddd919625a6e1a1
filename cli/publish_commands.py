"""The commands that write for people: the pages, and blank forms."""

import logging
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import console
from cli.options import Json, OutOption, PeriodOption, PlanCodeOption
from cli.texts import say
from plans.errors import UsageError

if TYPE_CHECKING:
    from plans.model import Plan
    from plans.reporting_calendar import Period
    from schemas.form_set import FormSet
    from services.settings import Settings

_LOGGER = logging.getLogger("chitieu")
_BROKEN_COLUMNS = (
    ("plan", "Plan"), ("severity", "Severity"), ("id", "Expectation"), ("wrong", "Wrong"), ("what", "What"),
)  # fmt: skip


def publish(
    out: OutOption = None,
    plan_code: PlanCodeOption = None,
    audience: Annotated[
        str, typer.Option("--as", metavar="auditor|bi|area:CODE", help="Whom the pages are for.")
    ] = "auditor",
    as_json: Json = False,
) -> None:
    """Write the pages for auditors and clerks (default: to `published` in CHITIEU_HOME).

    With several active plans each has a folder, named by its code, and the front page leads to all. For BI
    users and readers of an area, only what they may see is written, by default to a folder of their own.

    \b
    Examples:
      chitieu publish --out /srv/www/chitieu
      chitieu publish --as area:731 --out /srv/www/bien_hoa
    """
    from services.context import open_selected
    from services.publish import audience_of, publish_plans

    contexts = open_selected(plan_code, "read")
    readers = audience_of(audience, [context.plan for context in contexts])
    folder = Path(out).absolute() if out else contexts[0].settings.home / readers.folder
    _LOGGER.info("Writing the pages to %s", folder)
    with console.progress_bar() as progress:
        result = publish_plans(contexts, folder, readers, progress)
    for problem in result.problems:
        _LOGGER.warning(problem)
    if as_json:
        console.print_json({"out": str(folder), "changed": result.changed, "handed_out": result.delivered})
        return
    counts = {"changed": len(result.changed), "delivered": len(result.delivered)}
    sentence = "{page}: {changed} files are new or changed, {delivered} were put into outboxes"
    print(say(sentence, page=folder / "index.html", **counts))


def check(plan_code: PlanCodeOption = None, as_json: Json = False) -> None:
    """Check the expectations on the warehouse, as before publishing; exits with 1 where a critical one fails.

    Of a plan, or of all active plans.

    \b
    Example:
      chitieu check
    """
    from services.context import open_selected
    from warehouse.quality.check_results import run_recorded_checkpoint
    from warehouse.quality.checkpoint import refuse_broken

    contexts = open_selected(plan_code, "read")
    _LOGGER.info("Checking the warehouse with Great Expectations")
    checked = {
        context.plan.code: run_recorded_checkpoint(context.engine, context.plan, context.now).outcomes
        for context in contexts
    }
    outcomes = [outcome for of_plan in checked.values() for outcome in of_plan]
    broken = [
        {
            "plan": code,
            "severity": o.expectation.severity,
            "id": o.expectation.id,
            "wrong": o.wrong,
            "vi": o.expectation.label_vi,
            "en": o.expectation.label_en,
            "rows": o.rows,
        }
        for code, of_plan in checked.items()
        for o in of_plan
        if not o.holds
    ]
    if as_json:
        console.print_json({"expectations": len(outcomes), "broken": broken})
    else:
        if broken:
            rows = [{**row, "what_vi": row["vi"], "what_en": row["en"]} for row in broken]
            console.print_table(_BROKEN_COLUMNS, rows, contexts[0].zone, say("Not as expected"))
        held = len(outcomes) - len(broken)
        print(say("{held} of {count} expectations hold", held=held, count=len(outcomes)))
    refuse_broken(outcomes)


def templates(
    body: Annotated[
        str | None, typer.Option("--body", metavar="CODE", help="Body code (default: all).")
    ] = None,
    period: PeriodOption = None,
    out: OutOption = None,
    plan_code: PlanCodeOption = None,
    as_json: Json = False,
) -> None:
    """Write the blank forms of bodies for a period (default: the periods whose window is open today).

    The folder is `templates` in CHITIEU_HOME by default.

    \b
    Examples:
      chitieu templates --period 2020-Q2
      chitieu templates --body UBND-731 --period 2020-Q2 --out forms
    """
    from services.codes import check_body, check_period
    from services.context import read_forms, read_plans, read_wanted_plan
    from services.plan_choice import Wanted
    from services.settings import read_settings, today

    settings = read_settings()
    day = None if period else today(settings)
    plan = read_wanted_plan(settings, Wanted(plan_code, period=period, body=body, day=day))
    if body:
        check_body(plan, body)
    periods = [check_period(plan, period)] if period else _open_today(settings, plan)
    names = ", ".join(p.code for p in periods)
    folder = Path(out).absolute() if out else settings.home / "templates"
    _LOGGER.info("Writing the blank forms for %s to %s", names, folder)
    form_set = read_forms(read_plans(settings)).of(plan)
    written = _write_templates(
        plan, form_set, [body] if body else [b.code for b in plan.all_bodies], periods, folder
    )
    if body and not written:
        raise UsageError(f"{body} owes no form for {names}.")
    if as_json:
        console.print_json({"out": str(folder), "files": written})
    else:
        print(say("{folder}: {count} files", folder=folder, count=len(written)))


def _write_templates(
    plan: "Plan", form_set: "FormSet", bodies: list[str], periods: list["Period"], folder: Path
) -> list[str]:
    from publishing.blank_forms.files import template_files

    written: list[str] = []
    with console.progress_bar() as progress:
        for number, (body, period) in enumerate(product(bodies, periods), 1):
            progress("Writing", number, len(bodies) * len(periods))
            for name, content in template_files(plan, [body], period, form_set=form_set):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)
                written.append(name)
    return written


def _open_today(settings: "Settings", plan: "Plan") -> list["Period"]:
    """Return the periods whose window is open now. Raises UsageError where none is."""
    from zoneinfo import ZoneInfo

    from plans.plan_years import plan_periods
    from services.settings import present

    zone = plan.calendar.timezone
    today = present(settings, zone).astimezone(ZoneInfo(zone)).date()
    scheduled = plan_periods(plan)
    periods = [period for period in scheduled if period.window_start <= today <= period.window_end]
    if not periods:
        raise UsageError(f"No period of the plan {plan.code} is open today: name one with --period.")
    return periods
