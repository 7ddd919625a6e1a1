"""Decide which active plans a file may be for, and whether it has to be judged for one of them again."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from plans.model import Plan
from plans.plan_fit import may_require
from warehouse.load.submissions import KnownSheet

Folder = tuple[str, str]  # URL of the drive, body


@dataclass(frozen=True, slots=True)
class ActivePlan:
    """A plan in use, with its key in the ledger of seen files: its code and the hash of its definition."""

    plan: Plan
    key: str


@dataclass(slots=True)
class Routes:
    """The plans that the folders of the drives belong to; a sentence for each folder of several provinces."""

    plans: dict[Folder, tuple[ActivePlan, ...]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def route_folders(
    folders: Mapping[str, Collection[str]],
    plans: Sequence[ActivePlan],
    provinces: Mapping[str, str] | None = None,
) -> Routes:
    """Return the plans of each folder; `folders` are the bodies' folders by the URL of the drive.

    `provinces` are those that the sources name, by the URL of the drive. A folder belongs to the plans that
    have its body. Provinces have bodies of the same code: on a drive where some folders can be of one
    province only, all are of such provinces.
    """
    routes = Routes()
    for url, names in folders.items():
        named = (provinces or {}).get(url)
        served = {named} if named else _provinces_served(names, plans)
        for name in names:
            of_body = [p for p in plans if p.plan.area in served and name in p.plan.bodies_by_code]
            fitting = sorted({active.plan.area for active in of_body})
            if len(fitting) > 1:
                routes.problems.append(
                    f"The folder {name} of {url} is not ingested: the provinces {', '.join(fitting)} have a"
                    f" body of this code. Name the one of the drive before its URL: {fitting[0]}=URL."
                )
                continue
            # An unknown body is rejected under the first plan of the drive.
            routes.plans[url, name] = tuple(of_body or [p for p in plans if p.plan.area in served])
    return routes


def _provinces_served(folders: Iterable[str], plans: Sequence[ActivePlan]) -> set[str]:
    """Return the provinces that have a folder of their own on a drive; without such folders all."""
    everywhere = {active.plan.area for active in plans}
    served: set[str] = set()
    for name in folders:
        owners = {active.plan.area for active in plans if name in active.plan.bodies_by_code}
        if len(owners) == 1:
            served |= owners
    return served or everywhere


def must_judge_again(
    plans: Sequence[ActivePlan], judged: Collection[str], body_code: str, known: Sequence[KnownSheet]
) -> bool:
    """Return whether a plan that a file was not judged for may require one of its known sheets."""
    return any(
        not _is_settled(known, sheet.sheet_name, active.plan.code)
        and (
            may_require(active.plan, body_code, sheet.form_code, sheet.period_code)
            or (sheet.is_unclaimed and None in (sheet.form_code, sheet.period_code))
        )
        for active in plans
        if active.key not in judged
        for sheet in known
    )


def _is_settled(known: Sequence[KnownSheet], sheet_name: str, plan_code: str) -> bool:
    """Return whether the plan has accepted the sheet, or rejected it for a fault of its content.

    A sheet of which there are copies alone repeats a report that the plan has.
    """
    of_plan = [other for other in known if (other.plan_code, other.sheet_name) == (plan_code, sheet_name)]
    is_copy = bool(of_plan) and not any(other.is_unclaimed for other in of_plan)
    return is_copy or any(other.is_settled for other in of_plan)


def is_new_for_plan(known: Sequence[KnownSheet], plan_code: str, sheet_name: str, is_claimed: bool) -> bool:
    """Return whether a sheet that was read again is to be recorded, because something changed for it."""
    if not is_claimed:
        return all(sheet.sheet_name != sheet_name for sheet in known)
    return not _is_settled(known, sheet_name, plan_code)
