"""What the bodies mean to report in the form on single incidents, and the slips that they correct later."""

from random import Random

from plans.model import Body, Plan
from plans.reporting_calendar import Period
from sampledata.drawn_figures import Row
from sampledata.figures import effective_level
from sampledata.forms import FORM_SET, has_own_figures
from schemas.declaration import Form

INCIDENTS = "flash"  # the form with a row for each incident
# Form key -> what a first, mistaken version adds to one row; it still satisfies every rule and is accepted.
SLIPS: dict[str, dict[str, int]] = {
    "enforcement": {"fines_amount": 500_000, "sanctioned_other": 1, "sanctioned_total": 1},
    "hotspots": {"opening": 1, "closing": 1},
    "inspections": {"visits": 1},
    "trials": {"defendants": 1},
    "commune_status": {"sanctioned": 1},
    "communications": {"products": 10},
    "training": {"courses": 1},
    "social_support": {"persons": 1},
    "budget": {"allocated": 12},
    "support_models": {"models": 1},
    "border_control": {"checks": 3},
    "flash": {"offenders": 1},
}


def slipped(form: Form, rows: list[Row], rng: Random) -> list[Row]:
    """The rows with one slip in one of them: what was sent before the correction."""
    wrong = rng.randrange(len(rows))
    return [
        {**row, **{key: row[key] + more for key, more in SLIPS[form.key].items()}} if i == wrong else row
        for i, row in enumerate(rows)
    ]


def has_slip(form: Form) -> bool:
    """Whether a mistake is declared that nobody notices at once in the form."""
    return has_own_figures(form) and form.key in SLIPS


def _codes(code_list: str) -> list[str]:
    return [code.code for code in FORM_SET.code_lists[code_list].codes]


def incident_rows(plan: Plan, body: Body, period: Period, seed: int) -> list[Row]:
    """One to three incidents of the day that an ad hoc report is about; the date as ISO text."""
    rng = Random(f"{seed}/{body.code}/flash/{period.code}")
    within = plan.areas_within[body.area]
    places = [a.code for a in plan.areas if a.level == effective_level(plan, "district") and a.code in within]
    kinds = _codes("incident_kind")
    pairs = [(place, kind) for place in places for kind in kinds]
    rows = []
    for district, kind in rng.sample(pairs, min(len(pairs), rng.choice((1, 1, 2, 3)))):
        offenders = rng.randint(1, 9)
        minors = rng.randint(1, offenders) if kind == "MINOR" else rng.choice((0, 0, 0, 1))
        rows.append(
            {
                "incident_date": period.window_start.isoformat(),
                "district": district,
                "incident_kind": kind,
                "establishment_type": rng.choice(_codes("establishment_type")),
                "offenders": offenders,
                "minors": minors,
            }
        )
    return rows
