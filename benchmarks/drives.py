"""Drives of some size for benchmarks: a year of the province, its communes reporting every month as well."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import yaml

from plans.model import Obligation, Plan
from plans.reading import DEFAULT_PLAN, read_plan
from sampledata.drive import make_drive

MONTHLY = ("03-PCMD", "06-PCMD", "07-PCMD", "08-PCMD", "10-PCMD")
SHEETS_OF_A_COMMUNE = len(MONTHLY) * 12 + 4


def plan_with_communes() -> Plan:
    """DN-2020, where each commune owes five forms a month and its own each quarter: some 11,000 sheets."""
    base = read_plan(DEFAULT_PLAN)
    kept = [o for o in base.obligations if not o.optional]
    further = [Obligation(form=form, bodies=("commune",), frequency="M") for form in MONTHLY]
    further.append(Obligation(form="05-PCMD", bodies=("commune",), frequency="Q"))
    return Plan.model_validate(
        base.model_copy(update={"obligations": (*kept, *further), "code": "DN-2020-BENCH"}).model_dump()
    )


def write_plan(plan: Plan, file: Path) -> None:
    """Write a plan as a file that CHITIEU_PLAN may name."""
    file.write_text(yaml.safe_dump(plan.model_dump(mode="json"), allow_unicode=True), encoding="utf-8")


def make(folder: Path, plan: Plan, sheets: int, seed: int) -> int:
    """Write a drive of about that many sheets, of as many communes as it takes; returns how many sheets."""
    communes = [area.code for area in plan.areas if area.level == "commune"]
    needed = max(2, round(sheets / SHEETS_OF_A_COMMUNE))
    bodies = [f"{plan.local_body_prefix}{code}" for code in communes[:needed]]
    halves = [bodies[0::2], bodies[1::2]]
    with ProcessPoolExecutor(2) as pool:
        return sum(pool.map(_part, [folder] * 2, [plan] * 2, [seed, seed + 1], halves))


def _part(folder: Path, plan: Plan, seed: int, bodies: Sequence[str]) -> int:
    return len(make_drive(folder, plan, seed=seed, bodies=bodies, fault_share=0.05))
