"""A plan under the present names of the measures that it computes with."""

import re
from collections.abc import Mapping

from plans.model import Plan


def with_present_names(plan: Plan, names: Mapping[tuple[str, str], str]) -> Plan:
    """Return the plan with its targets' terms under present names; the same plan where none changed.

    `names`: the present key of a measure by its form and the key that it had before.
    """
    changes = [
        (re.compile(rf"(?<![\w.]){re.escape(form)}\.{re.escape(before)}(?!\w)"), f"{form}.{now}")
        for (form, before), now in names.items()
    ]
    targets = []
    for target in plan.targets:
        numerator, denominator = target.numerator, target.denominator
        for pattern, now in changes:
            numerator, denominator = pattern.sub(now, numerator), pattern.sub(now, denominator)
        targets.append(target.model_copy(update={"numerator": numerator, "denominator": denominator}))
    return plan if targets == list(plan.targets) else plan.model_copy(update={"targets": tuple(targets)})
