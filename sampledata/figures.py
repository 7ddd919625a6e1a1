"""The rows that bodies mean to report: a whole year that satisfies every rule of the forms.

A row is a dict of the form's columns by key: area codes and codes as text, counts as int, amounts as float,
flags as bool. Figures depend on the seed, the body and the form only, never on which part is asked for.
"""

from collections.abc import Callable, Sequence
from itertools import product
from random import Random

from plans.model import LEVELS, Body, Level, Plan
from plans.reporting_calendar import Period
from sampledata.drawn_figures import TO_DATE, Memory, Row, draw_measures
from sampledata.forms import has_own_figures
from schemas.declaration import Dimension, Form

MONTHS = {"W": 1, "D": 1, "M": 1, "Q": 3, "H": 6, "Y": 12, "A": 1}
# The team levels that a body speaks for, by its level; the first body of the province speaks for its team.
TEAMS = {"province": ("TEAM814",), "district": ("DISTRICT", "COMMUNE"), "commune": ("COMMUNE",)}
LOWER_LEVELS = {
    "audience_level": {"district": ("DISTRICT", "COMMUNE"), "commune": ("COMMUNE",)},
    "budget_level": {"district": ("DISTRICT", "COMMUNE", "OTHER"), "commune": ("COMMUNE", "OTHER")},
}
CASES_A_MONTH = 0.33  # in a district
# The share of a body's establishments that a team inspects in a year; the province's team visits few.
TEAM_SHARES = {"PROVINCE": 0.12, "DISTRICT": 0.55, "COMMUNE": 0.3, "TEAM814": 0.2}
# In these lists a code without a row has nothing to report, and some bodies leave out a few.
OFTEN_PARTIAL = frozenset({"activity_type", "service_type", "model_kind"})


def year_of_rows(
    plan: Plan, body: Body, form: Form, periods: Sequence[Period], seed: int
) -> dict[str, list[Row]]:
    """The rows that `body` means to send in `form`, by period code; `periods` are all of the plan in order.

    Empty where the plan has no area for the form's place column.
    """
    keys = row_keys(plan, body, form, Random(f"{seed}/{body.code}/{form.key}"))
    year: dict[str, list[Row]] = {period.code: [] for period in periods}
    # Several bodies may report on an area: what happened there does not depend on who reports it.
    teller = "" if form.area_dimension and form.rows_expected else body.code
    for key in keys:
        rng, memory = Random(f"{seed}/{teller}/{form.key}/{sorted(key.items())}"), Memory(key)
        # All teams of a body visit the same establishments.
        among = sorted(item for item in key.items() if item[0] != "team_level")
        memory["establishments"] = Random(f"{seed}/{teller}/establishments/{among}").random()
        memory["first_time"] = True
        for before, period in zip((None, *periods), periods, strict=False):
            if before and period.year != before.year:
                memory["first_time"] = True
                memory.pop(TO_DATE, None)
            months = MONTHS[period.kind]
            own = MEASURES.get(form.key) if has_own_figures(form) else None
            measures = own(rng, memory, months) if own else draw_measures(form, rng, memory, months)
            memory["first_time"] = False
            year[period.code].append({**key, **measures})
    return year


def row_keys(plan: Plan, body: Body, form: Form, rng: Random) -> list[dict[str, str]]:
    """The keys of the rows that a body fills in, in the order of the form."""
    choices = [_keys_of(plan, body, form, dimension, rng) for dimension in form.dimensions]
    names = [dimension.key for dimension in form.dimensions]
    return [dict(zip(names, values, strict=True)) for values in product(*choices)]


def effective_level(plan: Plan, level: Level) -> Level:
    """Return the level that replaces a form's level: communes where there are no districts."""
    there = {area.level for area in plan.areas}
    order = next((keys for keys in ((*plan.levels_by_key,), LEVELS) if level in keys), (level,))
    return next((lower for lower in order[order.index(level) :] if lower in there), level)


def _keys_of(plan: Plan, body: Body, form: Form, dimension: Dimension, rng: Random) -> Sequence[str]:
    if dimension.level:
        within, level = plan.areas_within[body.area], effective_level(plan, dimension.level)
        inside = [a.code for a in plan.areas if a.code in within and a.level == level]
        return inside or [c for c in plan.ancestors(body.area) if plan.areas_by_code[c].level == level]
    listed = dimension.code_list.codes if dimension.code_list else ()
    codes = [code.code for code in listed if not code.reported_by or body.level in code.reported_by]
    if not has_own_figures(form):
        return codes
    if dimension.key == "team_level":
        owing = [b.code for b, o in plan.obligation_pairs if o.form == form.code and b.level == "province"]
        return ("PROVINCE",) if owing[:1] == [body.code] else TEAMS[body.level]
    lower = LOWER_LEVELS.get(dimension.key, {}).get(body.level)
    if lower:
        return lower
    if dimension.key in OFTEN_PARTIAL and rng.random() < 0.25:
        return [c for c in codes if rng.random() < 0.7] or codes[:1]
    if form.key == "inspections" and body.level == "province":
        return [c for c in codes if c in ("KARAOKE", "INTERNET", "BAR") or rng.random() < 0.4]
    return codes


def _few(rng: Random, months: int, most: int = 2) -> int:
    """A small count that is mostly 0 in one month."""
    return sum(rng.choice((0, 0, rng.randint(0, most))) for _ in range(months))


def _rare(rng: Random, months: int, chance: float) -> int:
    """A count of events of which one happens in a month with that chance."""
    return sum(rng.random() < chance for _ in range(months))


def _enforcement(rng: Random, _memory: Memory, months: int) -> Row:
    # Some forty cases a year in the eleven districts of a province.
    detected = _rare(rng, months, CASES_A_MONTH)
    prosecuted = sum(rng.random() < 0.9 for _ in range(detected))
    harbouring, brokering, other = (rng.randint(0, 2) * bool(prosecuted) for _ in range(3))
    sellers, buyers, more = rng.randint(0, 6 * months), rng.randint(0, 5 * months), rng.randint(0, 2)
    sanctioned = sellers + buyers + more
    return {
        "cases_detected": detected,
        "cases_prosecuted": prosecuted,
        "rings_dismantled": rng.randint(0, prosecuted),
        "offenders_harbouring": harbouring,
        "offenders_brokering": brokering,
        "offenders_other": other,
        "offenders_total": harbouring + brokering + other,
        "sanctioned_sellers": sellers,
        "sanctioned_buyers": buyers,
        "sanctioned_other": more,
        "sanctioned_total": sanctioned,
        "fines_amount": sanctioned * rng.randint(4, 25) * 50_000,
    }


def _hotspots(rng: Random, memory: Memory, months: int) -> Row:
    opening = memory.get("closing", rng.randint(0, 5))
    identified, recurred = _few(rng, months), _few(rng, months, 1)
    dismantled = rng.randint(0, opening + identified + recurred)
    memory["closing"] = opening + identified + recurred - dismantled
    return {
        "opening": opening,
        "identified": identified,
        "recurred": recurred,
        "dismantled": dismantled,
        "closing": memory["closing"],
    }


def _first_inspections(rng: Random, memory: Memory, months: int, most: int, share: float) -> tuple[int, int]:
    """Establishments managed and inspected for the first time.

    A body manages up to `most` of one kind, and over the year a team inspects up to `share` of them.
    """
    if memory["first_time"]:
        memory["managed"], memory["inspected"] = int(most * memory["establishments"] ** 2), 0
    memory["managed"] += _rare(rng, months, memory["managed"] / 2_000)
    left = max(int(share * memory["managed"]) - memory["inspected"], 0)
    expected = share * memory["managed"] * rng.uniform(0.6, 1.4) * months / 12
    inspected = min(left, int(expected) + (rng.random() < expected % 1))
    memory["inspected"] += inspected
    return memory["managed"], inspected


def _inspections(rng: Random, memory: Memory, months: int) -> Row:
    share = TEAM_SHARES[memory["team_level"]]
    managed, inspected = _first_inspections(rng, memory, months, 90, share)
    visits = inspected + rng.randint(0, 1 + inspected // 10)
    violating = sum(rng.random() < 0.15 for _ in range(visits))
    fined = rng.randint(0, violating)
    reinspected = rng.randint(0, 2 * months)
    return {
        "managed": managed,
        "inspected": inspected,
        "visits": visits,
        "violating": violating,
        "warned": violating - fined,
        "fined": fined,
        "fines_amount": fined * rng.randint(2, 30) * 250_000,
        "licence_revoked": rng.randint(0, fined),
        "suspended": rng.randint(0, fined),
        "reinspected": reinspected,
        "rectified": rng.randint(0, reinspected),
    }


def _trials(rng: Random, memory: Memory, months: int) -> Row:
    opening, accepted = memory.get("closing", rng.randint(0, 3)), _few(rng, months)
    tried = rng.randint(0, opening + accepted)
    returned = rng.randint(0, (opening + accepted - tried) // 2)
    memory["closing"] = opening + accepted - tried - returned
    return {
        "opening": opening,
        "accepted": accepted,
        "tried": tried,
        "tried_mobile": rng.randint(0, tried),
        "tried_model": rng.randint(0, tried),
        "returned": returned,
        "closing": memory["closing"],
        "defendants": tried + rng.randint(0, 2 * tried),
    }


def _commune_status(rng: Random, memory: Memory, months: int) -> Row:
    managed, inspected = _first_inspections(rng, memory, months, 54, 0.85)
    if memory["first_time"] or rng.random() < 0.2:  # most communes stay as they are
        memory["hotspots"], memory["calm"] = rng.choice((0, 0, 0, 0, 0, 0, 0, 0, 1, 2)), rng.random() < 0.97
    hotspots = memory["hotspots"]
    score = rng.randint(50, 99) + rng.choice((0, 0, 0.5))
    grade = next(g for g, low in (("GOOD", 90), ("FAIR", 75), ("AVERAGE", 60), ("WEAK", 0)) if score >= low)
    free = hotspots == 0 and memory["calm"]
    return {
        "free_of_prostitution": free,
        "plan_deployed": rng.random() < 0.95,
        "volunteer_team": rng.random() < 0.7,
        "hotspots": hotspots,
        "sanctioned": 0 if free else _few(rng, months, 1),
        "managed": managed,
        "inspected": inspected,
        "score": score,
        "classification": grade,
    }


def _communications(rng: Random, _memory: Memory, months: int) -> Row:
    events = rng.randint(0, 14 * months)
    return {
        "events": events,
        "participants": events * rng.randint(20, 130),
        "products": rng.randint(0, 1700 * months),
    }


def _training(rng: Random, _memory: Memory, months: int) -> Row:
    courses = rng.randint(0, 1 + months)
    trainees = courses * rng.randint(20, 60)
    return {
        "courses": courses,
        "trainees": trainees,
        "trainees_female": int(trainees * rng.uniform(0.3, 0.8)),
    }


def _social_support(rng: Random, _memory: Memory, months: int) -> Row:
    persons = rng.randint(0, 5 * months)
    return {
        "persons": persons,
        "persons_female": rng.randint(0, persons),
        "amount": round(persons * rng.uniform(0.4, 6.0), 1),
    }


def _budget(rng: Random, memory: Memory, months: int) -> Row:
    if memory["first_time"]:
        memory["allocated"], memory["disbursed"] = round(rng.uniform(20, 2500), 1), 0.0
    left = max(0.98 * memory["allocated"] - memory["disbursed"], 0.0)
    disbursed = round(left * rng.uniform(0.3, 0.95) * months / 12, 1)
    memory["disbursed"] += disbursed
    return {"allocated": memory["allocated"], "disbursed": disbursed}


def _support_models(rng: Random, memory: Memory, months: int) -> Row:
    models = memory["models"] = memory.get("models", rng.choice((0, 1, 1, 2)))
    return {
        "models": models,
        "establishments": rng.randint(0, 12) * bool(models),
        "beneficiaries": rng.randint(0, 25 * months) * bool(models),
    }


def _border_control(rng: Random, _memory: Memory, months: int) -> Row:
    cases = _few(rng, months)
    return {"checks": rng.randint(0, 40 * months), "cases": cases, "transferred": rng.randint(0, cases)}


MEASURES: dict[str, Callable[[Random, Memory, int], Row]] = {
    "enforcement": _enforcement,
    "hotspots": _hotspots,
    "inspections": _inspections,
    "trials": _trials,
    "commune_status": _commune_status,
    "communications": _communications,
    "training": _training,
    "social_support": _social_support,
    "budget": _budget,
    "support_models": _support_models,
    "border_control": _border_control,
}
