"""Checks across the parts of a plan. Each raises PlanFaultError: a sentence and the place in the file."""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from plans.errors import PlanFaultError
from plans.languages import cldr
from plans.languages.catalog import languages
from plans.lookups import PlanLookups
from plans.plan_file import Area, Body, Calendar
from plans.plan_types import Cadence
from plans.public_holidays import is_known_country
from plans.target_file import Target


def check_consistency(plan: PlanLookups) -> None:
    """Check codes, the area tree, successions, thresholds, bodies and obligations of a plan."""
    if plan.last_year is not None and not plan.year <= plan.last_year <= plan.year + 30:
        raise PlanFaultError(
            f"last_year {plan.last_year} is not within 30 years from {plan.year}", "last_year"
        )
    _check_country(plan)
    _check_language(plan)
    _check_levels(plan)
    _check_codes("area", plan.areas, "areas")
    _check_codes("body", plan.all_bodies, "bodies")
    doubles = [code for code, times in Counter(t.code for t in plan.targets).items() if times > 1]
    if doubles:
        last = max(n for n, target in enumerate(plan.targets) if target.code == doubles[0])
        raise PlanFaultError(f"target code given twice: {', '.join(doubles[:5])}", "targets", last, "code")
    _check_capitals("body", plan.all_bodies, "bodies")
    _check_capitals("target", plan.targets, "targets")
    _check_area_tree(plan)
    _check_map(plan)
    _check_successions(plan)
    _check_thresholds(plan)
    for number, body in enumerate(plan.bodies):
        if body.code in plan.levels_by_key:
            message = f"body {body.code} has the code of a level: obligations cannot distinguish them"
            raise PlanFaultError(message, "bodies", number, "code")
        if body.area not in plan.areas_by_code:
            raise PlanFaultError(
                f"body {body.code} has the unknown area {body.area}", "bodies", number, "area"
            )
    _check_obligations(plan)
    _check_cadences(plan)
    _check_obligation_days(plan)


def _check_map(plan: PlanLookups) -> None:
    """Reject outlines of several levels, or without an area of their level.

    Tiles may be of other areas as well, such as those of the plan that this one was copied from.
    """
    outlines = plan.map.outlines if plan.map else {}
    levels = list(dict.fromkeys(plan.areas_by_code[code].level for code in outlines))
    if len(levels) > 1:
        message = f"the map has areas of several levels: {', '.join(levels)}"
        raise PlanFaultError(message, "map", "geojson")
    last_day = date(plan.last_year or plan.year, 12, 31)
    present = [area.code for area in plan.areas if area.level in levels and area.exists(last_day, last_day)]
    if missing := [code for code in present if code not in outlines]:
        message = f"the map lacks areas of the level {levels[0]}: {_named(missing)}"
        raise PlanFaultError(message, "map", "geojson")


def _named(codes: list[str]) -> str:
    return ", ".join(codes[:5]) + (" …" if len(codes) > 5 else "")


def _check_country(plan: PlanLookups) -> None:
    """Reject a country without known holidays: due days would be computed as if it had none."""
    country = plan.calendar.country
    if country != Calendar.model_fields["country"].default and not is_known_country(country):
        raise PlanFaultError(
            f"the public holidays of the country {country} are not known; leave country empty and list the"
            " holidays as extra_days_off",
            *("calendar", "country"),
        )


def _check_language(plan: PlanLookups) -> None:
    """Reject a language without texts or names of months: a misspelt one would be read as English."""
    if plan.language not in languages() and not cldr.is_known(plan.language):
        message = (
            f"the language {plan.language!r} is not known; known ones with texts: {', '.join(languages())}"
        )
        raise PlanFaultError(message, "language")


def _check_levels(plan: PlanLookups) -> None:
    """Reject doubled levels, and areas, calendars and targets that name a level the plan does not have."""
    known = [level.key for level in plan.levels]
    if doubles := [key for key in known if known.count(key) > 1]:
        raise PlanFaultError(f"the level {doubles[0]} is given twice", "levels", known.index(doubles[0]))
    _check_headings(plan)
    named: list[tuple[str, tuple[str | int, ...]]] = [
        *((area.level, ("areas", number, "level")) for number, area in enumerate(plan.areas)),
        *((body.level, ("bodies", number, "level")) for number, body in enumerate(plan.bodies)),
        *((level, ("calendar", "due_working_days", level)) for level in plan.calendar.due_working_days),
        *(
            (level, ("targets", number, "reported_levels"))
            for number, target in enumerate(plan.targets)
            for level in (*target.reported_levels, *target.breakdown_levels)
        ),
    ]
    for level, place in named:
        if level not in known:
            raise PlanFaultError(f"the level {level} is none of the plan's: {', '.join(known)}", *place)


def _check_headings(plan: PlanLookups) -> None:
    """Reject a heading of two levels: a column under it would be of either."""
    owners: dict[str, str] = {}
    for number, level in enumerate(plan.levels):
        for heading in {text.casefold() for text in (level.heading_vi, *level.aliases)}:
            if heading in owners:
                both = f"the levels {owners[heading]} and {level.key} have the same heading"
                raise PlanFaultError(f"{both}: {heading}", "levels", number)
            owners[heading] = level.key


def _check_codes(what: str, states: Iterable[Area] | Iterable[Body], part: str) -> None:
    """Reject a code that is given twice for the same day."""
    ordered: list[Area | Body] = sorted(states, key=lambda state: (state.code, state.starts_on))
    doubles = {a.code: 0 for a, b in pairwise(ordered) if a.code == b.code and a.ends_on >= b.starts_on}
    if doubles:
        raise PlanFaultError(f"{what} code given twice: {', '.join([*doubles][:5])}", part)


def _check_capitals(what: str, states: Iterable[Body] | Iterable[Target], part: str) -> None:
    """Reject codes that differ in capitals alone: many drives hold one folder or file for both."""
    others: dict[str, str] = {}
    for number, code in enumerate(state.code for state in states):
        other = others.setdefault(code.casefold(), code)
        if other != code:
            raise PlanFaultError(
                f"the {what} codes {other} and {code} differ in capitals alone", part, number, "code"
            )


def _check_area_tree(plan: PlanLookups) -> None:
    if plan.area not in plan.areas_by_code:
        raise PlanFaultError(f"the plan's own area {plan.area} is not among its areas", "area")
    for number, area in enumerate(plan.areas):
        fault = ""
        if area.code != plan.area:
            fault = _parent_fault(plan, area)
        elif area.parent in plan.areas_by_code:
            fault = f"the plan's own area {area.code} lies in {area.parent}, one of its areas"
        if fault:
            raise PlanFaultError(fault, "areas", number)
    _check_area_names(plan)


def _check_area_names(plan: PlanLookups) -> None:
    """Reject areas of one name in the same parent at the same time: no row could name one of them."""
    others: dict[tuple[str | None, str, str], list[Area]] = {}
    for number, area in enumerate(plan.areas):
        name = " ".join(unicodedata.normalize("NFC", area.name).casefold().split())
        namesakes = others.setdefault((area.parent, area.level, name), [])
        for other in namesakes:
            if (
                other.code != area.code
                and other.starts_on <= area.ends_on
                and area.starts_on <= other.ends_on
            ):
                message = (
                    f"areas {other.code} and {area.code} of {area.parent} have the same name {area.name}"
                )
                raise PlanFaultError(message, "areas", number)
        namesakes.append(area)


def _parent_fault(plan: PlanLookups, area: Area) -> str:
    """Return what is wrong with the place of an area in the tree; empty where nothing is."""
    if area.parent is None:
        return f"area {area.code} ({area.name}) has no parent"
    parent = plan.areas_by_code.get(area.parent)
    if parent is None:
        return f"area {area.code} ({area.name}) has the unknown parent {area.parent}"
    levels = [*plan.levels_by_key]
    if levels.index(parent.level) >= levels.index(area.level):
        return f"area {area.code} ({area.name}) lies in {parent.code}, which is no higher"
    if area.ends_on > parent.ends_on:
        return f"area {area.code} ({area.name}) lasts longer than {parent.code} around it"
    return ""


def _check_successions(plan: PlanLookups) -> None:
    ends: dict[str, set[date]] = {}
    for area in plan.areas:
        ends.setdefault(area.code, set()).add(area.ends_on)
    for number, s in enumerate(plan.successions):
        if s.new_province in (None, plan.area) and not any(
            a.code == s.new and a.exists(s.from_day, s.from_day) for a in plan.areas
        ):
            raise PlanFaultError(
                f"succession of {s.old}: there is no area {s.new} on {s.from_day}", "successions", number
            )
        if s.old_province in (None, plan.area) and all(day >= s.from_day for day in ends.get(s.old, ())):
            raise PlanFaultError(
                f"succession of {s.old}: no area of that code ends before {s.from_day}", "successions", number
            )


def _check_thresholds(plan: PlanLookups) -> None:
    """Reject thresholds, assessments, given figures and records of areas that the plan does not have."""
    for number, target in enumerate(plan.targets):
        place = ("targets", number)
        overridden = (code for override in target.overrides for code in override.areas)
        assessed = (one.area for one in target.assessments if one.area)
        _check_known(plan, f"target {target.code} has a threshold for", overridden, (*place, "overrides"))
        _check_known(plan, f"target {target.code} has an assessment of", assessed, (*place, "assessments"))
    for name, figures in plan.area_figures.items():
        _check_known(plan, f"area_figures {name} has a figure of", figures.values, ("area_figures", name))
    for name, records in plan.records.items():
        areas = (record.area for record in records)
        _check_known(plan, f"records {name} has a record of", areas, ("records", name))


def _check_known(plan: PlanLookups, what: str, areas: Iterable[str], place: tuple[str | int, ...]) -> None:
    unknown = set(areas) - set(plan.areas_by_code)
    if unknown:
        raise PlanFaultError(f"{what} the unknown area {min(unknown)}", *place)


def _check_obligations(plan: PlanLookups) -> None:
    levels = {body.level for body in plan.local_bodies}
    known = plan.levels_by_key
    for number, obligation in enumerate(plan.obligations):
        place = ("obligations", number, "bodies")
        for name in obligation.bodies:
            if name in known and name not in levels:
                raise PlanFaultError(
                    f"obligation for form {obligation.form}: no area has the level {name}", *place
                )
            if name not in known and name not in plan.bodies_by_code:
                raise PlanFaultError(
                    f"obligation for form {obligation.form} names the unknown body {name}", *place
                )


def _check_cadences(plan: PlanLookups) -> None:
    """Reject obligations and targets for kinds of periods that the calendar does not have."""
    known = (*plan.calendar.periods, "A")
    for number, obligation in enumerate(plan.obligations):
        if obligation.frequency not in known:
            what = f"form {obligation.form} is due for periods of the kind {obligation.frequency}"
            place = ("obligations", number, "frequency")
            raise PlanFaultError(f"{what}, which calendar.periods does not have", *place)
    for number, target in enumerate(plan.targets):
        if unknown := set(target.periods) - set(plan.calendar.periods):
            what = f"target {target.code} has periods of the kind {min(unknown)}"
            raise PlanFaultError(
                f"{what}, which calendar.periods does not have", "targets", number, "periods"
            )


def _check_obligation_days(plan: PlanLookups) -> None:
    """Reject two obligations of one body for one form on the same day."""
    seen: dict[tuple[str, str], list[tuple[Cadence, date, date]]] = {}
    for body, obligation in plan.obligation_pairs:
        if body.level not in plan.calendar.due_working_days:
            raise PlanFaultError(
                f"due_working_days lacks the level {body.level} of body {body.code}", "calendar"
            )
        first = max(body.starts_on, obligation.starts_on)
        last = min(body.ends_on, obligation.ends_on)
        others = seen.setdefault((body.code, obligation.form), [])
        for cadence, begins, ends in others:
            if begins <= last and first <= ends:
                how = "twice" if cadence == obligation.frequency else "at two cadences"
                place = ("obligations", plan.obligations.index(obligation))
                raise PlanFaultError(f"body {body.code} owes form {obligation.form} {how}", *place)
        others.append((obligation.frequency, first, last))
