"""How each rule of the forms that refuses a sheet is broken."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from sampledata.drawn_figures import Row
from sampledata.sheet import Mark, Sheet

Change = Callable[[Row], Row]


def _fewer_visits(row: Row) -> Row:
    visits = max(row["inspected"], 1) - 1
    violating = min(row["violating"], visits)
    return {"inspected": visits + 1, "visits": visits, "violating": violating}


def _too_many_inspected(row: Row) -> Row:
    inspected = row["managed"] + 1
    return {"inspected": inspected, "visits": max(row["visits"], inspected)}


def _fewer_defendants(row: Row) -> Row:
    tried = row["tried"] + 1
    return {"accepted": row["accepted"] + 1, "tried": tried, "defendants": tried - 1}


def _day_before(row: Row) -> Row:
    return {"incident_date": (date.fromisoformat(row["incident_date"]) - timedelta(days=1)).isoformat()}


# Rule id -> key of its form, and what is printed in a row instead. Only columns of the form are changed.
BREAKS: dict[str, tuple[str, Change]] = {
    "ENF-01": ("enforcement", lambda row: {"offenders_total": row["offenders_total"] + 2}),
    "ENF-02": ("enforcement", lambda row: {"sanctioned_total": row["sanctioned_total"] + 1}),
    "HOT-01": ("hotspots", lambda row: {"closing": row["closing"] + 1}),
    "INS-01": ("inspections", _fewer_visits),
    "INS-02": ("inspections", lambda row: {"rectified": row["reinspected"] + 1}),
    "INS-03": ("inspections", lambda row: {"violating": row["visits"] + 1}),
    "INS-04": ("inspections", _too_many_inspected),
    "INS-05": ("inspections", lambda _row: {"fined": 0, "fines_amount": 750_000}),
    "TRI-01": ("trials", lambda row: {"closing": row["closing"] + 1}),
    "TRI-02": ("trials", lambda row: {"tried_mobile": row["tried"] + 1}),
    "TRI-03": ("trials", _fewer_defendants),
    "COM-02": ("commune_status", lambda _row: {"free_of_prostitution": True, "hotspots": 2}),
    "COM-03": ("commune_status", lambda row: {"score": 140 if row["hotspots"] else -5}),
    "COM-04": ("commune_status", lambda row: {"inspected": row["managed"] + 1}),
    "CMM-01": ("communications", lambda _row: {"events": 0, "participants": 50}),
    "TRN-01": ("training", lambda row: {"trainees_female": row["trainees"] + 1}),
    "TRN-02": ("training", lambda _row: {"courses": 0, "trainees": 20, "trainees_female": 5}),
    "SUP-01": ("social_support", lambda row: {"persons_female": row["persons"] + 1}),
    "MOD-01": ("support_models", lambda _row: {"models": 0, "establishments": 3, "beneficiaries": 0}),
    "BOR-01": ("border_control", lambda row: {"transferred": row["cases"] + 1}),
    "FLA-01": ("flash", _day_before),
    "FLA-02": ("flash", lambda _row: {"incident_kind": "MINOR", "minors": 0}),
}


def break_rule(rule_id: str) -> Callable[[Sheet, Random], Mark]:
    """The fault that breaks this rule in some row; it sits in the column that the rule names."""

    def put(sheet: Sheet, rng: Random) -> Mark:
        column = next(rule.column for rule in sheet.form.rules if rule.id == rule_id)
        at = _row_for(rule_id, sheet, rng)
        sheet.shown[at] |= BREAKS[rule_id][1](sheet.rows[at])
        return Mark(at, column)

    return put


def _row_for(rule_id: str, sheet: Sheet, rng: Random) -> int:
    """Some row; for incidents with minors one that is such already, so that no key comes twice."""
    minors = [i for i, row in enumerate(sheet.rows) if row.get("incident_kind") == "MINOR"]
    if rule_id == "FLA-02" and minors:
        return minors[0]
    return rng.randrange(len(sheet.rows))
