"""The difference between two versions of a plan, as a value: what `chitieu plan diff` prints."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel

from plans.model import Plan

Action = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of a part that differs; values as the plan file has them, None where the field is absent."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class PartChange:
    """A part of the plan that was added, removed or changed; `key` identifies it within its kind."""

    kind: str
    key: str
    action: Action
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanDiff:
    """All differences between the applied plan and the declared one, in the order of the plan file."""

    plan_code: str
    changes: tuple[PartChange, ...] = field(default=())

    def __bool__(self) -> bool:
        """Return whether anything differs."""
        return bool(self.changes)


def diff_plans(applied: Plan, declared: Plan) -> PlanDiff:
    """Compare two versions of one plan part by part. Raises ValueError where their codes differ."""
    if applied.code != declared.code:
        raise ValueError(f"plan {applied.code} cannot be compared with plan {declared.code}")
    changes: list[PartChange] = []
    general = _field_changes(_general(applied), _general(declared))
    if general:
        changes.append(PartChange("plan", declared.code, "changed", general))
    for kind, key in _KINDS.items():
        changes += _part_changes(kind, key, getattr(applied, kind), getattr(declared, kind))
    return PlanDiff(declared.code, tuple(changes))


def _state_key(part: Any) -> str:
    return f"{part.code} from {part.valid_from}" if part.valid_from else str(part.code)


def _obligation_key(part: Any) -> str:
    since = f" from {part.valid_from}" if part.valid_from else ""
    return f"{part.form} {part.frequency} by {', '.join(part.bodies)}{since}"


def _succession_key(part: Any) -> str:
    return f"{part.old} to {part.new} on {part.from_day}"


# How the parts of each kind are matched between the versions.
_KINDS: dict[str, Callable[[Any], str]] = {
    "areas": _state_key,
    "successions": _succession_key,
    "bodies": _state_key,
    "obligations": _obligation_key,
    "targets": lambda target: str(target.code),
}


def _general(plan: Plan) -> dict[str, Any]:
    """Return the fields outside the lists of parts, those of the calendar with a dot in their names."""
    document = plan.model_dump(mode="json", exclude=set(_KINDS))
    calendar = document.pop("calendar")
    return document | {f"calendar.{name}": value for name, value in calendar.items()}


def _part_changes(
    kind: str, key: Callable[[Any], str], applied: Iterable[BaseModel], declared: Iterable[BaseModel]
) -> list[PartChange]:
    old = {key(part): part.model_dump(mode="json") for part in applied}
    new = {key(part): part.model_dump(mode="json") for part in declared}
    changes = [PartChange(kind, name, "removed") for name in old if name not in new]
    changes += [PartChange(kind, name, "added") for name in new if name not in old]
    for name in new.keys() & old.keys():
        fields = _field_changes(old[name], new[name])
        if fields:
            changes.append(PartChange(kind, name, "changed", fields))
    return sorted(changes, key=lambda change: change.key)


def _field_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    names = [*old, *(name for name in new if name not in old)]
    return tuple(
        FieldChange(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)
    )
