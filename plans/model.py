"""A plan: what its file states, checked as a whole, with everything that is derived from it."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any, Self, TypeVar

from pydantic import model_validator

from plans.languages.catalog import receive_texts, texts_to_send
from plans.lookups import PlanLookups
from plans.plan_checks import check_consistency
from plans.plan_file import AdministrativeLevel, Area, Body, Calendar, Obligation, Succession
from plans.plan_types import LEVELS, AreaCode, Cadence, Dated, Level
from plans.target_file import Override, Target

__all__ = [
    "LEVELS",
    "AdministrativeLevel",
    "Area",
    "AreaCode",
    "Body",
    "Cadence",
    "Calendar",
    "Dated",
    "Level",
    "Obligation",
    "Override",
    "Plan",
    "Succession",
    "Target",
]

State = TypeVar("State", Area, Body)


class Plan(PlanLookups):
    """A consistent plan.

    Validation rejects doubled codes, unknown areas and bodies, and obligations that apply to nobody. An area
    or a body that changes within the year has an entry for each state, whose days do not overlap.
    """

    def __hash__(self) -> int:
        """Hash the code alone: cheap, and equal plans have equal codes."""
        return hash(self.code)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        check_consistency(self)
        return self

    def __getstate__(self) -> dict[Any, Any]:
        """Take the texts of the language along to another process."""
        return {**super().__getstate__(), "language_texts": texts_to_send(self.language)}

    def __setstate__(self, state: dict[Any, Any]) -> None:
        """Make the texts of the language known here."""
        receive_texts(state["__dict__"]["language"], state.pop("language_texts"))
        super().__setstate__(state)

    def effective_plan(self, first: date, last: date) -> "Plan":
        """Return the plan of a window: each area and body that exists in it once, in its last state there.

        Obligations are those of the last day. A plan without dates is the same in every window.
        """
        return _effective_plan(self, first, last) if self.has_dates else self


@lru_cache(maxsize=512)  # a sheet asks for the plan of its window
def _effective_plan(plan: Plan, first: date, last: date) -> Plan:
    fields = {name: getattr(plan, name) for name in Plan.model_fields}
    fields["areas"] = _last_states(plan.areas, first, last)
    fields["bodies"] = _last_states(plan.bodies, first, last)
    fields["obligations"] = tuple(o for o in plan.obligations if o.exists(last, last))
    return Plan.model_construct(**fields)


def _last_states(states: Iterable[State], first: date, last: date) -> tuple[State, ...]:
    """Return of each code the last state that exists in the window, in the order of the plan."""
    present = [state for state in states if state.exists(first, last)]
    latest = {state.code: state for state in sorted(present, key=lambda state: state.starts_on)}
    return tuple(state for state in present if latest[state.code] is state)
