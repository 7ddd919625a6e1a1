"""The form sets of a warehouse together, and which of them a plan uses."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import sha256

from plans.model import Plan
from plans.plan_file import DEFAULT_FORM_SET
from schemas.declaration import CodeList, Form
from schemas.form_codes import clashing_codes
from schemas.form_set import FormSet, FormSetError, shipped_form_set

_PlanSet = tuple[str, FormSet]  # the code of a plan, and its form set


@dataclass(frozen=True, eq=False)
class FormCatalog:
    """The form sets of a warehouse; `by_plan` are those of the active plans, by plan code."""

    sets: tuple[FormSet, ...]
    by_plan: Mapping[str, FormSet] = field(default_factory=dict)

    @cached_property
    def forms(self) -> tuple[Form, ...]:
        """All forms, set by set."""
        return tuple(form for form_set in self.sets for form in form_set.forms)

    @cached_property
    def by_code(self) -> dict[str, Form]:
        """The forms by code as printed."""
        return {form.code: form for form in self.forms}

    @cached_property
    def by_key(self) -> dict[str, Form]:
        """The forms by key, which is the name of the form's view."""
        return {form.key: form for form in self.forms}

    @cached_property
    def code_lists(self) -> tuple[CodeList, ...]:
        """All code lists, set by set."""
        return tuple(code_list for form_set in self.sets for code_list in form_set.code_lists.values())

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the declarations of all sets."""
        digests = [(form_set.code, form_set.prefix, form_set.digest) for form_set in self.sets]
        return sha256(repr(digests).encode()).hexdigest()

    def of(self, plan: Plan) -> FormSet:
        """Return the form set of a plan. Raises FormSetError where the catalog does not have it."""
        if plan.code in self.by_plan:
            return self.by_plan[plan.code]
        for form_set in self.sets:
            if form_set.code == plan.form_set:
                return form_set
        raise FormSetError(f"The form set {plan.form_set} of the plan {plan.code} is not at hand.")


def make_catalog(by_plan: Mapping[str, FormSet], recorded: Mapping[str, FormSet]) -> FormCatalog:
    """Combine the form sets of plans with those that a warehouse has recorded of others; both by plan code.

    Of a code that both have, the plans' own set counts. The same sets give the same object. Raises
    FormSetError where two of the sets cannot be kept apart.
    """
    return _catalog(tuple(by_plan.items()), tuple(recorded.items()))


@lru_cache(maxsize=32)
def _catalog(by_plan: tuple[_PlanSet, ...], recorded: tuple[_PlanSet, ...]) -> FormCatalog:
    sets: dict[str, FormSet] = {}
    for plan_code, form_set in by_plan:
        other = sets.setdefault(form_set.code, form_set)
        if other.digest != form_set.digest:
            raise FormSetError(
                f"The plan {plan_code} uses a form set {form_set.code} that differs from another one of this"
                " code: give one of them another code in set.yaml."
            )
    for _, form_set in recorded:
        sets.setdefault(form_set.code, form_set)
    ordered = tuple(sets[code] for code in sorted(sets, key=lambda code: (sets[code].prefix, code)))
    _check_unique(ordered)
    return FormCatalog(ordered, {plan: sets[form_set.code] for plan, form_set in (*recorded, *by_plan)})


@lru_cache(maxsize=1)
def default_catalog() -> FormCatalog:
    """The catalog of the form set that plans use which name none."""
    return FormCatalog((shipped_form_set(DEFAULT_FORM_SET),))


def _check_unique(sets: tuple[FormSet, ...]) -> None:
    """Check that forms and code lists of different sets have different codes and names of tables."""
    owners: dict[str, FormSet] = {}
    for form_set in sets:
        for what, names in (
            ("form key", [form.key for form in form_set.forms]),
            ("code list", [code_list.key for code_list in form_set.code_lists.values()]),
        ):
            for name in names:
                other = owners.setdefault(f"{what} {name}", form_set)
                if other is not form_set:
                    raise FormSetError(
                        f"The form sets {other.code} and {form_set.code} both have the {what} {name}:"
                        " give one of them another prefix in set.yaml."
                    )
    owner = {form.code: form_set.code for form_set in reversed(sets) for form in form_set.forms}
    codes = [form.code for form_set in sets for form in form_set.forms]
    doubled = [(code, code) for code, times in Counter(codes).items() if times > 1]
    for first, second in [*doubled, *clashing_codes(codes)]:
        owning = sorted({owner[second], *(s.code for s in sets if first in s.by_code)})
        raise FormSetError(
            f"The form codes {first} and {second} of the form sets {' and '.join(owning)} cannot be"
            " distinguished: forms of one warehouse need different codes."
        )
