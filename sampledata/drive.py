"""Make a drive: folders of files as the bodies of a plan leave them, and the truth about every sheet."""

import os
import shutil
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from plans.model import Body, Plan
from plans.plan_years import plan_periods
from plans.reporting_calendar import Period, ad_hoc_period
from sampledata.clutter import NO_REPORTS
from sampledata.faults import deal_faults
from sampledata.figures import intended_rows
from sampledata.mistakes import slip_in, slipped
from sampledata.parcels import Parcel, pack, write_parcel
from sampledata.sheet import Entry, Sheet, printed_rows
from schemas.declaration import Form
from schemas.form_set import FormSet, shipped_form_set
from schemas.sample_file import SampleFile

# Shares of the sheets, of the refused sheets, and (at a mess of 1) of the files.
REVISED, SENT_AGAIN, COPIED, CLUTTERED = 0.03, 0.3, 0.08, 0.12
MOST_AD_HOC = 4  # reports of one body in one form in a year


def make_drive(
    folder: Path,
    plan: Plan,
    *,
    seed: int,
    periods: Sequence[str] | None = None,
    bodies: Sequence[str] | None = None,
    fault_share: float = 0.15,
    mess: float = 0.5,
    received: bool = True,
    commune_bodies: int = 0,
    form_set: FormSet | None = None,
) -> list[Entry]:
    """Write below `folder` what the bodies of the plan send in, and return the truth: one entry per sheet.

    `periods` are period codes, the whole year and some ad hoc days by default; ValueError for one that the
    plan's year has not. `bodies` are body codes, all by default. `fault_share` of the sheets has one fault.
    `mess` from 0 to 1: how far sheets stray from the form. `received`: each file's time of change is noon,
    1 to 6 days after its window (7 to 12 for corrections); else the order of writing is the order of time.
    So many `commune_bodies` report unasked. `form_set` is that of the plan, needed where it is not a shipped
    one. The same arguments give the same truth.
    """
    form_set = form_set or shipped_form_set(plan.form_set)
    rng = Random(f"{seed}/drive")
    sheets = intended_sheets(plan, seed, periods, bodies, commune_bodies, rng, form_set)
    later = _revise(sheets, rng, form_set.sample)
    spoiled = deal_faults([s for s in sheets if not s.corrected_later], fault_share, rng, form_set)
    later += _sent_again(spoiled, rng)
    parcels = pack(sheets, rng) + pack(later, rng, later_by=6)
    parcels.sort(key=lambda parcel: parcel.sent)
    truth: list[Entry] = []
    for parcel in parcels:
        truth += write_parcel(folder, parcel, rng, mess)
        paths = [parcel.path, *_clutter(folder, parcel, rng, mess)]
        for path in paths if received else ():
            _set_time(folder / path, parcel.sent, plan)
    clean = [p for p in parcels if not any(s.code or s.corrected_later for s in p.sheets)]
    for parcel in [p for p in clean if rng.random() < COPIED * mess]:
        copies = _copy(folder, parcel, truth)
        truth += copies
        if received:
            _set_time(folder / copies[0]["path"], parcel.sent + timedelta(days=1), plan)
    return truth


def intended_sheets(
    plan: Plan,
    seed: int,
    codes: Sequence[str] | None,
    bodies: Sequence[str] | None,
    communes: int,
    rng: Random,
    form_set: FormSet | None = None,
) -> list[Sheet]:
    """The sheets of all stretches of the year without faults, in the order of their windows."""
    form_set = form_set or shipped_form_set(plan.form_set)
    scheduled = plan_periods(plan)
    known = (*scheduled, *_days_of(scheduled, plan.language))
    if unknown := set(codes or ()) - {p.code for p in known}:
        raise ValueError(f"the plan {plan.code} has no period {sorted(unknown)[0]}")
    sheets: list[Sheet] = []
    for then, among in _stretches(plan, known):
        senders = _senders(then, bodies, communes, rng, form_set)
        sheets += _sheets(then, among, seed, codes, senders, form_set.sample)
    return sorted(sheets, key=lambda sheet: sheet.period.window_end)


def _stretches(plan: Plan, periods: Sequence[Period]) -> list[tuple[Plan, list[Period]]]:
    """The plan as it is in force at the end of periods, with these: one stretch where nothing changes."""
    stretches: dict[object, tuple[Plan, list[Period]]] = {}
    for period in periods:
        then = plan.effective_plan(period.window_end, period.window_end)
        key = (then.areas, then.bodies, then.obligations)
        stretches.setdefault(key, (then, []))[1].append(period)
    return list(stretches.values())


def _senders(
    plan: Plan, bodies: Sequence[str] | None, communes: int, rng: Random, form_set: FormSet
) -> list[tuple[Body, Form, str]]:
    """Who sends which form how often: all that is owed, and the optional forms of a few communes."""
    optional = [b for (b, _form), o in plan.cadences.items() if o.optional]
    volunteers = set(rng.sample(optional, min(communes, len(optional))))
    return [
        (plan.bodies_by_code[body], form_set.by_code[form], obligation.frequency)
        for (body, form), obligation in plan.cadences.items()
        if (not obligation.optional or body in volunteers) and (bodies is None or body in bodies)
    ]


def _sheets(
    plan: Plan,
    among: Sequence[Period],
    seed: int,
    codes: Sequence[str] | None,
    senders: Sequence[tuple[Body, Form, str]],
    sample: SampleFile,
) -> list[Sheet]:
    """The sheets that are due in the asked ones of the periods, without faults."""
    days = [p for p in among if p.kind == "A"]
    sheets = []
    for body, form, every in senders:
        periods = [p for p in among if p.kind == every]
        if every == "A":
            rng = Random(f"{seed}/{body.code}/days")
            asked = rng.sample(days, rng.randint(0, min(MOST_AD_HOC, len(days)))) if codes is None else days
            periods = [p for p in asked if codes is None or p.code in codes]
        in_order = sorted(periods, key=lambda period: period.window_end)
        year = intended_rows(plan, body, form, in_order, seed, sample)
        sheets += [
            Sheet(plan, body, form, period, year[period.code])
            for period in periods
            if year[period.code] and (codes is None or period.code in codes)
        ]
    return sheets


def _days_of(scheduled: Sequence[Period], language: str) -> list[Period]:
    """Every day of the plan's year as an ad hoc period."""
    first = min(period.window_start for period in scheduled)
    last = max(period.window_end for period in scheduled)
    return [ad_hoc_period(first + timedelta(days=i), language) for i in range((last - first).days + 1)]


def _revise(sheets: Sequence[Sheet], rng: Random, sample: SampleFile) -> list[Sheet]:
    """Put a slip into a few sheets that nobody notices at once; return the sheets that correct them."""
    revisions = []
    for sheet in sheets:
        slip = slip_in(sheet.form, sample)
        if rng.random() < REVISED and slip:
            revisions.append(Sheet(sheet.plan, sheet.body, sheet.form, sheet.period, sheet.rows, revision=1))
            sheet.corrected_later = True
            sheet.rows = slipped(sheet.rows, slip, rng)
            sheet.shown = printed_rows(sheet.form, sheet.rows)
    return revisions


def _sent_again(spoiled: Sequence[Sheet], rng: Random) -> list[Sheet]:
    """Some of the refused sheets once more, without their fault."""
    again = [s for s in spoiled if s.code != "FORM-NOT-OWED" and rng.random() < SENT_AGAIN]
    return [Sheet(s.plan, s.body, s.form, s.period, s.rows) for s in again]


def _clutter(folder: Path, parcel: Parcel, rng: Random, mess: float) -> list[str]:
    """Now and then, put a file that is no report beside the parcel; return its path below the drive."""
    if rng.random() >= CLUTTERED * mess:
        return []
    name, content = rng.choice(NO_REPORTS)
    path = str(Path(parcel.path).with_name(name))
    (folder / path).write_bytes(content)
    return [path]


def _copy(folder: Path, parcel: Parcel, truth: Sequence[Entry]) -> list[Entry]:
    """Put the same file again under another name; return what is true of its sheets."""
    original = Path(parcel.path)
    path = str(original.with_name(f"{original.stem} - Copy{original.suffix}"))
    shutil.copyfile(folder / parcel.path, folder / path)
    return [e | {"path": path, "expect": "duplicate"} for e in truth if e["path"] == parcel.path]


def _set_time(path: Path, day: date, plan: Plan) -> None:
    """Let the file have been put there at noon of a day, by the plan's clock."""
    noon = datetime.combine(day, time(12), ZoneInfo(plan.calendar.timezone)).timestamp()
    os.utime(path, (noon, noon))
